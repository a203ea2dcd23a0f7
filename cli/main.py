"""`rukon`: everything the pages do, by hand or by script."""

import os
import sys

import typer

from cli import health, processes

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("serve")(processes.serve)
app.command("web")(processes.web)
app.command("worker")(processes.worker)
app.command("collector")(processes.collector)
app.command("beat")(processes.beat)
app.command("migrate")(processes.migrate)


@app.command(
    "up", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def up(context: typer.Context) -> None:
    """Keep the service (and with --sandbox the stand-in platforms) running until stopped."""
    # the supervisor replaces this process: it must stay small for as long as the office's machine runs
    os.execv(sys.executable, [sys.executable, "-m", "cli.supervise", *context.args])  # noqa: S606 -- our own program


@app.command("health")
def say_health(kind: str) -> None:
    """Exit 0 if the web, worker, collector or beat process of this machine works."""
    raise typer.Exit(health.main([kind]))


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
