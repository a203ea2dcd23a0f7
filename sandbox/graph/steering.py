"""Control of what only the fake Facebook has: citizens' comments and the address that hears of them."""

from typing import Any

from sandbox.accounts import FACEBOOK
from sandbox.graph import hooks
from sandbox.ids import fingerprint
from sandbox.state import World
from sandbox.things import Comment

Said = dict[str, Any]


def read_comments(world: World, said: Said) -> Said:
    """Return what stands under a post, hidden comments included: `post` is its id."""
    rows = world.comments_of(FACEBOOK, str(said.get("post")))
    return {"comments": [one.record("comment") for one in rows]}


def add_comment(world: World, said: Said) -> Said:
    """Let a citizen comment: {"post", "text", "name", "parent"}; raises ValueError without such a post."""
    post = world.post(FACEBOOK, str(said.get("post")))
    if post is None or not post.public or not str(said.get("text", "")).strip():
        raise ValueError("a comment needs the id of a public post, and text")
    name = str(said.get("name", "ประชาชน"))
    made = Comment(
        channel=FACEBOOK,
        id=f"{post.id.partition('_')[2]}_{world.graph_numbers.next()}",
        account=post.account,
        post=post.id,
        author=f"{fingerprint('citizen', name) % 10**16:016d}",
        name=name,
        text=str(said["text"]),
        created_at=world.clock.now(),
        parent=str(said.get("parent", "")),
    )
    world.say(made)
    hooks.told(world, made, "add")
    return {"comment": made.record("comment")}


def read_webhook(world: World, _: Said) -> Said:
    """Return who listens, and what was told with the answers."""
    return world.webhooks.describe()


async def set_webhook(world: World, said: Said) -> Said:
    """Challenge an address and tell it from now on: {"url", "verify_token", "repeat"}."""
    await world.webhooks.listen(str(said["url"]), str(said["verify_token"]), int(said.get("repeat", 1)))
    return world.webhooks.describe()
