"""What a run's world is like: the storm that must break no law, and three in which a broken habit must."""

from dataclasses import dataclass, field

Faults = tuple[tuple[str, float, dict], ...]  # kind, share of the calls it strikes, parameters

READ_TIMEOUT_S = 1.5
ZOMBIES_S = (0.3, 1.0)
LAG_S = 1.0
# after this long nothing that left can still land: both time-outs, slowest landing, a busy machine
GRACE_S = 1 + READ_TIMEOUT_S + max(ZOMBIES_S) + 0.5

# about a tenth of all publish calls, fewer of the others
PUBLISH: Faults = (
    ("accept_then_drop", 0.015, {}),
    ("accept_then_500", 0.015, {}),
    ("accept_then_hang", 0.005, {"seconds": 3}),
    ("broken_json", 0.01, {}),
    ("drop_before", 0.015, {}),
    ("error", 0.015, {"name": "server_error"}),
    ("error", 0.01, {"name": "html_502"}),
    *(("zombie", 0.0075, {"seconds": seconds}) for seconds in ZOMBIES_S),
)
READING: Faults = (
    ("error", 0.03, {"name": "server_error"}),
    ("broken_json", 0.02, {}),
    ("drop_before", 0.02, {}),
)
STAGING: Faults = (("error", 0.03, {"name": "server_error"}), ("drop_before", 0.02, {}))
# X alone: Facebook counts its limits in minutes
THROTTLED: Faults = (("error", 0.003, {"name": "rate_limited", "reset_s": 3}),)

# the visit at which a named point is deadly is drawn up to this
IN_COMMIT = "in_commit"  # no point of the product: the nursery kills while the database commits
VISITS = {
    "before_claim": 20, "after_claim": 12, "after_open": 12, "before_attempt": 12, "after_attempt": 12,
    "before_send": 12, "after_send": 12, "before_record": 12, "after_record": 12, "after_verify": 8,
    "after_rescue": 1, "before_reconcile": 4, "after_read_back": 4, "after_reconcile": 4,
    "after_draft_attempt": 3, "after_draft": 3, "after_draft_kept": 3, IN_COMMIT: 60,
}  # fmt: skip
CLOCK_STEPS_S = (3, 3_600, -3_600, 86_400, -86_400)


@dataclass(frozen=True)
class Weather:
    """`broken`: a habit of broken.py, put in the place of ours. `events`: people, Redis, database and tokens.

    stops_before_send: the share of lives that stop (SIGSTOP) right before a send; stop_s: for how long;
    stops_first: one part does so in each of its lives, the others never.

    quiescence_s of the storm is longer than time-out, slowest landing and lag of read-backs together.
    """

    publish: Faults = ()
    others: dict[str, Faults] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    stop_s: tuple[float, float] = (3.0, 12.0)
    stops_before_send: float = 0.0
    stops_first: bool = False
    events: bool = False
    lags: bool = False
    quiescence_s: float = 5.0
    lease_s: float = 3.0
    broken: str = ""


STORM = Weather(
    publish=PUBLISH,
    others={"timeline": READING, "read": READING, "media": STAGING},
    visits=VISITS,
    events=True,
    lags=True,
    stops_before_send=0.05,
)
CONTROLS = {
    "retry-on-crash": Weather(visits={"after_send": 3, "before_record": 3}, broken="retry-on-crash"),
    "no-quiescence": Weather(
        publish=(("zombie", 0.5, {"seconds": 1.0}),), quiescence_s=0.5, broken="no-quiescence"
    ),
    "lease-by-time": Weather(
        stops_first=True, stop_s=(14.0, 15.0), quiescence_s=1.0, lease_s=1.0, broken="lease-by-time"
    ),
}
