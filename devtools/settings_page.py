"""Write every setting into docs/operations.md and .env.example: `dev.py fix` runs it, a test compares."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from core.config import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations.md"
EXAMPLE = ROOT / ".env.example"
BEGIN = "<!-- settings: written by `python3 dev.py fix` -->"
END = "<!-- end of settings -->"
EXAMPLE_HEAD = """\
# Settings of Rukon, each with its default: copy to .env and take the # away where you want another value.
# Docker Compose reads .env by itself; elsewhere: set -a; . ./.env; set +a
"""


def main() -> None:
    """Bring both files up to date."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
    EXAMPLE.write_text(env_example(), "utf-8")


def with_table(page: str) -> str:
    """Return the page with its table of settings as the code has them now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
    """Return the settings as a Markdown table."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {words} |" for name, default, words in settings()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def env_example() -> str:
    """Return the settings as a file of commented lines."""
    blocks = [
        f"{textwrap.fill(words, 100, initial_indent='# ', subsequent_indent='# ')}\n#{name}={default}\n"
        for name, default, words in settings()
    ]
    return "\n".join([EXAMPLE_HEAD, *blocks])


def settings() -> Iterator[tuple[str, str, str]]:
    """Yield variable, default as typed, and meaning of every setting."""
    prefix = str(Settings.model_config.get("env_prefix"))
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        shown = default.lower() if isinstance(field.default, bool) else default
        yield prefix + name.upper(), shown, (field.description or "").strip()


if __name__ == "__main__":
    main()
