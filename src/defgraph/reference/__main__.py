"""``python -m defgraph.reference COUNTRY_CODES.csv COW_STATES.csv`` writes the states anew."""

import sys
from pathlib import Path

from defgraph.reference.graphs import files
from defgraph.reference.tables import states

if len(sys.argv) != 3:
    sys.exit("Name both tables: python -m defgraph.reference COUNTRY_CODES.csv COW_STATES.csv")
for path, text in files(states(Path(sys.argv[1]), Path(sys.argv[2]))).items():
    fresh = path.with_suffix(".ttl.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
