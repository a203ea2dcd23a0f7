"""No method of the port is without a case in the contract's suite."""

import inspect
import re
from pathlib import Path
from typing import Protocol

import pytest

from connectors import base, changes, comments, drafts, login, replies

HERE = Path(__file__).parent
# the callback by which a connector tells its costs is ours: tests/connectors/test_x_counting.py
NOT_THE_PLATFORMS = {"Meter"}


def port_methods():
    """Return every method that a Protocol of the port asks for."""
    for module in (base, changes, comments, drafts, login, replies):
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if (
                Protocol in kind.__bases__
                and kind.__module__ == module.__name__
                and name not in NOT_THE_PLATFORMS
            ):
                yield from (
                    f"{name}.{each}"
                    for each in vars(kind)
                    if inspect.isfunction(vars(kind)[each]) and each[0] != "_"
                )


@pytest.mark.parametrize("method", sorted(port_methods()))
def test_every_method_of_the_port_is_held_to_the_contract(method):
    suite = "".join(
        path.read_text("utf-8") for path in [*HERE.glob("test_contract*.py"), HERE / "offices.py"]
    )
    assert re.search(rf"\.{method.partition('.')[2]}\(", suite), (
        f"write a case for {method} in test_contract*.py"
    )


def test_the_walk_sees_the_port():
    assert {"Connector.stage", "Line.publish", "Login.redeem", "Drafting.delete"} <= set(port_methods())
