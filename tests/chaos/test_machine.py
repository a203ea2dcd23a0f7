"""Any order of deeds and misfortunes over the real services: the laws I1 to I10 hold after every step."""

from datetime import timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.clock import SetClock
from core.crashpoints import NAMES
from core.errors import RukonError
from core.vocab import DeliveryState as D
from services import publishing, queue, reconciling, rescue, verification
from tests.builders import START
from tests.chaos import invariants
from tests.chaos.actors import Actor
from tests.chaos.fake_platform import IDLE_LIMIT, FakePlatform, Luck
from tests.chaos.small_office import WORDS, open_office

DEEDS = {
    "publish": publishing.publish_next,
    "drain": publishing.drain,
    "rescue": rescue.rescue,
    "reconcile": lambda rt, _: reconciling.reconcile_due(rt),
    "verify": lambda rt, _: verification.verify_due(rt),
    "miss": lambda rt, _: publishing.due_count(rt),
}
CURES = ((D.SENDING, "rescue"), (D.UNCERTAIN, "reconcile"), (D.SCHEDULED, "miss"), (D.SCHEDULED, "drain"))
PLACES = (
    *(("publish", point) for point in NAMES[: NAMES.index("after_record") + 1]),
    ("rescue", "after_rescue"),
    *(("reconcile", point) for point in ("before_reconcile", "after_read_back", "after_reconcile")),
    ("verify", "after_verify"),
)
INSIDE_A_TRANSACTION = ("after_verify",)  # who stops there stops all others: SQLite has one writer
WRITTEN_MAX = 2  # writing a post costs as much as ten other steps
STEPS = (1, 2, 11, 31, 61, 125)
which = st.integers(min_value=0, max_value=99)


class Chosen(NamedTuple):
    """A delivery that a person points at."""

    id: int
    post_id: int


