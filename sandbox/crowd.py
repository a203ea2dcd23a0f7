"""Control of the crowd: a post's figures, how its audience behaves, and what a citizen says."""

from typing import Any

from sandbox import citizens
from sandbox.accounts import X
from sandbox.audience import count
from sandbox.graph import steering
from sandbox.scripts import SCRIPTS
from sandbox.state import World
from sandbox.things import Post

Said = dict[str, Any]


def read_metrics(world: World, said: Said) -> Said:
    """Return a post's figures as of now and those fixed by hand."""
    post = _post(world, said)
    return {"metrics": count(world, post), "exact": world.books.exact.get(post.key, {})}


def set_metrics(world: World, said: Said) -> Said:
    """Fix a post's figures: {"channel", "id", "metrics": {"impressions": 1200, "reactions": null}}."""
    post = world.post(str(said.get("channel")), str(said.get("id")))
    metrics = said.get("metrics")
    if post is None or not isinstance(metrics, dict):
        raise ValueError("metrics needs channel, id of a post, and metrics")
    unknown = metrics.keys() - count(world, post).keys()
    if unknown:
        raise ValueError(f"no such metrics: {', '.join(sorted(unknown))}")
    world.set_exact(post.key, metrics)
    return read_metrics(world, said)


def read_audience(world: World, _: Said) -> Said:
    """Return the scripts there are, the common one, and the posts that have their own."""
    own = {f"{channel}/{post}": script for (channel, post), script in world.books.scripts.items() if script}
    titles = {name: script.title for name, script in SCRIPTS.items()}
    return {"scripts": titles, "audience": world.settings.audience, "posts": own}


def set_audience(world: World, said: Said) -> Said:
    """Give one post an audience of its own: {"channel", "id", "script"}; an empty script takes it back."""
    post = _post(world, said)
    script = str(said.get("script", ""))
    if script and script not in SCRIPTS:
        raise ValueError(f"script is one of {', '.join(SCRIPTS)}")
    world.set_script(post.key, script)
    return read_audience(world, {})


def add_comment(world: World, said: Said) -> Said:
    """Let a citizen answer a post: {"post", "text", "name"}, on X with {"channel": "x"}."""
    if said.get("channel") != X:
        return steering.add_comment(world, said)
    post = _post(world, {"channel": X, "id": said.get("post")})
    text, name = str(said.get("text", "")), str(said.get("name", "ประชาชน"))
    made = citizens.say(world, post, text, name, world.clock.now())
    return {"comment": {"id": made.id, "text": made.text}}


def _post(world: World, said: Said) -> Post:
    post = world.post(str(said.get("channel")), str(said.get("id")))
    if post is None:
        raise ValueError("no such post")
    return post
