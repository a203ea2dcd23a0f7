"""Every command that does one thing and ends; the programs of cli.main are listed with them for --help."""

from collections.abc import Callable

import typer

from cli import (
    accounts,
    alerts,
    approvals,
    costs,
    events,
    evidence,
    figures,
    forms,
    holidays,
    items,
    keys,
    kpi,
    people,
    plans,
    posts,
    probe,
    queue,
    reference,
    restored,
    switches,
)
from cli.door import entered
from cli.main import PROGRAMS, main

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Rukon: everything the pages do, by hand or by script. Exit codes: 0 done, 1 a check failed, "
    "2 wrong usage, 3 refused by a rule and nothing changed, 4 something needed is down.",
)

NOUNS = {
    "accounts": accounts.app,
    "people": people.app,
    "events": events.app,
    "posts": posts.app,
    "approvals": approvals.app,
    "queue": queue.app,
    "alerts": alerts.app,
    "switches": switches.app,
    "evidence": evidence.app,
    "items": items.app,
    "plan": plans.app,
    "holidays": holidays.app,
    "reference": reference.app,
    "kpi": kpi.app,
}
VERBS: dict[str, Callable[..., None]] = {
    "probe": probe.probe,
    "approve": approvals.approve,
    "return": approvals.give_back,
    "collect": figures.collect,
    "costs": costs.costs,
    "import": forms.import_form,
    "verify": evidence.verify,
    "settings": figures.settings,
    "restored": restored.restored,
    "check-account": accounts.check_account,
    "rotate-keys": keys.rotate_keys,
}
PROGRAM_WORDS = {
    "demo": "Fill data/demo with sample data and run Rukon with the stand-in platforms until Ctrl-C.",
    "up": "Keep the service (and with --sandbox the stand-in platforms) running until stopped.",
    "story": "Play the acceptance story and print every step with its figures.",
    "serve": "Run pages, Celery worker and beat in one process.",
    "web": "Run the pages alone.",
    "worker": "Run the Celery worker that publishes and makes documents.",
    "collector": "Run the Celery worker that collects figures.",
    "beat": "Run the timetable.",
    "migrate": "Bring the database up to date.",
    "health": "Exit 0 if the web, worker, collector or beat process of this machine works.",
}

for name, noun in NOUNS.items():
    app.add_typer(noun, name=name)
for name, verb in VERBS.items():
    app.command(name)(entered(verb))
for name in PROGRAMS:
    # listed for --help: cli.main runs them before this module is ever loaded
    app.command(
        name, help=PROGRAM_WORDS[name], rich_help_panel="Programs",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(main)  # fmt: skip

if __name__ == "__main__":
    app(prog_name="rukon")
