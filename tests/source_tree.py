"""The project's own source as syntax trees: what tests/test_architecture.py reads."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = (
    "core",
    "language",
    "models",
    "connectors",
    "kpi",
    "reports",
    "services",
    "tasks",
    "web",
    "sandbox",
    "cli",
)
SCRIPTS = ("dev.py", "devtools", "bench", "tests")


@dataclass(frozen=True)
class Function:
    """One function or method of the project."""

    file: str
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def lines(self) -> int:
        """Return its length from `def` to the end, without its docstring."""
        first = self.node.body[0]
        documented = ast.get_docstring(self.node) is not None
        docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
        return (self.node.end_lineno or 0) - self.node.lineno + 1 - docstring

    def __str__(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.name}"


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of every Python file of ours by its path."""
    found = [ROOT / "dev.py"]
    for folder in (*PRODUCT, *SCRIPTS, "locales"):
        found += sorted((ROOT / folder).rglob("*.py"))
    generated = ROOT / "models" / "migrations" / "versions"
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in found
        if generated not in path.parents
    }


@cache
def functions() -> tuple[Function, ...]:
    """Return every function, nested ones too, named as `Class.method`."""
    return tuple(found for file, tree in trees().items() for found in functions_in(file, tree, ""))


def functions_in(file: str, node: ast.AST, prefix: str) -> Iterator[Function]:
    """Walk down and yield functions with the classes they stand in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield Function(file, name, child)
            yield from functions_in(file, child, f"{name}.")
        else:
            yield from functions_in(file, child, prefix)


def is_product(file: str) -> bool:
    """Say whether a file ships, or only tests and measures."""
    return file.startswith(tuple(f"{package}/" for package in PRODUCT))
