"""People of the office during a run: they cancel, hold, stop everything, and sit at the desk.

What they did, and were told, goes into deeds.jsonl; where a broken connection left even them in doubt, that.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.errors import RukonError
from core.vocab import DeliveryState
from models import Delivery, Person
from services import accounts, deciding, queue
from tests.chaos.stage import Stage
from tests.chaos.weather import GRACE_S

LOOK_S = 6.0  # a person looks at the page, and again when all that was on its way must have landed


class People:
    """One officer, one approver; `done` counts what they did."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.done: Counter[str] = Counter()
        self._deeds = (stage.folder / "deeds.jsonl").open("a", encoding="utf-8")
        self._asked: dict[int, datetime] = {}
        self.stopped = False
        with stage.rt.sessions.begin() as session:
            found = {person.username: person for person in session.scalars(select(Person))}
        self.officer, self.approver = found["officer"], found["approver"]

    def cancel(self, key: str) -> None:
        """Give a delivery up, perhaps while it is being sent; believe what the answer says."""
        told = self._try(queue.cancel_delivery, int(key), "เลิกงาน", self.officer)
        if told != "refused":
            self._note(deed="cancelled" if told == "done" else "perhaps_cancelled", key=key)
        self.done[f"cancel {told}"] += 1

    def hold(self, key: str) -> None:
        """Hold a delivery, perhaps while it is being sent."""
        told = self._try(queue.hold_delivery, int(key), "รอยืนยัน", self.officer)
        self.done[f"hold {told}"] += 1

    def release_all(self) -> None:
        """Let out whatever is held."""
        for key in self._ids(DeliveryState.HELD):
            self._try(queue.release_delivery, key, self.officer)

    def stop(self) -> bool:
        """Stop everything; True once that is certain."""
        if self._try(queue.stop_all, "เหตุฉุกเฉิน", self.officer) == "in doubt":
            return False
        self._stopped_at, self.stopped = _now(), True
        self.done["stop-all"] += 1
        return True

    def resume(self) -> bool:
        """Let sends go on, and note the time in which nothing may have landed; True once that is certain."""
        until = _now()
        if self._try(queue.resume_all, self.approver) == "in doubt":
            return False
        self._note(
            deed="stopped", **{"from": self._stopped_at.isoformat()}, until=until.isoformat(), grace_s=GRACE_S
        )
        self.stopped = False
        return True

    def forget_since(self, moment: datetime) -> None:
        """Note that a backup of that moment took back what was decided after it."""
        self._note(deed="restored", since=moment.isoformat())

    def renew(self, account_id: int) -> None:
        """Tell the service that an account's token is well again."""
        try:
            accounts.check_account(self.stage.rt, account_id)
        except DBAPIError:
            self.done["renewals in doubt"] += 1

    def sit_at_the_desk(self) -> None:
        """Answer, for each delivery that waits for a person, what the public page shows."""
        for key in self._ids(DeliveryState.NEEDS_HUMAN):
            first = self._asked.setdefault(key, _now())
            if (_now() - first).total_seconds() > LOOK_S:
                self._decide(key)

    def close(self) -> None:
        self._deeds.close()

    def _decide(self, key: int) -> None:
        rt = self.stage.rt
        with rt.sessions.begin() as session:
            row = session.get_one(Delivery, key)
            session.refresh(row, ["account"])
            place = (row.account.channel, row.account.external_id, row.payload["text"])
        there = [
            line for line in self.stage.sandbox.ledger(place[0], account=place[1]) if line["text"] == place[2]
        ]
        choice = (deciding.ADOPT, there[0]["id"]) if there else (deciding.SEND, "")
        try:
            deciding.decide(rt, key, *choice, self.approver)
            self.done[f"desk {choice[0]}"] += 1
            del self._asked[key]
        except (RukonError, DBAPIError):
            self.done["desk again"] += 1

    def _ids(self, state: DeliveryState) -> list[int]:
        try:
            with self.stage.rt.sessions.begin() as session:
                return list(session.scalars(select(Delivery.id).where(Delivery.state == state)))
        except DBAPIError:
            return []

    def _try(self, deed: Any, *arguments: Any) -> str:
        """Return done, refused (by the service, for a reason) or in doubt (the database went away)."""
        try:
            with self.stage.rt.sessions.begin() as session:
                deed(session, *arguments, self.stage.rt.clock.now())
        except RukonError:
            return "refused"
        except DBAPIError:
            return "in doubt"
        return "done"

    def _note(self, **line: Any) -> None:
        self._deeds.write(json.dumps({"at": _now().isoformat(), **line}) + "\n")
        self._deeds.flush()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- a run goes by the machine's own clock
