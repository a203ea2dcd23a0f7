"""What the sandbox is started with."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """Start-up choices; everything else is changed through the control API."""

    data: Path
    seed: int = 2564
    fsync: bool = False
    citizens: int = 0
