"""How strict the fake platforms are; the control API changes each value by its name while running."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sandbox.scripts import SCRIPTS

DAY_S = 86_400.0


@dataclass(slots=True)
class Settings:
    """Live settings; the defaults are what the real platforms are known to do."""

    require_proof: bool = False
    app_usage: int = 4
    page_usage: int = 3
    regain_access_minutes: int = 0
    usage_headers_from_call: int = 5
    graph_rows_max: int = 100
    graph_version_answered: str = ""
    duplicate_window_s: float = DAY_S
    media_life_s: float = DAY_S
    dead_metrics: list[str] = field(default_factory=list)
    audience_speed: float = 1.0
    audience: str = "ordinary"  # a key of scripts.SCRIPTS
    citizens: int = 0  # how many people answer each post
    graph_paging: str = "cursors"
    video_chunk_bytes: int = 4 * 1024 * 1024
    video_polls: int = 2
    video_end: str = "ready"
    x_enforce_limits: bool = True
    x_limits: dict[str, int] = field(default_factory=dict)
    x_day_limit: int = 10_000
    x_redirects: list[str] = field(default_factory=list)  # registered return addresses; none: any
    x_token_life_s: float = 7_200.0
    x_media_steps: int = 2
    x_media_fails: bool = False
    x_media_spread_s: float = 0.0
    x_analytics: bool = False
    x_clock_off_s: float = 0.0
    x_credit_usd: float = 0.0  # 0: no end of it

    def describe(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, changes: dict[str, Any]) -> None:
        """Set several settings or none. Raises ValueError on an unknown name, TypeError on a wrong kind."""
        known = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"{name!r} is none of {', '.join(known)}")
            if not isinstance(value, (int, float) if known[name] is float else known[name]):
                raise TypeError(f"{name} takes {known[name].__name__}, not {value!r}")
        if changes.get("audience", "ordinary") not in SCRIPTS:
            raise ValueError(f"audience is one of {', '.join(SCRIPTS)}")
        for name, value in changes.items():
            setattr(self, name, value)
