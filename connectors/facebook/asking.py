"""Figures of many posts in few calls, although one forbidden or unknown name refuses a post's whole answer.

Names are asked together. Where Facebook refuses them, they are asked apart for one post, once: what turns out
dead or forbidden for all is remembered and left out, and the refused posts are asked again without it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from connectors.base import Figure, PlatformTrouble, Rejected
from connectors.facebook.errors import Answer, classify
from connectors.facebook.graph import BATCH_SIZE, Graph
from connectors.verdicts import Aim
from core.vocab import Metric, ReadingState

log = structlog.get_logger()

Body = Mapping[str, Any]
Asked = Body | Rejected | None  # a body, a refusal of this one alone, None where nothing came
Figures = dict[str, dict[Metric, Figure]]

UNSUPPORTED = frozenset({"field_unknown", "metric_unknown"})
GONE = "not_found"
ANY = ""
# what is refused for every post, and when to try again; a field may be unknown to one kind of post only
LASTING = {"metric_unknown": timedelta(days=30), "permission_missing": timedelta(days=1)}


@dataclass(frozen=True)
class Group:
    """Figures asked together. names: Facebook's; path: of one post; figure: out of its answer.

    whole: reasons that refuse the group as such, so that asking apart would learn nothing.
    """

    names: Mapping[Metric, str]
    path: Callable[[str, Sequence[Metric]], str]
    figure: Callable[[Metric, Body], Figure]
    whole: frozenset[str] = frozenset({GONE})


@dataclass
class Memory:
    """Which names are not asked for now: why, and until when; per process.

    A dead name is dead for all; a forbidden one for the Page's present token.
    """

    why: dict[tuple[str, Metric], tuple[ReadingState, datetime]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asker:
    """One Page asking for groups of figures now. token_mark: changes with the token, and is no secret."""

    graph: Graph
    memory: Memory
    token_mark: str
    now: datetime

    def read(self, ids: Sequence[str], group: Group) -> Figures:
        """Return a group's figures by post; a post that is gone or got no answer is absent."""
        figures: Figures = {}
        waiting, looked = list(ids), False
        while waiting:
            part, waiting = waiting[:BATCH_SIZE], waiting[BATCH_SIZE:]
            asked = self.asked(group)
            told, refused = self._together(part, group, asked)
            figures |= told
            if refused and not looked:
                looked = True
                figures |= self.apart(refused[:1], group)
                refused = refused[1:]
                if self.asked(group) != asked:
                    refused, waiting = [], refused + waiting
            figures |= self.apart(refused, group)
        return figures

    def _together(
        self, posts: Sequence[str], group: Group, asked: Sequence[Metric]
    ) -> tuple[Figures, list[str]]:
        """Ask for all names at once; return the figures, and the posts of which one name was refused."""
        left_out = self.left_out(group)
        if not asked:
            return {post: dict(left_out) for post in posts}, []
        answers = ask(self.graph, [group.path(post, asked) for post in posts])
        figures: Figures = {}
        refused = []
        for post, answer in zip(posts, answers, strict=True):
            if isinstance(answer, Mapping):
                figures[post] = left_out | {metric: group.figure(metric, answer) for metric in asked}
            elif isinstance(answer, Rejected) and answer.code not in group.whole:
                refused.append(post)
            elif isinstance(answer, Rejected) and answer.code != GONE:
                without = {metric: without_value(answer, group.names[metric]) for metric in asked}
                figures[post] = left_out | without
        return figures, refused

    def apart(self, posts: Sequence[str], group: Group) -> Figures:
        """Ask for each figure of these posts by itself, and remember what is refused to all."""
        asked, left_out = self.asked(group), self.left_out(group)
        wanted = [(post, metric) for post in posts for metric in asked]
        answers = ask(self.graph, [group.path(post, [metric]) for post, metric in wanted])
        figures: Figures = {post: dict(left_out) for post in posts}
        for (post, metric), answer in zip(wanted, answers, strict=True):
            if isinstance(answer, Rejected):
                figures[post][metric] = without_value(answer, group.names[metric])
                self._shut(group, metric, answer.code)
            elif answer is not None:
                figures[post][metric] = group.figure(metric, answer)
        pairs = zip(wanted, answers, strict=True)
        gone = {post for (post, _), told in pairs if isinstance(told, Rejected) and told.code == GONE}
        return {post: told for post, told in figures.items() if told and post not in gone}

    def asked(self, group: Group) -> list[Metric]:
        """Return the figures whose names are asked for now."""
        return [metric for metric in group.names if self._state(metric) is None]

    def left_out(self, group: Group) -> dict[Metric, Figure]:
        """Return the figures whose names are not asked for now: why."""
        states = {metric: self._state(metric) for metric in group.names}
        return {metric: Figure(state, None, group.names[metric]) for metric, state in states.items() if state}

    def _state(self, metric: Metric) -> ReadingState | None:
        """Return why a name is left out now, None while it is asked for."""
        known = (self.memory.why.get((mark, metric)) for mark in (ANY, self.token_mark))
        return next((state for state, until in filter(None, known) if self.now < until), None)

    def _shut(self, group: Group, metric: Metric, code: str) -> None:
        if code not in LASTING or self._state(metric):
            return
        log.warning("facebook.figure_left_out", name=group.names[metric], code=code, days=LASTING[code].days)
        mark = ANY if code in UNSUPPORTED else self.token_mark
        self.memory.why[mark, metric] = (state_of(code), self.now + LASTING[code])


def ask(graph: Graph, wanted: Sequence[str]) -> list[Asked]:
    """Read in batches, answers in order: a body, a refusal of this one alone, None where nothing came.

    What Facebook ran out of time for is asked once more. A refusal that concerns every call is raised.
    """
    answers = graph.batch(wanted)
    unanswered = [place for place, answer in enumerate(answers) if answer is None]
    for place, answer in zip(unanswered, graph.batch([wanted[place] for place in unanswered]), strict=True):
        answers[place] = answer
    return [_read(answer) for answer in answers]


def without_value(trouble: PlatformTrouble, source: str) -> Figure:
    """Return the figure that says why there is no value: the platform does not have it, or refuses it."""
    return Figure(state_of(trouble.code), None, source)


def state_of(code: str) -> ReadingState:
    """Return what a figure is that was refused for this reason."""
    return ReadingState.UNSUPPORTED if code in UNSUPPORTED else ReadingState.REFUSED


def _read(answer: Answer | None) -> Asked:
    trouble = classify(answer, Aim.READ) if answer else None
    if trouble is not None and (trouble.health is not None or trouble.code == "rate_limited"):
        raise trouble
    if isinstance(trouble, Rejected):
        return trouble
    return answer.body if answer and trouble is None and isinstance(answer.body, dict) else None
