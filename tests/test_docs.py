"""Documents that a machine can hold to the truth. Most failures here end with `python3 dev.py fix`."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import typer

import dev
from cli.commands import app
from core.errors import RukonError
from core.i18n import LANGUAGES, catalogue
from devtools import settings_page
from tests.source_tree import ROOT, is_product, trees

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TROUBLES = {"Rejected", "RetryLater", "OutcomeUnknown", "PlatformTrouble"}


def test_every_setting_is_documented():
    assert settings_page.with_table(settings_page.PAGE.read_text("utf-8")) == settings_page.PAGE.read_text(
        "utf-8"
    )
    assert settings_page.env_example() == settings_page.EXAMPLE.read_text("utf-8")


def test_every_setting_says_what_it_means():
    assert [name for name, _, words in settings_page.settings() if not words] == []


def test_both_languages_have_the_same_keys():
    thai, english = (set(flat(catalogue(language))) for language in ("th", "en"))
    nothing(thai ^ english, "write these keys in the other language too:")


def test_both_languages_fill_the_same_gaps():
    thai, english = (flat(catalogue(language)) for language in ("th", "en"))
    different = [key for key in thai.keys() & english.keys() if gaps(thai[key]) != gaps(english[key])]
    nothing(different, "these sentences name different {gaps} in Thai and English:")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence(language):
    words = flat(catalogue(language))
    wanted = {f"error.{code}" for code in error_codes()} | {f"reason.{code}" for code in trouble_codes()}
    nothing(wanted - set(words), "write the sentence; it says what happened and what to do next:")


def nothing(found: Iterable[str], say: str) -> None:
    """Fail with the whole list, which pytest alone would cut."""
    listed = sorted(found)
    assert not listed, "\n  ".join([say, *listed])


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested tables as `a.b.c` -> words."""
    found = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": str(value)}
    return found


def gaps(words: str) -> set[str]:
    """Return the names in braces."""
    return set(re.findall(r"\{(\w+)\}", words))


def error_codes() -> set[str]:
    """Return the codes of all error classes, and those given where an error is raised."""
    kinds = list(descendants(RukonError))
    return {kind.code for kind in kinds} | set(first_words({kind.__name__ for kind in kinds}))


def trouble_codes() -> set[str]:
    """Return the codes that connectors give to a platform's answers."""
    return set(first_words(TROUBLES))


def descendants(kind: type[RukonError]) -> Iterator[type[RukonError]]:
    """Yield a class and all below it."""
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


def first_words(callables: set[str]) -> Iterator[str]:
    """Yield the literal first argument of every call of these names in the product."""
    for file, tree in trees().items():
        for call in ast.walk(tree) if is_product(file) else ():
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if name in callables and isinstance(call, ast.Call) and call.args:
                code = call.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value


def test_commands_of_dev_py_in_the_documents_exist():
    known = {*dev.PROGRAMS, "check", "fix", "setup", "clean", "help"}
    assert used_commands(r"(?:python3 dev\.py|`make) ([a-z]+)") <= known | {"COMMAND"}
    assert all(re.search(rf"^  {name} ", dev.HELP, re.MULTILINE) for name in known - {"help"})


def test_commands_of_rukon_in_the_documents_exist():
    root: Any = typer.main.get_command(app)
    assert sorted(used_commands(r"\brukon ([a-z]+(?:-[a-z]+)*)") - set(root.commands)) == []


def used_commands(pattern: str) -> set[str]:
    """Return the words after a program's name in code spans and code blocks of all pages."""
    code = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
    spans = [span for page in PAGES for span in code.findall(page.read_text("utf-8"))]
    return {word for span in spans for word in re.findall(pattern, span)}


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
        if not target.startswith("https://") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_file_named_in_the_architecture_exists():
    named = set()
    for page in (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"):
        named |= set(re.findall(r"`([a-z]+/[a-z_/0-9.]+)`", page.read_text("utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    reasons = (ROOT / "docs" / "adr" / "0009-dependencies.md").read_text("utf-8")
    names = {re.match(r"[A-Za-z0-9-]+", line).group() for line in wanted}  # type: ignore[union-attr]  # always a name
    listed = set(
        re.findall(r"`([A-Za-z0-9.-]+)`", "\n".join(re.findall(r"^\| (.*?) \|", reasons, re.MULTILINE)))
    )
    assert sorted(names ^ listed) == []


def test_requirements_lock_says_what_uv_lock_says():
    uv = dev.BIN / "uv"
    if not uv.exists():
        pytest.skip("no uv in .venv: it was set up by pip alone")
    exported = subprocess.run([uv, *dev.EXPORT[1:], "--offline"], cwd=ROOT, capture_output=True, check=True)
    same = exported.stdout.decode() == (ROOT / "requirements.lock").read_text("utf-8")
    assert same, "run `python3 dev.py fix`"


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 0))
    monkeypatch.setattr(sys, "version", "3.8.0 (old)")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        dev.main(["help"])
