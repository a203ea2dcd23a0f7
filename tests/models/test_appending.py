"""What was done stays written: the database refuses to change or delete it, whoever asks."""

import pytest
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.vocab import AttemptOutcome, AttemptPhase, Channel, DeliveryState, Metric, ReadingState
from models import (
    APPENDED,
    Account,
    Attempt,
    Attestation,
    AuditEvent,
    Base,
    Baseline,
    Charge,
    Correction,
    Delivery,
    ExecutiveReport,
    FormText,
    MonthCount,
    Move,
    NoCorrection,
    OutsideMark,
    OutsidePost,
    Person,
    Post,
    PostMark,
    ProbeRecord,
    ProfileCheck,
    Reading,
    ReportLine,
    Review,
    ReviewSample,
    SampleConfirmation,
    SampleScore,
    SampleTalk,
    Snapshot,
    Survey,
    schema,
)
from tests.builders import START

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
}
LATER = {
    "move": {"why": "x"}, "audit_event": {"action": "x"}, "review": {"revision": 2},
    "snapshot": {"body": "x"}, "reading": {"value": 8},
    "probe_record": {"held": True}, "charge": {"units": 2},
    "baseline": {"kind": "x"}, "correction": {"wrong": "x"}, "executive_report": {"title": "x"},
    "month_count": {"value": 8}, "no_correction": {"month": "2020-11"}, "outside_mark": {"kind": "recap"},
    "post_mark": {"on_template": True}, "profile_check": {"ok": False}, "survey": {"recalling": 8},
    "attestation": {"confirmed": False}, "review_sample": {"seed": "x"}, "sample_score": {"clear": 1},
    "sample_confirmation": {"correct": False}, "sample_talk": {"words": "x"},
    "report_line": {"body": "x"}, "form_text": {"body": "x"},
}  # fmt: skip


@pytest.fixture(scope="module")
def migrated(shared_engine):
    """A database brought up to date, with one row of each kind."""
    schema.upgrade(shared_engine)
    with Session(shared_engine) as session, session.begin():
        for rows in rows_of_each_kind():
            session.add_all(rows)
            session.flush()
    return shared_engine


def rows_of_each_kind():
    """Return one row of each kind that is only appended, after those that they point to."""
    yield [
        Person(id=1, username="a", name="a", password_hash="", created_at=START),
        Person(id=2, username="b", name="b", password_hash="", created_at=START),
    ]
    yield [
        Post(id=1, kind="general", title="t", author_id=1, created_at=START, changed_at=START),
        Account(id=1, channel=Channel.X, name="n", external_id="1", key_id="", sealed=b"", created_at=START),
    ]
    yield [
        Delivery(
            id=1, post_id=1, account_id=1, approved_revision=1, payload={}, payload_sha256="", due_at=START,
            not_after=START, next_at=START, state=DeliveryState.SENDING,
        ),
    ]  # fmt: skip
    yield [
        Move(subject="post", subject_id=1, origin="draft", target="in_review", at=START),
        AuditEvent(at=START, person_id=1, action="post.create"),
        Review(post_id=1, revision=1, decision="approve", approver_id=2, author_id=1, at=START),
        Snapshot(delivery_id=1, read_at=START, live=True, remote_id="1", raw={}, sha256=""),
        Reading(
            account_id=1,
            metric=Metric.FOLLOWERS,
            state=ReadingState.VALUE,
            value=7,
            read_at=START,
            source="s",
        ),
        Charge(at=START, day=START.date(), channel=Channel.X, operation="post", micro_usd=15_000),
        ProbeRecord(account_id=1, at=START, api_version="v26.0", held=False, findings=[]),
        Attempt(
            id=1,
            delivery_id=1,
            fence=1,
            phase=AttemptPhase.POST,
            owner="o",
            started_at=START,
            request_sha256="",
        ),
    ]
    yield from rows_of_the_indicator()


