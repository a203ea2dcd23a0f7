"""Append-only JSON lines: what became public (ledger.jsonl) and what was prepared (backstage.jsonl).

A line is written and flushed before the request that caused it is answered, so the file alone is enough to
count from outside what the world has seen.
"""

import json
import os
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Ledger:
    """One append-only file of records; survives a kill at any instant."""

    def __init__(self, path: Path, *, fsync: bool = False) -> None:
        self.path = path
        self._fsync = fsync
        path.parent.mkdir(parents=True, exist_ok=True)
        _cut_torn_line(path)
        self._file = path.open("a", encoding="utf-8")

    def append(self, record: Record) -> None:
        """Write one record and flush it; with fsync it also survives a power cut."""
        self._file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()
        if self._fsync:
            os.fsync(self._file.fileno())

    def read(self) -> list[Record]:
        """Return every record, oldest first."""
        with self.path.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def rotate(self) -> None:
        """Put the present file aside under the next free number and start an empty one."""
        self._file.close()
        number = 1
        while (aside := self.path.with_suffix(f".{number}.jsonl")).exists():
            number += 1
        self.path.rename(aside)
        self._file = self.path.open("a", encoding="utf-8")

    def close(self) -> None:
        self._file.close()


def _cut_torn_line(path: Path) -> None:
    """Drop a last line without its newline: its request was never answered."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)
