"""Figures as lines: what was measured, against what it should be, and how busy the machine was."""

import os
from collections.abc import Sequence


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed (nearest rank)."""
    return sorted_values[max(0, -(-len(sorted_values) * share // 1).__int__() - 1)]


def show(name: str, value: str, aim: str = "", *, holds: bool = True) -> None:
    """Print one figure; with an aim, whether it is met."""
    mark = ("✓" if holds else "✗") if aim else " "
    print(f"  {mark} {name:<46} {value:<28} {aim}", flush=True)


def head(title: str) -> None:
    """Print what comes, and the load of the machine: figures of a busy one are no figures."""
    print(f"\n{title}   [load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores]", flush=True)
