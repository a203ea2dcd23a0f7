"""Which commits of a send wait for the disk: all but the claim's, which nothing was done upon."""

from sqlalchemy import event

from core.vocab import DeliveryState
from services import publishing

SAYS = "PRAGMA synchronous="


def test_the_attempt_and_its_result_are_on_the_disk_before_anything_follows(office):
    delivery = office.approved()
    commits, safety = [], ["FULL"]

    def hear(statement):
        if statement.startswith(SAYS):
            safety.append(statement.removeprefix(SAYS))
        elif statement == "COMMIT":
            commits.append(safety[-1])

    office.rt.engine.dispose()
    event.listen(office.rt.engine, "connect", lambda lite, _: lite.set_trace_callback(hear))
    assert publishing.publish_next(office.rt, office.life) == delivery
    assert commits[0] == "NORMAL"
    assert commits[1:] == ["FULL"] * len(commits[1:])
    assert len(commits) >= 3, "the claim's commit, the attempt's and the result's"
    assert office.state(delivery) is DeliveryState.PUBLISHED
