"""Put the shipped dataset into the wheel, so that ``pip install`` alone gives a working graph.

Its Turtle stands in folders at the top of a checkout and inside the package in a wheel. The triples
that follow from it are computed here, once, by the same code that would otherwise do so when the
dataset is first opened.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED_FOLDERS = ("ontology", "data", "shapes")


class ShippedDatasetHook(BuildHookInterface[Any]):
    """Add the ontology, the data, the shapes and the inferred triples to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; an editable install reads them where they are."""
        if version == "editable":
            return
        included: dict[str, str] = build_data["force_include"]
        for folder in SHIPPED_FOLDERS:
            included[str(Path(self.root, folder))] = f"defgraph/{folder}"
        sys.path.insert(0, str(Path(self.root, "src")))
        from defgraph import loading, sources

        self._scratch = TemporaryDirectory()
        inferred = Path(self._scratch.name, sources.shipped_inferences().name)
        loading.write_shipped_inferences(inferred)
        included[str(inferred)] = f"defgraph/{inferred.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only made to be packed."""
        del build_data, artifact_path
        if version != "editable":
            self._scratch.cleanup()
