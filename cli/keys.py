"""`rukon rotate-keys`: a new encryption key for everything sealed, while the office works on."""

from typing import Annotated

import typer

from cli.door import Door
from services import keys


def rotate_keys(
    door: Door,
    *,
    forget: Annotated[
        bool, typer.Option("--forget-old", help="when nothing is sealed with it any more, forget the old key")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="begin no further key: seal the rest with the newest one")
    ] = False,
) -> None:
    """Begin a new key and seal every secret with it; may be stopped and repeated at any time."""
    done = keys.rotate(door.rt, door.someone, new_key=not resume and not forget, forget_old=forget)
    door.done("keys_rotated", {"n": done.sealed, "left": done.left, "keys": len(door.rt.vault.key_ids)})
