"""`rukon story`: the acceptance story of twelve steps, from a new fiscal year to its score."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import story_beginning, story_closing, story_publishing, story_signing, story_year
from cli.story_facts import Fact
from cli.story_stage import Stage, StoryStuck, running_stage
from core import log as logs
from core.i18n import text


@dataclass(frozen=True)
class Step:
    """One step: its number and what it does."""

    number: str
    play: Callable[[Stage], Iterable[Fact]]


STEPS = (
    Step("1", story_beginning.new_year),
    Step("2", story_beginning.import_form),
    Step("3", story_beginning.plan_event),
    Step("4", story_beginning.check_words),
    Step("5", story_beginning.approve),
    Step("6", story_publishing.publish),
    Step("7", story_publishing.count),
    Step("8", story_publishing.serve_citizens),
    Step("9", story_closing.close_month),
    # time runs forward: the first quarter is signed in January, Songkran is called off in April
    Step("11", story_signing.score_quarter),
    Step("10", story_year.call_off),
    Step("12", story_year.file_the_year),
)


def story(
    out: Annotated[Path | None, typer.Option(help="folder for the evidence files; kept")] = None,
    lang: Annotated[str, typer.Option(help="th or en")] = "th",
) -> None:
    """Play the acceptance story over real workers and the stand-in platforms; 0 if every step holds."""
    logs.configure("error")
    folder = out or Path(tempfile.mkdtemp(prefix="rukon-story-"))
    for part in ("data", "sandbox"):
        shutil.rmtree(folder / part, ignore_errors=True)  # an earlier story in the same folder
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    failed = 0
    with running_stage(folder) as stage:
        for step in STEPS:
            failed += _play(step, stage, lang)
            if failed:
                break  # what follows builds on it
    print(text("story.end", lang, seconds=f"{time.monotonic() - started:.0f}", failed=failed, folder=folder))
    raise typer.Exit(1 if failed else 0)


def _play(step: Step, stage: Stage, lang: str) -> int:
    """Play one step and print its figures; return 1 if it does not hold."""
    title = text(f"story.step.{step.number}", lang)
    started = time.monotonic()
    facts: list[Fact] = []
    try:
        facts.extend(step.play(stage))
    except StoryStuck as exc:
        facts.append(Fact("stuck", str(exc), holds=False))
    held = all(fact.holds for fact in facts)
    print(f"{'✓' if held else '✗'}  {step.number:>2}  {title}  ({time.monotonic() - started:.1f} s)")
    for fact in facts:
        print(f"        {'✓' if fact.holds else '✗'} {text(f'story.fact.{fact.name}', lang)}: {fact.value}")
    return 0 if held else 1