def rows_of_the_indicator():
    """Return one row of each kind that people write for the indicator."""
    day, by = START.date(), {"recorded_by": 1, "recorded_at": START}
    file = {"file_sha256": "ab", "file_name": "f.pdf"}
    period = {"fiscal_year": 2564, "period_start": START, "period_end": START}
    post = {"sample_id": 1, "post_id": 1}
    yield [
        Baseline(
            fiscal_year=2564, kind="three_months", first_day=day, last_day=day, figures={}, frozen_at=START
        ),
        Correction(post_id=1, wrong="w", noticed_at=START, **by),
        ExecutiveReport(title="t", number="1", acknowledged_by="a", acknowledged_on=day, **file, **by),
        MonthCount(month="2020-10", name="saves", value=7, source="s", **by),
        NoCorrection(month="2020-10", said_by=1, said_at=START),
        OutsidePost(
            id=1, account_id=1, remote_id="9", raw={}, sha256="", published_at=START, found_at=START
        ),
        PostMark(post_id=1, pillars=[], agencies=[], marked_by=1, marked_at=START),
        ProfileCheck(channel=Channel.X, point="name", ok=True, checked_by=1, checked_at=START),
        Survey(
            title="t", method="m", fielded_from=day, fielded_until=day, respondents=100, recalling=70,
            **file, **by,
        ),
        ReportLine(
            fiscal_year=2564, month="2020-10", entry_date=day, body="b", written_by=1, written_at=START,
        ),
        FormText(fiscal_year=2564, section="owner", body="b", written_by=1, written_at=START),
        Attestation(
            **period, code="H1", statement={}, statement_sha256="", confirmed=True, signed_by=1, signer="a",
            position="", signed_at=START,
        ),
        ReviewSample(id=1, **period, seed="s", population=[1], posts=[1], drawn_by=1, drawn_at=START),
    ]  # fmt: skip
    yield [
        OutsideMark(outside_id=1, tags=[], marked_by=1, marked_at=START),
        SampleConfirmation(**post, agency="a", confirmed_by="b", correct=True, **by),
        SampleScore(**post, reviewer_id=1, clear=5, prominent=4, different=3, scored_at=START),
        SampleTalk(**post, words="w", said_by=1, said_at=START),
    ]


@pytest.mark.parametrize("model", APPENDED)
def test_a_row_once_written_is_neither_changed_nor_deleted(migrated, model):
    for statement in (update(model).values(LATER[model.__tablename__]), delete(model)):
        with migrated.connect() as connection, pytest.raises(IntegrityError, match="only ever appended to"):
            connection.execute(statement)


def test_an_attempt_is_completed_once_and_never_deleted(migrated):
    steps = (AttemptOutcome.UNKNOWN, AttemptOutcome.OK)
    for outcome in steps:
        with migrated.begin() as connection:
            connection.execute(update(Attempt).values(outcome=outcome, remote_id="1"))
    refused = [update(Attempt).values(outcome=AttemptOutcome.NONE), update(Attempt).values(remote_id="2")]
    for statement in (*refused, delete(Attempt)):
        with migrated.connect() as connection, pytest.raises(IntegrityError, match="only ever appended to"):
            connection.execute(statement)


def test_what_was_called_is_never_rewritten(migrated):
    for changed in ({"fence": 2}, {"owner": "p"}, {"request_sha256": "x"}):
        with migrated.connect() as connection, pytest.raises(IntegrityError, match="only ever appended to"):
            connection.execute(update(Attempt).values(changed))


def test_emptying_a_table_at_a_stroke_is_refused_too(migrated):
    if migrated.dialect.name == "postgresql":
        with migrated.connect() as connection, pytest.raises(IntegrityError, match="only ever appended to"):
            connection.execute(text("TRUNCATE move"))


def test_models_and_migrations_guard_the_same(engine):
    schema.upgrade(engine)
    by_migrations = triggers(engine)
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON" if not cascade else "SELECT 1")
            connection.exec_driver_sql(f"DROP TABLE {table}{cascade}")
    assert triggers(engine) == []
    Base.metadata.create_all(engine)
    assert triggers(engine) == by_migrations
    assert len(by_migrations) == (len(APPENDED) + 1) * (3 if engine.dialect.name == "postgresql" else 2)


def triggers(engine):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(TRIGGERS[engine.dialect.name])]


def test_the_guards_can_be_taken_back(engine):
    schema.upgrade(engine)
    schema.downgrade(engine, "0003")
    assert triggers(engine) == []
