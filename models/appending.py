"""Rows that are only ever appended: the database itself refuses to change or delete them.

Whoever holds the database's password can still take the triggers away; the hash chain of the evidence shows
it then. What they stop is a mistake in our own code, and a hand that only wanted to put something straight.
"""

from sqlalchemy import Connection, Table, event

from core.vocab import AttemptOutcome
from models.attestations import Attestation, ReviewSample, SampleConfirmation, SampleScore, SampleTalk
from models.audit import AuditEvent
from models.base import Base
from models.costs import Charge
from models.criteria import Baseline
from models.deliveries import Attempt, Snapshot
from models.evidence import FormText, ReportLine
from models.metrics import Reading
from models.office import (
    Correction,
    ExecutiveReport,
    MonthCount,
    NoCorrection,
    OutsideMark,
    PostMark,
    ProfileCheck,
    Survey,
)
from models.posts import Move, Review
from models.probes import ProbeRecord

APPENDED = (
    Move, AuditEvent, Review, Snapshot, Reading, ProbeRecord,
    Baseline, Correction, ExecutiveReport, MonthCount, NoCorrection, OutsideMark, PostMark, ProfileCheck,
    Survey, Attestation, ReviewSample, SampleConfirmation, SampleScore, SampleTalk,
    Charge, FormText, ReportLine,
)  # fmt: skip
# a call's row is written before the call; how it ended is added afterwards, once it is known
UNSETTLED = (AttemptOutcome.OPEN, AttemptOutcome.UNKNOWN)
WHAT_WAS_CALLED = ("id", "delivery_id", "fence", "phase", "owner", "started_at", "request_sha256")

REFUSAL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' is only ever appended to';
END $$
"""


def refusal(dialect: str) -> list[str]:
    """Return what must stand in the database before the first guard."""
    return [REFUSAL] if dialect == "postgresql" else []


def guards(table: str, dialect: str, change: str = "") -> list[str]:
    """Return the statements that guard a table; change: which UPDATEs are refused, empty for all."""
    if dialect == "postgresql":
        when = f"WHEN ({change}) " if change else ""
        refuse = "EXECUTE FUNCTION refuse_change()"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}{refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    when = f"WHEN {change} " if change else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is only ever appended to'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def settled_attempt() -> str:
    """Return the condition under which an attempt may not change any more; what was called never does."""
    outcomes = ", ".join(f"'{outcome.value}'" for outcome in UNSETTLED)
    return " OR ".join(
        [f"OLD.outcome NOT IN ({outcomes})", *(f"OLD.{one} <> NEW.{one}" for one in WHAT_WAS_CALLED)]
    )


def _prepare(_target: object, connection: Connection, **_: object) -> None:
    for statement in refusal(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _guard(table: Table, connection: Connection, **_: object) -> None:
    change = settled_attempt() if table.name == Attempt.__tablename__ else ""
    for statement in guards(table.name, connection.dialect.name, change):
        connection.exec_driver_sql(statement)


event.listen(Base.metadata, "before_create", _prepare)
for model in (*APPENDED, Attempt):
    event.listen(model.__table__, "after_create", _guard)
