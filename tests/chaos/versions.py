"""The version before ours: its sources, its schema, and the moment at which ours comes beside it."""

import subprocess
import sys
import tarfile
from pathlib import Path

from models import schema
from tests.chaos.cast import ROOT
from tests.chaos.stage import Stage

ARCHIVE = "version-before.tar"


def unpack(revision: str, folder: Path) -> Path:
    """Lay the sources of a revision into a folder of their own; return it."""
    archive, root = folder / ARCHIVE, folder / "before"
    subprocess.run(["git", "archive", "--output", archive, revision], cwd=ROOT, check=True)  # noqa: S607 -- git of this machine
    with tarfile.open(archive) as packed:
        packed.extractall(root, filter="data")
    return root


def step_back(stage: Stage, root: Path) -> None:
    """Give the database the schema that the sources in a folder know."""
    told = subprocess.run(
        [sys.executable, "-c", "from models import schema; print(schema.head())"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    schema.downgrade(stage.rt.engine, told.stdout.strip())
