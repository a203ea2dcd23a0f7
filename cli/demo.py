"""`rukon demo`: an invented office in data/demo, the service and the stand-in platforms, until Ctrl-C.

Only the standard library: like `rukon up`, this process stays for as long as the demo runs.
"""

import os
import sys
from pathlib import Path

from cli.supervise import Child, Step, Supervisor, parse, plan, port_trouble, say

# an office's own database, broker, key and address have no place in a demo
NOT_OURS = ("RUKON_DATABASE_URL", "RUKON_REDIS_URL", "RUKON_SECRET_KEY_FILE", "RUKON_DATABASE_PASSWORD_FILE",
            "RUKON_PUBLIC_URL", "RUKON_SECURE_COOKIES")  # fmt: skip
MARK = "demo.json"  # services.demo_hint reads it: whom to sign in as


def main(argv: list[str] | None = None) -> int:
    """Run until stopped; 2 if a port is taken or the folder is an office's, 1 if a step failed."""
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ.setdefault("RUKON_LOG_LEVEL", "warning")
    arguments = parse(["--sandbox", "--data-dir", "data/demo", *(sys.argv[1:] if argv is None else argv)])
    if port_trouble(arguments) or not claim(Path(arguments.data_dir)):
        return 2
    sandbox, service = plan(arguments)
    steps = (
        step("sample data", service, "cli.demo_office", "seed"),
        step("welcome", service, "cli.welcome"),
        step("first figures", service, "cli.demo_office", "settle"),
    )
    return Supervisor([sandbox, service, *steps]).run()


def claim(folder: Path) -> bool:
    """Mark a new folder as a demo's; refuse one that holds an office's database: no invention there."""
    if (folder / MARK).exists():
        return True
    if (folder / "rukon.db").exists():
        say(f"{folder} holds an office's data: no demo there; choose another folder with --data-dir")
        return False
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("[]", "utf-8")
    return True


def step(name: str, service: Child, *module: str) -> Step:
    """Return a program that runs once, with the service's own surroundings."""
    return Step(name, [sys.executable, "-m", *module], service.environment)


if __name__ == "__main__":
    sys.exit(main())
