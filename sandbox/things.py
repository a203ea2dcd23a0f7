"""What the sandbox's world is made of: posts, media and comments."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(slots=True)
class Media:
    """A picture or film handed in. `sha256` names its bytes; `post` is the post that shows it."""

    channel: str
    id: str
    account: str
    mime: str
    size: int
    created_at: datetime
    sha256: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    category: str = ""
    state: str = "ready"
    ready_at: str = ""
    post: str = ""

    def record(self) -> dict[str, Any]:
        return {"kind": "media", **asdict(self), "created_at": self.created_at.isoformat()}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        known = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        return cls(**known | {"created_at": datetime.fromisoformat(record["created_at"])})


@dataclass(slots=True, eq=False)
class Post:
    """A post on a fake timeline; `public` is False while it is an unpublished draft; `media` holds ids."""

    channel: str
    id: str
    account: str
    text: str
    created_at: datetime
    link: str = ""
    media: list[str] = field(default_factory=list)
    reply_to: str = ""
    poll: dict[str, Any] = field(default_factory=dict)
    reply_settings: str = ""
    public: bool = True
    deleted: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return (self.channel, self.id)

    def public_record(self) -> dict[str, Any]:
        return {
            "accepted_at": self.created_at.isoformat(),
            "channel": self.channel,
            "account": self.account,
            "id": self.id,
            "text": self.text,
            "link": self.link,
            "media_ids": self.media,
            "reply_to": self.reply_to,
            "poll": self.poll,
            "reply_settings": self.reply_settings,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any], *, public: bool) -> Self:
        return cls(
            channel=record["channel"],
            id=record["id"],
            account=record["account"],
            text=record["text"],
            created_at=datetime.fromisoformat(record["accepted_at"]),
            link=record["link"],
            media=list(record["media_ids"]),
            reply_to=record["reply_to"],
            poll=record.get("poll", {}),
            reply_settings=record.get("reply_settings", ""),
            public=public,
        )


@dataclass(slots=True, eq=False)
class Comment:
    """What somebody said under a post; `author` is the account's own id for our words, else a citizen's.

    `parent` is the comment it answers, empty directly under the post.
    """

    channel: str
    id: str
    account: str
    post: str
    author: str
    name: str
    text: str
    created_at: datetime
    parent: str = ""
    hidden: bool = False
    deleted: bool = False

    @property
    def ours(self) -> bool:
        """Say whether the account itself wrote it."""
        return self.author == self.account

    def record(self, kind: str) -> dict[str, Any]:
        return {"kind": kind, **asdict(self), "created_at": self.created_at.isoformat()}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        known = {name: record[name] for name in cls.__dataclass_fields__}
        return cls(**known | {"created_at": datetime.fromisoformat(record["created_at"])})
