"""What Facebook tells a subscribed Page's office about its feed: one signed POST per change."""

from sandbox.ids import graph_time
from sandbox.state import World
from sandbox.things import Comment


def told(world: World, comment: Comment, verb: str) -> None:
    """Tell whoever listens about a comment; a citizen's name stays out as Facebook leaves it out."""
    value = {
        "item": "comment",
        "verb": verb,
        "post_id": comment.post,
        "comment_id": comment.id,
        "parent_id": comment.parent or comment.post,
        "from": {"id": comment.author, "name": comment.name},
        "message": comment.text,
        "created_time": int(comment.created_at.timestamp()),
        "post": {"id": comment.post, "updated_time": graph_time(world.clock.now())},
    }
    world.webhooks.tell(comment.account, value, int(world.clock.now().timestamp()))
