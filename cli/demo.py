"""`rukon demo`: an invented office in data/demo, the service and the stand-in platforms, until Ctrl-C.

Only the standard library: like `rukon up`, this process stays for as long as the demo runs.
"""

import os
import sys

from cli.supervise import Child, Step, Supervisor, parse, plan, port_trouble

# an office's own database, broker, key and address have no place in a demo
NOT_OURS = ("RUKON_DATABASE_URL", "RUKON_REDIS_URL", "RUKON_SECRET_KEY_FILE", "RUKON_DATABASE_PASSWORD_FILE",
            "RUKON_PUBLIC_URL", "RUKON_SECURE_COOKIES")  # fmt: skip
OFFICE = "cli.demo_office"


def main(argv: list[str] | None = None) -> int:
    """Run until stopped; 2 if a port is taken, 1 if the sample data could not be written."""
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ.setdefault("RUKON_LOG_LEVEL", "warning")
    arguments = parse(["--sandbox", "--data-dir", "data/demo", *(sys.argv[1:] if argv is None else argv)])
    if port_trouble(arguments):
        return 2
    sandbox, service = plan(arguments)
    return Supervisor([sandbox, _step("seed", service), service, _step("welcome", service)]).run()


def _step(word: str, service: Child) -> Step:
    return Step(word, [sys.executable, "-m", OFFICE, word], service.environment)


if __name__ == "__main__":
    sys.exit(main())
