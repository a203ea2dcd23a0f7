"""Set up Rukon on a fresh machine and run it: `python3 dev.py help`.

Needs Python 3.11 or newer and nothing else: no root, no server, no Docker. What it installs lies in .venv/
and node_modules/; what the program stores lies in data/. A step whose lock files are unchanged is not done
again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import NoReturn

from devtools.install import BIN, FRONT_END_FILES, ROOT, StepError, environment, set_up

CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")

HELP = """\
python3 dev.py COMMAND [ARGUMENTS]        (or: make COMMAND)

  demo     set up, fill data/demo with sample data, run Rukon and the stand-in platforms until Ctrl-C
  up       run Rukon until Ctrl-C
  story    run the acceptance story headless and print every step with its figures
  test     run all tests (arguments go to pytest)
  check    everything that must hold before a change lands: format, lint, layers, types, tests
  chaos    kill processes under load and count duplicates and losses
  bench    measure; prints figures with the command that gave them
  fix      format, repair what ruff can, refresh requirements.lock and the pages of the settings
  migration "what it does"   write the next migration from what the models have new
  setup    only set up
  clean    remove data/ (with --all also everything that set-up installed)
"""

# two files at a time: most of a test's time is waiting for real servers
TESTS = ["python", "-m", "pytest", "-n", "2", "--dist", "loadfile"]
# What runs after the set-up. The arguments given to dev.py follow.
PROGRAMS = {
    "demo": ["rukon", "demo"],
    "up": ["rukon", "up"],
    "story": ["rukon", "story"],
    "test": TESTS,
    "chaos": ["python", "-m", "tests.chaos"],
    "bench": ["python", "-m", "bench"],
    "migration": ["python", "-m", "devtools.migration"],
}
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "layers": ["lint-imports"],
    "types": ["mypy"],
    "tests, with size budget and alembic check": TESTS,
}
EXPORT = ["uv", "export", "--frozen", "--all-groups", "--no-emit-project", "--no-header", "--no-annotate"]
REPAIRS = {
    "format": ["ruff", "format", "."],
    "lint": ["ruff", "check", "--fix", "."],
    "uv.lock": ["uv", "lock"],
    "pages of the settings": ["python", "-m", "devtools.settings_page"],
    "requirements.lock": [*EXPORT, "--output-file", "requirements.lock"],
}


def main(arguments: list[str]) -> int:
    """Set up what is missing, then run the command."""
    use_new_python()
    command, rest = (arguments or ["help"])[0], arguments[1:]
    if command == "clean":
        return clean(everything="--all" in rest)
    if command not in {*PROGRAMS, "check", "fix", "setup"}:
        print(HELP)
        return 0 if command in {"help", "-h", "--help"} else 2
    try:
        set_up()
    except StepError as exc:
        print(f"\n{exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 130
    if command in PROGRAMS:
        become(PROGRAMS[command] + rest)
    return run_all({"check": CHECKS, "fix": REPAIRS, "setup": {}}[command])


def use_new_python() -> None:
    """Hand over to a newer Python of this machine when this one is too old."""
    if sys.version_info >= (3, 11):  # noqa: UP036 - this file is what tells an older Python
        return
    for minor in (14, 13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.run([newer, "--version"], capture_output=True, check=False).returncode == 0:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - replaces itself by the same program
    sys.exit(
        f"Rukon needs Python 3.11 or newer; this is {sys.version.split()[0]} and no newer one is on the path."
    )


def become(command: list[str]) -> NoReturn:
    """Replace this process by the program, so that Ctrl-C and SIGTERM reach it directly."""
    os.chdir(ROOT)
    os.execve(BIN / command[0], [str(BIN / command[0]), *command[1:]], environment())  # noqa: S606 - our own program


def run_all(commands: dict[str, list[str]]) -> int:
    """Run every command even when one fails; end with a line for each."""
    results = {}
    for name, command in commands.items():
        print(f"\n── {name}: {' '.join(command)}", flush=True)
        started = time.monotonic()
        code = subprocess.run(
            [BIN / command[0], *command[1:]], cwd=ROOT, env=environment(), check=False
        ).returncode
        results[name] = (code, time.monotonic() - started)
    print()
    for name, (code, seconds) in results.items():
        print(f"{'✗' if code else '✓'} {name} ({seconds:.1f} s)")
    return 1 if any(code for code, _ in results.values()) else 0


def clean(*, everything: bool) -> int:
    """Remove the data folder, and on request everything that the set-up made."""
    installed = [".venv", "node_modules", *FRONT_END_FILES, *CACHES]
    for name in ["data", *(installed if everything else [])]:
        if (ROOT / name).exists():
            shutil.rmtree(ROOT / name)
            print(f"removed {name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
