"""The world in memory. What lasts is written to disk first and then applied; a restart replays it."""

import bisect
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sandbox.accounts import Account, Token, demo_accounts, mark_of, tokens_of
from sandbox.clock import Clock
from sandbox.config import Config
from sandbox.faults import Faults
from sandbox.ids import GraphNumbers, Snowflakes
from sandbox.ledger import Ledger, Record
from sandbox.requestlog import RequestLog
from sandbox.settings import Settings
from sandbox.things import Comment, Media, Post
from sandbox.webhooks import Webhooks
from sandbox.xapi.limits import Limits
from sandbox.xapi.prices import Prices

Key = tuple[str, str]


@dataclass
class Books:
    """What the records add up to. Keys are (channel, id); timelines hold what is public, oldest first."""

    accounts: dict[Key, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)  # by `mark_of` the credential
    posts: dict[Key, Post] = field(default_factory=dict)
    timelines: dict[Key, list[Post]] = field(default_factory=dict)
    media: dict[Key, Media] = field(default_factory=dict)
    comments: dict[Key, Comment] = field(default_factory=dict)
    exact: dict[Key, dict[str, int | None]] = field(default_factory=dict)
    said: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    scripts: dict[Key, str] = field(default_factory=dict)  # posts whose audience is not the common one
    heard: Counter[Key] = field(default_factory=Counter)  # how many citizens answered a post

    def token_of(self, secret: str) -> Token | None:
        """Return what a credential opens, or opened while it lived; None if it was never handed out."""
        return self.tokens.get(mark_of(secret))

    def offices(self, channel: str) -> list[Account]:
        """Return the accounts of a platform that somebody can be signed in to."""
        return [one for one in self.accounts.values() if one.channel == channel and not one.citizen]


