"""Put what defgraph serves into the wheel, so that ``pip install`` alone gives a working graph.

The Turtle lives in folders of its own at the top of the checkout; in a wheel it lies inside the
package.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED_FOLDERS = ("ontology", "data", "shapes")


class ShippedDatasetHook(BuildHookInterface[Any]):
    """Add the ontology, the data and the shapes to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; an editable install reads them where they are."""
        if version == "editable":
            return
        for folder in SHIPPED_FOLDERS:
            build_data["force_include"][folder] = f"defgraph/{folder}"
