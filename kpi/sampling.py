"""A random sample that nobody can choose: its seed follows from what there is to draw from."""

import hashlib
import json
from collections.abc import Sequence


def seed_of(digest: str, period: str, population: Sequence[int]) -> str:
    """Return the seed of a period's sample: SHA-256 of the criteria's digest, the period and all ids."""
    plain = json.dumps([digest, period, sorted(population)], separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def draw(seed: str, population: Sequence[int], size: int) -> list[int]:
    """Return `size` of the ids (all, if there are fewer), the smallest hashes first."""
    ranked = sorted(population, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    return ranked[:size]
