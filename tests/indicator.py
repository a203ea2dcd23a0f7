"""A quarter that is over, with posts that went out: what the tests of samples and signatures start from."""

from datetime import timedelta

from core.clock import SetClock
from core.vocab import DeliveryState
from models import Delivery
from services.runtime import Runtime
from tests.builders import START, Team, at, make_approved

QUARTER = "2564-q1"
AFTER = at("2021-01-04 09:00")


def publish(rt: Runtime, team: Team, number: int, **more: object) -> list[int]:
    """Let so many posts go out, one every six hours after START, each read back; return their ids."""
    ids = []
    for count in range(number):
        due = START + timedelta(days=1, hours=6 * count)
        title = f"ข่าวที่ {count + 1}"
        bodies = dict.fromkeys(("facebook", "x"), f"{title}: {'กขคงจฉชซฌญ'[count % 10] * 40}")
        values = {"due_at": due, "title": title, "bodies": bodies, **more}
        rows = make_approved(rt, team.officer, team.approver, **values)
        with rt.sessions.begin() as session:
            for row in rows:
                go_out(session.get_one(Delivery, row.id))
        ids.append(rows[0].post_id)
    return ids


def go_out(row: Delivery) -> None:
    """Take a scheduled delivery to verified, live at its due time."""
    row.move(DeliveryState.SENDING, row.due_at)
    row.remote_id, row.published_at = f"9{row.id}", row.due_at
    row.move(DeliveryState.PUBLISHED, row.due_at, why="sent")
    row.verified_at = row.due_at + timedelta(minutes=1)
    row.move(DeliveryState.VERIFIED, row.verified_at, why="read_back")


def end_quarter(clock: SetClock) -> None:
    """Go to the first working day after the quarter."""
    clock.set(AFTER)
