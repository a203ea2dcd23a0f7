"""A month closes itself: reminders on working days, a list of what is missing, its file on the 1st."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import from_bangkok
from core.fiscal import Month
from core.vocab import AlertKind, BundleState
from models import Alert, EvidenceBundle
from services import alerts, closing, evidence
from tests.builders import make_accounts, make_approved

OCTOBER = Month(2020, 10)


def wall(*parts):
    return from_bangkok(datetime(*parts))  # noqa: DTZ001 -- Bangkok wall clock


@pytest.fixture
def in_use(rt, team):
    """Something is due in October."""
    make_accounts(rt)
    make_approved(rt, team.officer, team.approver)


def told(rt, kpi_officer):
    with rt.sessions.begin() as session:
        return [
            (one.name, one.alert.opened_at)
            for one in alerts.shown_to(session, kpi_officer)
            if one.alert.kind is AlertKind.CLOSING
        ]


def test_reminders_fall_on_working_days_before_and_after_the_end():
    # 23 October 2563 (Friday) is a holiday; the 31st a Saturday
    assert closing.reminder_days(OCTOBER, {date(2020, 10, 23): "วันปิยมหาราช"}) == (
        date(2020, 10, 26), date(2020, 10, 29), date(2020, 11, 2),
    )  # fmt: skip


def test_each_reminder_comes_once_to_the_kpi_officer_and_ends_with_the_file(rt, clock, team, in_use):
    seen = []
    for day in (25, 26, 27, 29, 30):
        clock.set(wall(2020, 10, day, 9, 0))
        closing.close_months(rt)
        closing.close_months(rt)
        seen.append([at for _, at in told(rt, team.kpi_officer)])
    assert seen[0] == []
    assert seen[1] == seen[2] == [wall(2020, 10, 26, 9, 0)]
    assert seen[3] == seen[4] == [wall(2020, 10, 29, 9, 0)]
    assert told(rt, team.kpi_officer)[0][0] == "10/2563"
    assert told(rt, team.officer) == []
    clock.set(wall(2020, 11, 1, 0, 30))
    closing.close_months(rt)
    evidence.build_all(rt)
    closing.close_months(rt)
    assert told(rt, team.kpi_officer) == []


def test_on_the_first_the_months_file_is_made_by_itself_once(rt, clock, team, in_use):
    clock.set(wall(2020, 10, 31, 23, 59))
    assert closing.close_months(rt) is None
    clock.set(wall(2020, 11, 1, 0, 1))
    assert closing.close_months(rt) is not None
    assert closing.close_months(rt) is None
    evidence.build_all(rt)
    with rt.sessions.begin() as session:
        (row,) = session.scalars(select(EvidenceBundle)).all()
    assert (row.period, row.state, row.requested_by, row.version) == ("2020-10", BundleState.READY, None, 1)


def test_an_office_that_had_not_begun_gets_no_empty_file_and_no_reminder(rt, clock, team):
    clock.set(wall(2020, 11, 2, 9, 0))
    assert closing.close_months(rt) is None
    with rt.sessions.begin() as session:
        assert session.scalars(select(Alert)).all() == []


def test_what_is_missing_is_listed_by_level_with_its_reason_and_nothing_is_kept(rt, clock, team, in_use):
    clock.advance(timedelta(days=6))
    with rt.sessions.begin() as session:
        lacks = closing.missing_proofs(session, OCTOBER, clock.now(), rt.media_dir, "th")
    assert {one.level for one in lacks.unproved} == {1, 2, 3}
    assert lacks.unproved[0].title
    assert lacks.count >= len(lacks.unproved) > 10


def test_from_the_25th_on_this_month_is_closed_before_that_the_last_one():
    assert closing.month_to_close(date(2020, 10, 25)) == OCTOBER
    assert closing.month_to_close(date(2020, 11, 24)) == OCTOBER
