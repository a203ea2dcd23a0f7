"""What ruff, mypy and the import contracts cannot say. Each message says what to do instead."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.source_tree import ROOT, SCRIPTS, functions, is_product, trees

FUNCTION_LINES, FUNCTION_LINES_HARD = 30, 50
FILE_LINES, FILE_LINES_HARD = 250, 400
TASK_LINES = 12

# Above the soft limit, never above the hard one. Each with the reason why cutting it would read worse.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES: dict[str, str] = {}

STATE_WRITERS = {
    "models/posts.py Post.move",
    "models/deliveries.py Delivery.move",
    "models/calendar.py Event.move",
    "models/comments.py Comment.settle",
    "models/comments.py Reply.rewrite",
    "models/comments.py Reply.decide",
}
# the sandbox and the connectors have no such states
STATE_OWNERS = ("models/", "services/", "tasks/", "web/", "cli/")
COMMITTERS = {"services/runtime.py", "models/schema.py", "models/database.py"}
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)")
SUPPRESSION = re.compile(
    r"#\s*(noqa(: ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*)?|type: ignore(\[[^]]*\])?)(?P<rest>.*)$"
)
# Spelt in parts, or this file would name what it forbids.
PLACES_OF_ONE_MACHINE = [
    *(f"/{folder}/" for folder in ("work", "root", "farm", "home")),
    "/opt/" + "pypi", "py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org",
]  # fmt: skip


def verdict(offenders: list[str], instead: str) -> None:
    """Fail with the whole list and what to do about it."""
    assert not offenders, f"{instead}\n  " + "\n  ".join(offenders)


def test_functions_fit_on_a_screen():
    long = []
    for function in functions():
        excused = f"{function.file}::{function.name}" in LONG_FUNCTIONS or not is_product(function.file)
        if function.lines > (FUNCTION_LINES_HARD if excused else FUNCTION_LINES):
            long.append(f"{function} has {function.lines} lines")
    verdict(long, f"Above {FUNCTION_LINES} lines: give a step of it a name of its own and call it.")


def test_files_can_be_read_in_one_go():
    long = []
    for file in trees():
        lines = len((ROOT / file).read_text("utf-8").splitlines())
        excused = file in LONG_FILES or not is_product(file)
        if lines > (FILE_LINES_HARD if excused else FILE_LINES):
            long.append(f"{file} has {lines} lines")
    verdict(long, f"Above {FILE_LINES} lines: split the file by noun, not by layer.")


def test_every_excuse_is_still_needed():
    names = {f"{function.file}::{function.name}": function.lines for function in functions()}
    stale = [name for name in LONG_FUNCTIONS if names.get(name, 0) <= FUNCTION_LINES]
    stale += [
        name
        for name in LONG_FILES
        if not (ROOT / name).exists() or len((ROOT / name).read_text("utf-8").splitlines()) <= FILE_LINES
    ]
    verdict(stale, "Within the limit now: take it off the list of excuses.")


def test_only_move_writes_a_state():
    writers = [
        f"{function} (line {line})"
        for function in functions()
        if function.file.startswith(STATE_OWNERS) and f"{function.file} {function.name}" not in STATE_WRITERS
        for line in state_writes(function.node)
    ]
    verdict(writers, "Call Post.move or Delivery.move: they check the arrow and append who, when and why.")


def state_writes(node: ast.AST) -> Iterator[int]:
    """Yield the lines that write `<something>.state`, by assignment or by setattr."""
    for child in ast.walk(node):
        if isinstance(child, ast.Attribute) and child.attr == "state" and isinstance(child.ctx, ast.Store):
            yield child.lineno
        elif isinstance(child, ast.Call) and getattr(child.func, "id", "") == "setattr":
            yield from (child.lineno for word in child.args[1:2] if getattr(word, "value", "") == "state")


def test_nobody_commits_but_the_end_of_a_phase():
    found = [
        f"{file}:{call.lineno}"
        for file, tree in trees().items()
        if is_product(file) and file not in COMMITTERS
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]
    verdict(found, "Write `with rt.sessions.begin() as session:` around the phase; its end is the commit.")


def test_tasks_only_name_a_service():
    long = [
        f"{function} has {function.lines} lines"
        for function in functions()
        if function.file.startswith("tasks/") and is_task(function.node) and function.lines > TASK_LINES
    ]
    verdict(long, f"A task has at most {TASK_LINES} lines: build the argument, call one service, no more.")


def is_task(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a decorator makes this a Celery task."""
    decorators = [part.func if isinstance(part, ast.Call) else part for part in node.decorator_list]
    return any(
        getattr(part, "attr", getattr(part, "id", "")) in {"task", "shared_task"} for part in decorators
    )


def test_names_say_what_a_thing_is():
    modules = [
        file for file in trees() for part in Path(file).with_suffix("").parts if EMPTY_NAMES.search(part)
    ]
    classes = [
        f"{file}:{node.lineno} {node.name}"
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helper|Manager)$", node.name)
    ]
    verdict(modules + classes, "Name it after the noun of the domain it is about.")


def test_imports_stand_at_the_top():
    inner = [
        f"{function} (line {node.lineno})"
        for function in functions()
        for node in ast.walk(function.node)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    verdict(inner, "Import at the top; where that makes a circle, a shared word belongs one layer down.")


def test_modules_import_each_other_in_one_direction():
    edges = {module_name(file): set(imported(tree)) for file, tree in trees().items() if is_product(file)}
    known = {name: {target for target in targets if target in edges} for name, targets in edges.items()}
    while free := {name for name, targets in known.items() if not targets - {name}}:
        known = {name: targets - free for name, targets in known.items() if name not in free}
    circle = [f"{name} -> {', '.join(sorted(targets))}" for name, targets in sorted(known.items())]
    verdict(circle, "These modules stand in or above a circle: move what they share one layer down.")


def module_name(file: str) -> str:
    """Return `services.publishing` for services/publishing.py and `services` for services/__init__.py."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules a file imports; `from a import b` may mean the module a.b, or a name of a."""
    modules = {module_name(file) for file in trees()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def test_every_suppression_gives_its_reason():
    bare = []
    for file in trees():
        for number, line in enumerate((ROOT / file).read_text("utf-8").splitlines(), 1):
            found = SUPPRESSION.search(line)
            if found and not re.search(r"\w{3}", found["rest"]):
                bare.append(f"{file}:{number} {found.group().strip()}")
    verdict(bare, "Write the reason behind it, or better, change the code: `# noqa: X000 -- because`.")


def test_every_package_stands_under_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    contracts, types = settings["importlinter"]["root_packages"], settings["mypy"]["packages"]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - set(SCRIPTS)
    assert packages <= set(contracts), "Add the package to root_packages and to a layer in pyproject.toml."
    assert packages <= {*types, "locales"}, "Add the package to [tool.mypy] in pyproject.toml."


def test_tracked_files_name_no_place_of_one_machine():
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    found = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name in {"", "uv.lock"} or not path.is_file():  # uv writes the address of every file into its lock
            continue
        content = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{name}: {place}" for place in PLACES_OF_ONE_MACHINE if place in content]
    verdict(
        found, "Each machine has its own paths and mirrors: derive the path, leave the host to pip and npm."
    )


def test_the_rule_about_states_sees_every_spelling():
    caught = [
        "post.state = x",
        "a, post.state = x, y",
        "for post.state in x: pass",
        "setattr(post, 'state', x)",
    ]
    passed = ["state = post.state", "request.state.person = x", "update(Delivery).values(state=x)"]
    assert [bool(list(state_writes(ast.parse(code)))) for code in caught + passed] == [True] * 4 + [False] * 3
