"""A Delta table as its log has it, read without Spark: what commits did, and what is there now."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    import pandas as pd

_DIGIT = "[0-9]"
Action = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """The log of the Delta table in a folder. A folder without a log is a table of no commits."""

    path: str

    @property
    def commits(self) -> list[list[Action]]:
        """The actions of each commit, in order: ("add", {…}), ("commitInfo", {…}), …"""
        files = sorted(
            Path(self.path.removeprefix("file:")).glob(f"_delta_log/{'[0-9]' * 20}.json")
        )
        return _parsed(*((file, file.stat().st_mtime_ns) for file in files))

    def actions(self, kind: str, versions: int | None = None) -> list[dict[str, Any]]:
        """All actions of one kind, up to the commit number `versions` (exclusive) or of all."""
        chosen = self.commits[:versions]
        return [content for commit in chosen for name, content in commit if name == kind]

    @property
    def operations(self) -> list[str]:
        """What each commit was: "WRITE", "MERGE", …"""
        return [info["operation"] for info in self.actions("commitInfo")]

    @property
    def schema(self) -> dict[str, str]:
        """Column -> type, as the table declares them now."""
        metadata = self.actions("metaData")
        fields = json.loads(metadata[-1]["schemaString"])["fields"] if metadata else []
        return {field["name"]: field["type"] for field in fields}

    @property
    def plain(self) -> bool:
        """Whether this reader knows all of the table's features (not deletion vectors)."""
        return all(found["minReaderVersion"] == 1 for found in self.actions("protocol"))

    def files(self, versions: int | None = None) -> dict[str, dict[str, str]]:
        """The files that belong to the table after so many commits or now.

        Returns:
            Path -> the partition columns that the path holds.
        """
        live: dict[str, dict[str, str]] = {}
        for commit in self.commits[:versions]:
            live |= {c["path"]: c["partitionValues"] for kind, c in commit if kind == "add"}
            for gone in [c["path"] for kind, c in commit if kind == "remove"]:
                live.pop(gone, None)
        return live

    def rows(self, versions: int | None = None) -> "pd.DataFrame":
        """The rows after so many commits or now; only where the table is `plain`."""
        import pandas as pd

        folder = Path(self.path.removeprefix("file:"))
        parts = [
            pd.read_parquet(folder / unquote(file)).assign(**of_path)
            for file, of_path in sorted(self.files(versions).items())
        ]
        rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        return rows.reindex(columns=list(dict.fromkeys([*self.schema, *rows.columns])))


@lru_cache(maxsize=8)
def _parsed(*files: tuple[Path, int]) -> list[list[Action]]:
    """The actions in each of these files, given with their times."""
    texts = [file.read_text(encoding="utf-8") for file, _ in files]
    return [[next(iter(json.loads(line).items())) for line in t.splitlines()] for t in texts]
