"""The port to a platform: values in, values out, and three kinds of trouble.

PlatformTrouble
|-- Rejected        a definite no that repeating will not change
|-- RetryLater      a definite no for now: nothing was executed
|   `-- Unfinished  an upload that goes on where it stopped
`-- OutcomeUnknown  anything else: the platform may have done it

Every error a platform or its library can give becomes one of these three inside connectors/, nowhere else.
What is not on the short list of definite answers is OutcomeUnknown. Nothing here retries by itself.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from connectors.reports import CheckReport
from core.log import redact_text
from core.vocab import Channel, Health, MediaKind, MessageKind, Metric, ReadingState

DETAIL_LENGTH = 300


@dataclass(frozen=True)
class Access:
    """Which account, and its secrets; the secrets never show in a repr."""

    channel: Channel
    external_id: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Media:
    """One picture, GIF or video: its bytes, type and alt text. Read it through `open` and `size` alone.

    path: where a file lies that is too large for memory; its `content` is empty then.
    resume: what the last try's Unfinished gave; empty: a new upload. Who no longer knows it begins anew.
    """

    sha256: str
    mime: str
    content: bytes = field(repr=False)
    alt: str
    kind: MediaKind = MediaKind.IMAGE
    resume: str = ""
    path: Path | None = None

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path else len(self.content)

    def open(self) -> BinaryIO:
        """Return a new reader at the first byte; seek it to go on where an upload stopped, then close it."""
        return self.path.open("rb") if self.path else BytesIO(self.content)


@dataclass(frozen=True)
class Staged:
    """A file uploaded, ready to be attached and not yet public; attach remote_id before expires_at."""

    remote_id: str
    expires_at: datetime


@dataclass(frozen=True)
class Poll:
    """A question under a post: two to four short options, open for so many minutes."""

    options: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class Message:
    """What one call makes public: text, optional link of its own, ids of staged files.

    media_kind: what media_ids are; a GIF or video stands alone. reply_to: the post that this one answers or
    comments on; never empty for a comment. reply_settings: X's word for who may answer; empty: everyone.
    """

    text: str
    link: str = ""
    media_ids: tuple[str, ...] = ()
    media_kind: MediaKind = MediaKind.IMAGE
    reply_to: str = ""
    reply_settings: str = ""
    poll: Poll | None = None
    kind: MessageKind = MessageKind.POST


@dataclass(frozen=True)
class Receipt:
    """The platform's word that it took the post."""

    remote_id: str
    permalink: str | None = None
    published_at: datetime | None = None
    http_status: int = 200
    trace_id: str = ""


@dataclass(frozen=True)
class RemotePost:
    """One post or comment as the platform shows it.

    entities: X's url list, None where a text comes back as sent. reply_to: the post it answers; empty: none.
    """

    remote_id: str
    text: str
    created_at: datetime
    permalink: str = ""
    media_count: int = 0
    entities: Sequence[Mapping[str, Any]] | None = None
    link: str = ""
    reply_to: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """Our posts since a moment; complete is False if the platform stopped short of that moment."""

    posts: tuple[RemotePost, ...]
    complete: bool


@dataclass(frozen=True)
class Figure:
    """One reading: a value only when the state says so. Source is the platform's name of the figure."""

    state: ReadingState
    value: int | None
    source: str


@dataclass(frozen=True)
class Limits:
    """What a channel takes. uploads_last: an upload may be attached to more than one post."""

    text_length: int
    weighted: bool
    images: int
    image_bytes: int
    uploads_last: bool = False


class PlatformTrouble(Exception):
    """What a platform call can end in besides success; `code` is a key of the locales' [reason] table."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        http_status: int | None = None,
        trace_id: str = "",
        health: Health | None = None,
        wait_s: float = 0.0,
    ) -> None:
        """Keep what a person and the attempt row need; the platform's own words are cut and redacted.

        health: the whole account cannot publish. wait_s: seconds until asking again makes sense; 0: unknown.
        """
        self.code = code
        self.detail = redact_text(detail)[:DETAIL_LENGTH]
        self.http_status = http_status
        self.trace_id = trace_id
        self.health = health
        self.wait_s = wait_s
        super().__init__(f"{code}: {self.detail}")


class Rejected(PlatformTrouble):
    """A definite no: this post will never be taken as it is."""


class RetryLater(PlatformTrouble):
    """A definite no for now: nothing was executed."""


class Unfinished(RetryLater):
    """An upload is under way, being sent or worked on: `resume` goes back as Media.resume after wait_s."""

    def __init__(self, code: str, resume: str, *, wait_s: float = 0.0, detail: str = "") -> None:
        """Keep the connector's own note of the upload: no secret, at most 500 characters."""
        super().__init__(code, detail, wait_s=wait_s)
        self.resume = resume


class OutcomeUnknown(PlatformTrouble):
    """The platform may have taken it: look before doing anything else."""


class Line(Protocol):
    """One connection, opened now, for one publish."""

    def publish(self, message: Message) -> Receipt:
        """Send on this connection and no other; raises PlatformTrouble."""
        ...


class Connector(Protocol):
    """A channel. Every method raises PlatformTrouble; reads raise RetryLater or Rejected only."""

    channel: Channel
    limits: Limits

    def stage(self, access: Access, media: Media) -> Staged:
        """Upload a file with its alt text, unpublished; may be repeated freely.

        Unfinished media_processing while the platform still works on it, Unfinished media_cut if the upload
        broke off and can go on where it stopped.
        """
        ...

    def open(self, access: Access) -> AbstractContextManager[Line]:
        """Connect now (DNS, TCP, TLS); RetryLater if that fails, and then nothing was sent."""
        ...

    def find(self, access: Access, since: datetime) -> Listing:
        """Return our published posts created at or after since, newest first; on X our own replies, too."""
        ...

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        """Return one post as it stands now, or None if the platform says that it is not there."""
        ...

    def read_metrics(
        self, access: Access, posts: Mapping[str, datetime], now: datetime
    ) -> dict[str, dict[Metric, Figure]]:
        """Return figures by remote id, in as few calls as the platform allows.

        posts: remote id -> published_at. A post that the platform left out is absent from the result.
        """
        ...

    def read_account(self, access: Access) -> dict[Metric, Figure]:
        """Return the account's own figures (followers)."""
        ...

    def check(self, access: Access) -> CheckReport:
        """Say whether this account can publish, and what to do if not; raises RetryLater if unreachable."""
        ...
