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
from tests.chaos.small_office import WAITS_S, WORDS, open_office

DEEDS = {
    "publish": publishing.publish_next,
    "drain": publishing.drain,
    "rescue": rescue.rescue,
    "reconcile": lambda rt, _: reconciling.reconcile_due(rt),
    "verify": lambda rt, _: verification.verify_due(rt),
    "miss": lambda rt, _: publishing.due_count(rt),
}
# what the timetable would do about a delivery in each state
CURES = (
    (D.SENDING, "rescue"),
    (D.UNCERTAIN, "reconcile"),
    (D.SCHEDULED, "miss"),
    (D.SCHEDULED, "drain"),
    (D.PUBLISHED, "verify"),
)
SEND_POINTS = NAMES[: NAMES.index("after_record") + 1]
OTHER_PLACES = (
    ("rescue", "after_rescue"),
    *(("reconcile", point) for point in ("before_reconcile", "after_read_back", "after_reconcile")),
    ("verify", "after_verify"),
)
INSIDE_A_TRANSACTION = ("after_verify",)  # who stops there stops all others: SQLite has one writer
WRITTEN_MAX = 2  # writing a post costs as much as ten other steps
number = st.integers(0, 1)
luck = st.sampled_from([Luck.LANDS_LATE, *Luck])
which = st.integers(0, 4)


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
        self.tries_at_stop = 0
        self.broken = []
        self.written = 0
        self.platform.advance(timedelta(seconds=max(WAITS_S)))

    def arrives(self, message):
        """Note, as a request reaches the platform, if it may not be there (I4, I5, I7).

        Noted and not raised: what a platform call raises is an unknown outcome to our code, and no more.
        """
        books = invariants.read_books(self.office.file)
        same = books.attempts[books.deliveries[message.text].id]
        living = [actor.life.uuid for actor in self.actors if actor.alive]
        self.broken += invariants.wrong_arrival(same, living)
        if self.stopped_at is not None:
            if self.attempts() > self.tries_at_stop:
                self.broken.append("I7: begun after stop-all")
            if self.platform.clock.now() > self.stopped_at + IDLE_LIMIT:
                self.broken.append("I7: sent long after stop-all")

    @rule(seconds=st.sampled_from((125, 62, 11)), rounds=st.sampled_from((3, 2, 1, 0)))
    def let_time_pass(self, seconds, rounds):
        """Let time pass; in each round a process that is free does what the timetable asks."""
        self.platform.advance(timedelta(seconds=0 if rounds else seconds))
        for _ in range(rounds):
            self.platform.advance(timedelta(seconds=seconds))
            self.work()

    @rule(number=number, luck=luck)
    def send(self, number, luck):
        actor = self.free(number)
        if actor is not None:
            self.platform.luck = luck
            actor.do(DEEDS["publish"])

    @rule(number=number, point=st.sampled_from(SEND_POINTS), luck=luck)
    def kill_in_send(self, number, point, luck):
        self.interrupt(number, ("publish", point), killed=True, luck=luck)

    @rule(number=number, point=st.sampled_from(("before_send", "after_send", *SEND_POINTS)), luck=luck)
    def stop_in_send(self, number, point, luck):
        self.interrupt(number, ("publish", point), killed=False, luck=luck)

    @rule(number=number, place=st.sampled_from(OTHER_PLACES), killed=st.booleans())
    def interrupt(self, number, place, killed, luck=Luck.GOOD):
        """Let a process be killed at a point, or stand there until somebody wakes or kills it."""
        actor, (deed, point) = self.free(number), place
        if actor is not None and (killed or point not in INSIDE_A_TRANSACTION):
            self.platform.luck = luck
            actor.do_until(DEEDS[deed], point, killed=killed)

    @precondition(lambda self: any(actor.halted_at for actor in self.actors))
    @rule()
    def wake_up(self):
        next(actor for actor in self.actors if actor.halted_at).go_on()

    @rule(number=number)
    def kill(self, number):
        if self.actors[number].alive:
            self.actors[number].kill()

    @rule(lag=st.sampled_from((0, 20)), reads=st.sampled_from(("well", "not at all", "in part")))
    def spoil_reads(self, lag, reads):
        self.platform.lag, self.platform.reads = timedelta(seconds=lag), reads

    @rule(seconds=st.sampled_from((-10, 0, 10)))
    def set_clock(self, seconds):
        self.office.clock.offset = timedelta(seconds=seconds)
        self.ahead = max(self.ahead, abs(self.office.clock.offset))

    @precondition(lambda self: self.written < WRITTEN_MAX)
    @rule(place=which, wait=st.sampled_from((1, 30, 300)), anew=st.booleans())
    def write(self, place, wait, anew):
        """Write and approve a post, or write one anew that is approved already."""
        self.written += 1
        due = self.office.rt.clock.now() + timedelta(seconds=wait)
        body = f"{WORDS[place % len(WORDS)]} ({self.written})"
        try:
            if anew:
                self.office.rewritten(self.chosen(place).post_id, body, due)
            else:
                self.office.approved(body, due)
        except RukonError as refusal:  # it was on its way, and the officer was told so
            event(f"refused: {refusal.key}")

    @rule(place=which, deed=st.sampled_from((queue.cancel_delivery, queue.hold_delivery, None)))
    def change_mind(self, place, deed):
        row, officer = self.chosen(place), self.office.team.officer
        if deed is None:
            self.try_(lambda session, now: queue.release_delivery(session, row.id, officer, now))
        else:
            self.try_(lambda session, now: deed(session, row.id, "เลื่อน", officer, now))

    @rule()
    def stop_or_resume(self):
        officer, approver = self.office.team.officer, self.office.team.approver
        if self.stopped_at is None:
            self.try_(lambda session, now: queue.stop_all(session, "เหตุฉุกเฉิน", officer, now))
            self.stopped_at = self.platform.clock.now()
            self.tries_at_stop = self.attempts()
        else:
            self.try_(lambda session, now: queue.resume_all(session, approver, now))
            self.stopped_at = None

    @invariant()
    def the_laws_hold(self):
        assert not self.broken
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
            self.spoil_reads(lag=0, reads="well")
            if self.stopped_at is not None:
                self.stop_or_resume()
            for _ in range(12):
                if self.left_over():
                    self.let_time_pass(125, 1)
            self.the_laws_hold()
            assert not self.left_over(), "I3: never settled"
        finally:
            self.kill_all()
            self.office.close()

    def work(self):
        """Let the first process that is free do what the timetable would have it do now."""
        actor = self.free(0) or self.free(1)
        for state, deed in CURES:
            if actor is not None and state in self.states():
                actor.do(DEEDS[deed])

    def states(self):
        return {state for (state,) in self.office.file.execute("SELECT DISTINCT state FROM delivery")}

    def attempts(self):
        return self.office.file.execute("SELECT count(*) FROM attempt").fetchone()[0]

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
    max_examples=200, stateful_step_count=20, suppress_health_check=list(HealthCheck)
)
