"""How an audience may behave: data for the audience and for the citizens who speak."""

from dataclasses import dataclass, field

DAY_S = 86_400.0
WARM = {"LIKE": 0.71, "LOVE": 0.17, "CARE": 0.05, "WOW": 0.03, "HAHA": 0.02, "SAD": 0.015, "ANGRY": 0.005}
HEATED = {"LIKE": 0.22, "LOVE": 0.03, "CARE": 0.03, "WOW": 0.05, "HAHA": 0.17, "SAD": 0.14, "ANGRY": 0.36}


@dataclass(frozen=True, slots=True)
class Script:
    """One audience. Factors stand beside the ordinary one's 1; `fades` is what each figure loses in the end.

    fade_after_s, fade_s: when the loss begins and how slowly it comes. moods: who speaks, in shares.
    """

    title: str
    reach: float = 1.0
    rates: dict[str, float] = field(default_factory=dict)
    fades: dict[str, float] = field(default_factory=lambda: {"reactions": 0.08})
    fade_after_s: float = 7 * DAY_S
    fade_s: float = 10 * DAY_S
    feelings: dict[str, float] = field(default_factory=lambda: WARM)
    moods: dict[str, float] = field(
        default_factory=lambda: {"thanks": 0.4, "asks": 0.35, "complains": 0.15, "strays": 0.1}
    )


SCRIPTS = {
    "ordinary": Script("ผู้ชมตามปกติ"),
    "quiet": Script("เงียบเหงา คนเห็นน้อย", reach=0.12, rates={"comments": 0.4, "shares": 0.3}),
    "viral": Script("แชร์กันมาก", reach=6.0, rates={"shares": 3.0, "comments": 2.0, "reactions": 1.4}),
    "storm": Script(
        "ถูกวิจารณ์หนัก", reach=3.0, rates={"comments": 6.0, "shares": 1.5}, feelings=HEATED,
        moods={"complains": 0.7, "asks": 0.15, "thanks": 0.1, "strays": 0.05},
    ),
    "fading": Script(
        "ยอดขึ้นแล้วตก", fades={"reactions": 0.45, "comments": 0.3, "shares": 0.25, "bookmarks": 0.3},
        fade_after_s=DAY_S, fade_s=2 * DAY_S,
    ),
}  # fmt: skip