class World:
    """Accounts, posts, media and the rules in force. Lives on one event loop, so it needs no locks."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.clock = Clock()
        self.log = RequestLog()
        self.ledger = Ledger(config.data / "ledger.jsonl", fsync=config.fsync)
        self.backstage = Ledger(config.data / "backstage.jsonl", fsync=config.fsync)
        self._start_over()
        for record in [*self.backstage.read(), *self.ledger.read()]:
            self._apply(record)

    def reset(self) -> None:
        """Forget everything; both files are put aside under a number, not deleted."""
        self.ledger.rotate()
        self.backstage.rotate()
        self.clock.follow_real()
        self.log.clear()
        self._start_over()

    def close(self) -> None:
        self.ledger.close()
        self.backstage.close()

    def add_account(self, account: Account) -> None:
        self._write(self.backstage, account.record())

    def publish(self, post: Post) -> None:
        """Make a post public: on disk first, then visible."""
        media = self.media_of(post)
        seen = {"media": [one.sha256 for one in media], "alt": [one.alt for one in media]}
        self._write(self.ledger, {"kind": "publish"} | post.public_record() | seen)

    def overhear(self, post: Post) -> None:
        """Take in what a citizen posts: seen by all, but none of our doing."""
        self._write(self.backstage, {"kind": "publish"} | post.public_record())

    def keep_draft(self, post: Post) -> None:
        self._write(self.backstage, {"kind": "draft"} | post.public_record())

    def edit(self, post: Post, text: str) -> None:
        """Put another text in a post's or a draft's place."""
        self._write(self._book_of(post), self._change("edit", post) | {"text": text})

    def delete(self, post: Post) -> None:
        """Take a post off its timeline, or forget a draft."""
        self._write(self._book_of(post), self._change("delete", post))

    def keep_media(self, media: Media, content: bytes = b"") -> None:
        """Remember a medium or what changed about it; its bytes are stored under their hash."""
        if content:
            media.sha256 = hashlib.sha256(content).hexdigest()
            path = self.media_path(media)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self._write(self.backstage, media.record())

    def say(self, comment: Comment) -> None:
        """Put a comment under its post: ours goes into the ledger, a citizen's backstage."""
        record = {"accepted_at": comment.created_at.isoformat()} | comment.record("comment")
        self._write(self.ledger if comment.ours else self.backstage, record)

    def change_comment(self, comment: Comment) -> None:
        """Remember what changed about a comment."""
        self._write(self.ledger if comment.ours else self.backstage, comment.record("comment_changed"))

    def hand_out(self, secret: str, token: Token) -> None:
        """Remember what a new credential opens."""
        self.change_token(mark_of(secret), token)

    def change_token(self, mark: str, token: Token) -> None:
        """Remember what became of a credential."""
        self._write(self.backstage, token.record(mark))

    def comments_of(self, channel: str, post_id: str) -> list[Comment]:
        """Return what stands under a post, oldest first; what was deleted is not there."""
        found = (one for one in self.books.comments.values() if (one.channel, one.post) == (channel, post_id))
        return sorted((one for one in found if not one.deleted), key=lambda one: one.created_at)

    def set_exact(self, key: Key, metrics: dict[str, int | None]) -> None:
        """Fix a post's metrics: None makes one unknown; an empty dict gives the post back to its audience."""
        self._write(self.backstage, {"kind": "metrics", "channel": key[0], "id": key[1], "metrics": metrics})

    def set_script(self, key: Key, script: str) -> None:
        """Give one post an audience of its own; empty: the common one again."""
        self._write(self.backstage, {"kind": "audience", "channel": key[0], "id": key[1], "script": script})

    def media_path(self, media: Media) -> Path:
        return self.config.data / "media" / media.sha256

    def post(self, channel: str, post_id: str) -> Post | None:
        """Return a post that has not been deleted; drafts included."""
        post = self.books.posts.get((channel, post_id))
        return None if post is None or post.deleted else post

    def timeline(self, channel: str, account: str) -> list[Post]:
        """Return an account's public posts, oldest first."""
        return self.books.timelines.get((channel, account), [])

    def replies_to(self, post: Post) -> list[Post]:
        """Return what citizens posted in answer to a post, oldest first."""
        people = (posts for key, posts in self.books.timelines.items() if self.books.accounts[key].citizen)
        found = [one for posts in people for one in posts if one.reply_to == post.id]
        return sorted(found, key=lambda one: one.created_at)

    def media_of(self, post: Post) -> list[Media]:
        return [self.books.media[post.channel, one] for one in post.media]

    def _start_over(self) -> None:
        self.books = Books()
        self.faults = Faults(self.config.seed)
        self.settings = Settings(citizens=self.config.citizens)
        self.limits = Limits()
        self.calls: Counter[str] = Counter()
        self.uploads: dict[str, object] = {}  # uploads in segments, kept by the X side
        self.films: dict[str, object] = {}  # uploads in chunks, kept by the Graph side
        self.webhooks = Webhooks()
        self.codes: dict[str, object] = {}  # sign-ins on their way, kept by either side
        self.prices = Prices()
        self.snowflakes = Snowflakes()
        self.graph_numbers = GraphNumbers(self.config.seed)
        for account in demo_accounts():
            self._apply(account.record())

    def _write(self, ledger: Ledger, record: Record) -> None:
        ledger.append(record)
        self._apply(record)

    def _book_of(self, post: Post) -> Ledger:
        return self.ledger if post.public else self.backstage

    def _change(self, kind: str, post: Post) -> Record:
        what = {"kind": kind, "accepted_at": self.clock.now().isoformat()}
        return what | {"channel": post.channel, "account": post.account, "id": post.id}

    def _apply(self, record: Record) -> None:
        key = (record["channel"], record["id"])
        match record["kind"]:
            case "account":
                account = Account.of(record)
                self.books.accounts[key] = account
                made = {mark_of(secret): token for secret, token in tokens_of(account).items()}
                self.books.tokens = made | self.books.tokens
            case "media":
                self._remember(key)
                self.books.media[key] = Media.of(record)
            case "comment" | "comment_changed" as kind:
                self._remember(key)
                self._hear(Comment.of(record), new=kind == "comment")
            case "token":
                self.books.tokens[record["id"]] = Token.of(record)
            case "draft" | "publish" as kind:
                self._place(Post.of(record, public=kind == "publish"))
            case _:
                self._alter(key, record)

    def _alter(self, key: Key, record: Record) -> None:
        match record["kind"]:
            case "edit":
                self.books.posts[key].text = record["text"]
            case "delete":
                self._take_down(self.books.posts[key])
            case "metrics":
                self.books.exact[key] = record["metrics"]
            case "audience":
                self.books.scripts[key] = record["script"]

    def _hear(self, comment: Comment, *, new: bool) -> None:
        self.books.comments[comment.channel, comment.id] = comment
        if new and not comment.ours:
            self.books.heard[comment.channel, comment.post] += 1

    def _place(self, post: Post) -> None:
        self._remember(post.key)
        self.books.posts[post.key] = post
        if not post.public:
            return
        timeline = self.books.timelines.setdefault((post.channel, post.account), [])
        bisect.insort(timeline, post, key=lambda one: one.created_at)
        self.books.said[post.channel, post.account, post.text] = post.created_at
        for one in post.media:
            self.books.media[post.channel, one].post = post.id
        if post.reply_to and self.books.accounts[post.channel, post.account].citizen:
            self.books.heard[post.channel, post.reply_to] += 1

    def _take_down(self, post: Post) -> None:
        post.deleted = True
        if post.public:
            self.books.timelines[post.channel, post.account].remove(post)
            self.books.said.pop((post.channel, post.account, post.text), None)

    def _remember(self, key: Key) -> None:
        numbers = self.graph_numbers if key[0] == "facebook" else self.snowflakes
        numbers.remember(key[1])
