"""The live probe: draft and flip, tried once on the real account and taken away again; its record decides.

The test post is public for some seconds. Only if every step held are posts sent in two phases from now on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from connectors.base import Access, Message, PlatformTrouble, RemotePost
from connectors.drafts import Drafting
from core.errors import Conflict
from core.vocab import Role
from models import Account, Person, ProbeRecord
from services import audit
from services.accounts import find_account
from services.claiming import access_of
from services.people import require
from services.runtime import Runtime
from services.two_phase import drafting

WORDS = "ทดสอบระบบเผยแพร่ กำลังจะลบโพสต์นี้ ({mark})"
CLOCKS_APART = timedelta(seconds=2)
LOOKS = 3
STEPS = ("draft", "hidden", "unlisted", "flip", "listed", "created", "again", "once", "deleted")


@dataclass(frozen=True)
class Finding:
    """One step of a probe; detail: what was seen, or the trouble's code and words."""

    step: str
    held: bool
    detail: str = ""


@dataclass
class Probe:
    """One probe on its way: the account's platform, the test post, what was found so far."""

    rt: Runtime
    connector: Drafting
    access: Access = field(repr=False)
    pause: Callable[[], None]
    began: datetime
    draft_id: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Say whether every step was done and held."""
        return tuple(one.step for one in self.findings if one.held) == STEPS

    def found(self, step: str, *, held: bool, detail: str = "") -> None:
        """Note a step; the first that does not hold ends the probe."""
        self.findings.append(Finding(step, held, detail))
        if not held:
            raise NotHeld

    def listed(self) -> list[RemotePost]:
        """Return the account's public posts since the probe began that are ours, by id or by text."""
        listing = self.connector.find(self.access, self.began - CLOCKS_APART)
        return [post for post in listing.posts if post.remote_id == self.draft_id or post.text == self.text]

    @property
    def text(self) -> str:
        """Return the test post's words, of this probe alone."""
        return WORDS.format(mark=f"{self.began:%Y%m%d%H%M%S}")


class NotHeld(Exception):
    """A step of a probe did not hold."""


def probe_account(
    rt: Runtime, account_id: int, person: Person | None, pause: Callable[[], None]
) -> ProbeRecord:
    """Try draft and flip on an account, take the post away, store the record; two-phase only if all held.

    pause: waits some seconds, so that the moments of draft and flip differ and lists catch up. Raises
    Conflict where the channel has no drafts or the account is not used.
    """
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        if not account.active:
            raise Conflict("probe_account_inactive", name=account.name)
        connector, access = drafting(rt, account.channel), access_of(rt, account)
    probe = Probe(rt, connector, access, pause, rt.clock.now())
    with _taken_away(probe):
        _try_draft(probe)
        _try_flip(probe)
    return _store(probe, account, person)


@contextmanager
def _taken_away(probe: Probe) -> Iterator[None]:
    """Take the test post away however the steps end; each trouble is a finding, not an error."""
    try:
        yield
    except NotHeld:
        pass
    except PlatformTrouble as trouble:
        probe.findings.append(Finding(_next_step(probe), held=False, detail=str(trouble)))
    if not probe.draft_id:
        return
    try:
        probe.connector.delete(probe.access, probe.draft_id)
        gone = probe.connector.read_draft(probe.access, probe.draft_id) is None
        probe.findings.append(Finding("deleted", held=gone, detail=probe.draft_id))
    except PlatformTrouble as trouble:
        probe.findings.append(Finding("deleted", held=False, detail=f"{probe.draft_id}: {trouble}"))


def _try_draft(probe: Probe) -> None:
    """Make a draft; it must be nowhere that citizens look."""
    with probe.connector.open(probe.access) as line:
        probe.draft_id = line.draft(Message(probe.text)).remote_id
    probe.found("draft", held=True, detail=probe.draft_id)
    draft = probe.connector.read_draft(probe.access, probe.draft_id)
    probe.found("hidden", held=draft is not None and not draft.public)
    probe.pause()
    probe.found("unlisted", held=not probe.listed())


def _try_flip(probe: Probe) -> None:
    """Make it public, twice: one post, created at the first flip."""
    start = probe.rt.clock.now()
    _flip(probe)
    probe.found("flip", held=True)
    end = probe.rt.clock.now()
    (post, *_), seen = _look(probe)
    probe.found("listed", held=seen)
    in_time = start - CLOCKS_APART <= post.created_at <= end + CLOCKS_APART
    probe.found("created", held=in_time, detail=post.created_at.isoformat())
    probe.pause()
    _flip(probe)
    probe.found("again", held=True)
    after = probe.listed()
    same = len(after) == 1 and after[0].remote_id == probe.draft_id and after[0].created_at == post.created_at
    probe.found("once", held=same, detail=", ".join(one.remote_id for one in after))


def _flip(probe: Probe) -> None:
    with probe.connector.open(probe.access) as line:
        line.flip(probe.draft_id)


def _look(probe: Probe) -> tuple[list[RemotePost], bool]:
    """Look for the post on the list, which may be slow; end the probe if it does not come."""
    for _ in range(LOOKS):
        found = probe.listed()
        if found:
            return found, [post.remote_id for post in found] == [probe.draft_id]
        probe.pause()
    probe.found("listed", held=False)
    return [], False


def _next_step(probe: Probe) -> str:
    return STEPS[min(len(probe.findings), len(STEPS) - 1)]


def _store(probe: Probe, account: Account, person: Person | None) -> ProbeRecord:
    with probe.rt.sessions.begin() as session:
        now, person_id = probe.rt.clock.now(), person.id if person else None
        record = ProbeRecord(
            account_id=account.id, at=now, person_id=person_id, api_version=probe.connector.api_version,
            held=probe.held, findings=[asdict(one) for one in probe.findings],
        )  # fmt: skip
        session.add(record)
        row = find_account(session, account.id)
        row.two_phase = probe.held
        audit.record(session, person_id, "account.probe", row, now, held=probe.held)
    return record
