"""The programs that need everything: pages, Celery, the acceptance story."""

import typer

from cli import processes, story

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("serve")(processes.serve)
app.command("web")(processes.web)
app.command("worker")(processes.worker)
app.command("collector")(processes.collector)
app.command("beat")(processes.beat)
app.command("migrate")(processes.migrate)
app.command("story")(story.story)

if __name__ == "__main__":
    app(prog_name="rukon")
