"""Citizens who answer posts in Thai: one after another as a post grows older, the same for the same seed."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sandbox.accounts import FACEBOOK, Account, X
from sandbox.audience import count, script_of
from sandbox.graph import hooks
from sandbox.ids import fingerprint
from sandbox.state import World
from sandbox.things import Comment, Post
from sandbox.voices import MEN, SAYINGS, WOMEN

RECENT = 50  # posts of an account that citizens still answer
HALF_TIME_S = 2 * 3600.0


def speak(world: World) -> None:
    """Let everybody speak whose time has come; nobody while the setting `citizens` is 0."""
    if not world.settings.citizens:
        return
    for post in list(_answered(world)):
        _speak_under(world, post)


def say(world: World, post: Post, text: str, name: str, at: datetime) -> Comment | Post:
    """Let a citizen answer a post: a comment under a Page's post, a reply that mentions us on X."""
    if post.channel == X:
        return _reply(world, post, text, name, at)
    made = Comment(
        channel=FACEBOOK,
        id=f"{post.id.partition('_')[2]}_{world.graph_numbers.next()}",
        account=post.account,
        post=post.id,
        author=f"{fingerprint('citizen', name) % 10**16:016d}",
        name=name,
        text=text,
        created_at=at,
    )
    world.say(made)
    hooks.told(world, made, "add")
    return made


def _answered(world: World) -> Iterator[Post]:
    """Give the posts that citizens answer: recent ones of the office's accounts that answer nothing."""
    for key, posts in world.books.timelines.items():
        if not world.books.accounts[key].citizen:
            yield from (post for post in posts[-RECENT:] if not post.reply_to)


def _speak_under(world: World, post: Post) -> None:
    now = world.clock.now()
    wanted, speed = world.settings.citizens, world.settings.audience_speed
    age_s = (now - post.created_at).total_seconds() * speed
    while (place := world.books.heard[post.key]) < wanted:
        due_s = _due_s(place, wanted)
        if age_s < due_s or place >= (count(world, post)["comments"] or 0):
            return
        text, name = _words(world, post, place)
        say(world, post, text, name, min(post.created_at + timedelta(seconds=due_s / speed), now))


def _due_s(place: int, most: int) -> float:
    """Return the age of a post at which its next citizen speaks: half of them within two hours."""
    return -HALF_TIME_S / math.log(2) * math.log(1 - (place + 0.5) / most)


def _words(world: World, post: Post, place: int) -> tuple[str, str]:
    """Return what the next citizen says, and who it is; nobody repeats the one before."""
    seed = world.config.seed
    moods = script_of(world, post).moods
    draw = Random(fingerprint(seed, post.id, place))  # noqa: S311 - whoever speaks is no secret
    (mood,) = draw.choices(list(moods), list(moods.values()))
    sayings = SAYINGS[mood]
    first = fingerprint(seed, post.id, mood)
    text = sayings[(first + place) % len(sayings)]
    names = MEN if "ครับ" in text else WOMEN  # who says ครับ is a man
    return text, names[(fingerprint(seed, post.id) + place) % len(names)]


def _reply(world: World, post: Post, text: str, name: str, at: datetime) -> Post:
    author = _user(world, name)
    office = world.books.accounts[X, post.account]
    made = Post(
        channel=X,
        id=world.snowflakes.next(at),
        account=author.id,
        text=f"@{office.username} {text}",
        created_at=at,
        reply_to=post.id,
    )
    world.overhear(made)
    return made


def _user(world: World, name: str) -> Account:
    """Return a citizen's account on X, made when they first speak."""
    number = fingerprint("citizen", X, name) % 10**16
    key = (X, f"20{number:016d}")
    if key not in world.books.accounts:
        world.add_account(Account(*key, name, f"citizen_{number % 10**6:06d}", followers=40, citizen=True))
    return world.books.accounts[key]