class Publishing(RuleBasedStateMachine):
    """Two processes, one account, one hostile platform."""

    def __init__(self) -> None:
        super().__init__()
        self.platform = FakePlatform(SetClock(START), self.arrives)
        self.office = open_office(self.platform)
        self.actors = [Actor.born(self.office.rt) for _ in range(2)]
        self.memory = invariants.Memory()
        self.ahead = timedelta(0)
        self.stopped_at = None
        self.written = 0

    def arrives(self, message):
        """Look, as a request reaches the platform, whether it may be there (I4, I5, I7)."""
        books = invariants.read_books(self.office.file)
        same = books.attempts[books.deliveries[message.text].id]
        living = [actor.life.uuid for actor in self.actors if actor.alive]
        invariants.check_arrival(same, living)
        if self.stopped_at is not None:
            assert self.platform.clock.now() <= self.stopped_at + IDLE_LIMIT, "I7: sent long after stop-all"

    @precondition(lambda self: self.written < WRITTEN_MAX)
    @rule(words=st.sampled_from(WORDS), wait=st.sampled_from((1, 30, 300)))
    def approve(self, words, wait):
        self.written += 1
        due = self.office.rt.clock.now() + timedelta(seconds=wait)
        self.office.approved(f"{words} ({self.written})", due)

    @precondition(lambda self: self.written < WRITTEN_MAX)
    @rule(place=which, wait=st.sampled_from((1, 30)))
    def edit(self, place, wait):
        row = self.chosen(place)
        self.written += 1
        due = self.office.rt.clock.now() + timedelta(seconds=wait)
        try:
            self.office.rewritten(row.post_id, f"{WORDS[0]} ({self.written})", due)
        except RukonError as refusal:  # it was on its way, and the officer was told so
            event(f"refused: {refusal.key}")

    @rule(place=which, deed=st.sampled_from((queue.cancel_delivery, queue.hold_delivery)))
    def take_back(self, place, deed):
        row, officer = self.chosen(place), self.office.team.officer
        self.try_(lambda session, now: deed(session, row.id, "เลื่อน", officer, now))

    @rule(place=which)
    def release(self, place):
        row, officer = self.chosen(place), self.office.team.officer
        self.try_(lambda session, now: queue.release_delivery(session, row.id, officer, now))

    @rule(seconds=st.sampled_from(STEPS))
    def tick(self, seconds):
        self.platform.advance(timedelta(seconds=seconds))

    @rule(seconds=st.sampled_from((-30, 0, 30)))
    def set_clock(self, seconds):
        self.office.clock.offset = timedelta(seconds=seconds)
        self.ahead = max(self.ahead, abs(self.office.clock.offset))

    @rule(luck=st.lists(st.sampled_from(list(Luck)), min_size=1, max_size=3))
    def spoil_next_sends(self, luck):
        self.platform.luck.extend(luck)

    @rule(lag=st.sampled_from((0, 20)), reads_fail=st.booleans(), lists_all=st.booleans())
    def spoil_reads(self, lag, reads_fail, lists_all):
        self.platform.lag = timedelta(seconds=lag)
        self.platform.reads_fail, self.platform.lists_all = reads_fail, lists_all

    @rule(number=st.integers(0, 1), deed=st.sampled_from(sorted(DEEDS)))
    def work(self, number, deed):
        actor = self.free(number)
        if actor is not None:
            actor.do(DEEDS[deed])

    @rule(number=st.integers(0, 1), place=st.sampled_from(PLACES), killed=st.booleans())
    def interrupt(self, number, place, killed):
        actor, (deed, point) = self.free(number), place
        if actor is not None and (killed or point not in INSIDE_A_TRANSACTION):
            actor.do_until(DEEDS[deed], point, killed=killed)

    @precondition(lambda self: any(actor.halted_at for actor in self.actors))
    @rule()
    def wake_up(self):
        next(actor for actor in self.actors if actor.halted_at).go_on()

    @rule(number=st.integers(0, 1))
    def kill(self, number):
        if self.actors[number].alive:
            self.actors[number].kill()

    @rule()
    def stop_all(self):
        officer = self.office.team.officer
        self.try_(lambda session, now: queue.stop_all(session, "เหตุฉุกเฉิน", officer, now))
        self.stopped_at = self.stopped_at or self.platform.clock.now()

    @rule()
    def resume_all(self):
        approver = self.office.team.approver
        self.try_(lambda session, now: queue.resume_all(session, approver, now))
        self.stopped_at = None

    @invariant()
    def the_laws_hold(self):
        books = invariants.read_books(self.office.file)
        wire = [text for _, _, text in self.platform.wire]
        invariants.check_posts(books, self.platform.ledger, wire)
        invariants.check_window(books, self.platform.ledger, self.ahead)
        invariants.check_arrows(books, self.memory)
        invariants.check_watched(books, self.office.rt.clock.now(), self.ahead)

    def teardown(self):
        """Let the storm pass: everybody stopped is killed, the platform behaves, time goes on."""
        try:
            self.kill_all()
            self.platform.luck.clear()
            self.spoil_reads(lag=0, reads_fail=False, lists_all=True)
            self.resume_all()
            for _ in range(12):
                states = {row.state for row in self.left_over()}
                self.platform.advance(timedelta(seconds=125 if states else 0))
                for deed in (deed for state, deed in CURES if state in states):
                    self.work(0, deed)
            self.the_laws_hold()
            assert not self.left_over(), "I3: never settled"
        finally:
            self.kill_all()
            self.office.close()

    def left_over(self):
        return invariants.unsettled(invariants.read_books(self.office.file))

    def kill_all(self):
        for actor in self.actors:
            if actor.alive:
                actor.kill()

    def free(self, number):
        """Return a process that can work now, a new one in the place of a dead one; None if it is stopped."""
        if not self.actors[number].alive:
            self.actors[number] = Actor.born(self.office.rt)
        return None if self.actors[number].halted_at else self.actors[number]

    def chosen(self, place):
        """Return one of the newest deliveries."""
        found = self.office.file.execute(
            "SELECT id, post_id FROM delivery ORDER BY id DESC LIMIT 5"
        ).fetchall()
        return Chosen(*found[place % len(found)])

    def try_(self, deed):
        try:
            with self.office.rt.sessions.begin() as session:
                deed(session, self.office.rt.clock.now())
        except RukonError as refusal:
            event(f"refused: {refusal.key}")


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(
    max_examples=200, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
