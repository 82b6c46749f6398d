"""Write one generation, say so, and end: ``acknowledging_writer.py FOLDER``."""

import os
import sys
from pathlib import Path

from defgraph.log.changes import Changes
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog

log, _ = PatchLog.open(Path(sys.argv[1]), WriterLock(Path(sys.argv[1])))
made = log.append(Changes(frozenset([b"<http://e/s> <http://e/p> 1 ."])), author="", message="")
os.write(1, f"acknowledged {made.number}\n".encode())
