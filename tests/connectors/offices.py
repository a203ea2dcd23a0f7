"""One office per channel over the sandbox: what the contract's cases are held to."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from connectors.base import Access, Connector, Listing, Media, Message, Receipt, Staged, Unfinished
from connectors.registry import build_connectors
from core.clock import Clock, SetClock, SystemClock
from core.config import Settings
from core.vocab import Channel, MediaKind, MessageKind
from tests.films import TINY, padded
from tests.sandbox_server import SandboxHandle

TEXT = "ขอเชิญร่วมงานวันต้นไม้ & ปลูกต้นไม้ <ฟรี> ดูที่ https://www.bangkok.go.th/trees"
FILM = Media("f1" * 32, "video/mp4", TINY, "ขบวนเรือในคลองโอ่งอ่าง", MediaKind.VIDEO)


def long_film(size: int) -> Media:
    """Return a film of exactly so many bytes."""
    return replace(FILM, content=padded(size))


def moving_picture() -> Media:
    """Return a GIF of two frames."""
    content = BytesIO()
    frames = [Image.new("P", (64, 36), number) for number in (3, 90)]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], duration=200)
    return Media("91" * 32, "image/gif", content.getvalue(), "พลุเหนือแม่น้ำเจ้าพระยา", MediaKind.GIF)


@dataclass
class Office:
    """A channel's connector and demo account, and the sandbox behind them."""

    channel: Channel
    connector: Connector
    access: Access
    sandbox: SandboxHandle
    clock: Clock

    def publish(self, text: str = TEXT, media_ids: tuple[str, ...] = (), **more: Any) -> Receipt:
        with self.connector.open(self.access) as line:
            return line.publish(Message(text, media_ids=media_ids, **more))

    def answer(self, text: str, above: str) -> Receipt:
        """Say something under a post: a comment, or on X a post that answers it."""
        kind = MessageKind.COMMENT if self.channel is Channel.FACEBOOK else MessageKind.POST
        return self.publish(text, kind=kind, reply_to=above)

    def answers_under(self, post_id: str, since: datetime) -> Listing:
        """Return what we said under a post, as the read-back finds it."""
        if self.channel is Channel.FACEBOOK:
            return self.connector.find_replies(self.access, post_id)
        found = self.connector.find(self.access, since)
        return Listing(tuple(one for one in found.posts if one.reply_to), found.complete)

    def citizen(self, text: str, post_id: str) -> str:
        """Let somebody else say something under a post; return its id."""
        said = {"channel": self.channel.value, "post": post_id, "text": text, "name": "สมหญิง จำลอง"}
        return str(self.sandbox.ask("POST", "/__control/comments", said)["comment"]["id"])

    def carry_on(self, media: Media) -> tuple[Staged, list[str]]:
        """Stage until it is done, waiting as told; return the end and the reasons on the way."""
        reasons = []
        for _ in range(12):
            try:
                return self.connector.stage(self.access, media), reasons
            except Unfinished as unfinished:
                reasons.append(unfinished.code)
                media = replace(media, resume=unfinished.resume)
                self.later(timedelta(seconds=max(unfinished.wait_s, 1)))
        raise AssertionError(reasons)

    def later(self, delta: timedelta) -> None:
        """Let time pass for both sides."""
        if isinstance(self.clock, SetClock):
            self.clock.advance(delta)
            self.sandbox.set_clock(self.clock.now().isoformat())

    def fault(self, operation: str, kind: str, **params: Any) -> None:
        self.sandbox.fault(self.channel, operation, kind, **params)

    def public(self) -> list[dict[str, Any]]:
        return self.sandbox.ledger(self.channel)


def office_of(channel: Channel, sandbox: SandboxHandle, read_s: float, clock: Clock | None = None) -> Office:
    """Open a channel's office; with a clock of its own the sandbox stands where that clock stands."""
    told = sandbox.credentials(channel)
    settings = Settings(facebook_url=sandbox.graph_url, x_url=sandbox.base_url, read_timeout_s=read_s)
    access = Access(channel, told["external_id"], told["secrets"])
    if clock is not None:
        sandbox.set_clock(clock.now().isoformat())
    kept = clock or SystemClock()
    return Office(channel, build_connectors(settings, kept)[channel], access, sandbox, kept)
