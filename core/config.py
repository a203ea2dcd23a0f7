"""Every setting, each from one environment variable RUKON_<NAME>; docs/operations.md lists them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)


class Settings(BaseSettings):
    """What an installation may choose. An empty environment gives the embedded one-machine service."""

    model_config = SettingsConfigDict(env_prefix="RUKON_", extra="ignore", env_ignore_empty=True)

    data_dir: Annotated[
        Path, Field(description="folder of everything that is kept: database, media, evidence")
    ] = Path("data/office")
    database_url: Annotated[
        str, Field(description="empty: SQLite in the data folder; else a postgresql:// URL")
    ] = ""
    redis_url: Annotated[
        str, Field(description="empty: Celery inside the service process; else a redis:// URL")
    ] = ""
    secret_key_file: Annotated[
        Path | None,
        Field(description="file with the 32-byte key (base64) that encrypts tokens; made when absent"),
    ] = None
    database_password_file: Annotated[
        Path | None, Field(description="file whose text replaces {password} in the database URL")
    ] = None
    host: Annotated[str, Field(description="address the pages listen on")] = "127.0.0.1"
    port: Annotated[int, Field(description="port of the pages")] = 8640
    sandbox_port: Annotated[int, Field(description="port of the stand-in platforms")] = 8641
    public_url: Annotated[str, Field(description="address people type; empty: http://host:port")] = ""
    secure_cookies: Annotated[
        bool, Field(description="true behind HTTPS: cookies get Secure and __Host-")
    ] = False
    facebook_url: Annotated[str, Field(description="Graph API host")] = "https://graph.facebook.com"
    facebook_version: Annotated[str, Field(description="Graph API version, pinned")] = "v26.0"
    facebook_video_url: Annotated[
        str, Field(description="Graph host for video bytes; empty: the real one, or the stand-in itself")
    ] = ""
    facebook_dialog_url: Annotated[
        str, Field(description="where browsers sign in to Facebook; empty: the real one, or the stand-in")
    ] = ""
    x_url: Annotated[str, Field(description="X API host; empty: the real one")] = ""
    x_budget_usd: Annotated[
        float,
        Field(description="US dollars X may cost in a month; reading stops before it, 0: no end", ge=0),
    ] = 100.0
    prices_file: Annotated[
        Path | None, Field(description="the office's own prices of X; empty: services/prices.toml")
    ] = None
    connect_timeout_s: Annotated[float, Field(description="seconds to reach a platform", gt=0)] = 5.0
    read_timeout_s: Annotated[float, Field(description="seconds to wait for a platform's answer", gt=0)] = (
        30.0
    )
    lease_s: Annotated[float, Field(description="seconds one send may own a delivery", gt=0)] = 60.0
    quiescence_s: Annotated[
        float, Field(description="seconds between an unclear send and each read-back that looks for it", gt=0)
    ] = 120.0
    unclear_alarm_min: Annotated[
        float, Field(description="minutes after which an unclear post raises an alert", gt=0)
    ] = 15.0
    unclear_limit_min: Annotated[
        float,
        Field(description="minutes after which an unclear post nobody can read back goes to a person", gt=0),
    ] = 60.0
    on_absent: Annotated[
        str,
        Field(description="resend or ask: what to do with a post proved absent", pattern="^(resend|ask)$"),
    ] = "resend"
    max_resends: Annotated[
        int, Field(description="automatic resends per delivery before a person is asked", ge=0)
    ] = 2
    pace_s: Annotated[
        float,
        Field(description="seconds between two posts of one account that became overdue in an outage", ge=0),
    ] = 120.0
    poll_s: Annotated[float, Field(description="seconds between two looks for due posts", gt=0)] = 1.0
    send_threads: Annotated[int, Field(description="posts sent at the same time by one worker", ge=1)] = 8
    session_idle_min: Annotated[
        int, Field(description="minutes without a click until a session ends", ge=1)
    ] = 30
    session_hours: Annotated[int, Field(description="hours until a session ends in any case", ge=1)] = 12
    max_upload_mb: Annotated[
        int, Field(description="largest file a person may upload, except videos, in MB", ge=1)
    ] = 15
    max_video_mb: Annotated[int, Field(description="largest video a person may upload, in MB", ge=1)] = 512
    x_video_s: Annotated[
        int, Field(description="longest video X takes from this account, in seconds", ge=1)
    ] = 140
    x_video_mb: Annotated[int, Field(description="largest video X takes, in MB", ge=1)] = 512
    log_level: Annotated[str, Field(description="debug, info, warning or error")] = "info"
    log_json: Annotated[bool, Field(description="true: one JSON object per log line")] = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments, then the environment; nothing hides in a forgotten file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings
