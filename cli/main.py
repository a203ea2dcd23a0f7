"""`rukon`: everything the pages do, by hand or by script. Here stands only which module carries which word.

Only the standard library: a supervisor or a health check must not load what the pages need.
"""

import runpy
import sys

# word -> the module that runs as a program of its own; every other word is a command of cli.commands
PROGRAMS = {
    "up": "cli.supervise",
    "demo": "cli.demo",
    "health": "cli.health",
    **dict.fromkeys(("serve", "web", "worker", "collector", "beat", "migrate", "story"), "cli.programs"),
}
# these read the word itself, because they carry several
SEVERAL = ("cli.programs",)


def main() -> None:
    """Run the program behind the first word."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    module = PROGRAMS.get(word, "cli.commands")
    if word in PROGRAMS and module not in SEVERAL:
        del sys.argv[1]
    runpy.run_module(module, run_name="__main__", alter_sys=False)


if __name__ == "__main__":
    main()
