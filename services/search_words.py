"""What search compares of posts and events, and filling it in where rows are older than search."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from language.collation import search_key
from models.calendar import Event
from models.content import ContentItem, PostWords
from models.posts import Post
from services.post_parts import texts_of
from services.runtime import Runtime
from services.versions import refresh_search

AT_ONCE = 500


def words_of_post(post: Post) -> str:
    """Return what search compares of a post: its title and the text of every channel."""
    return search_key("\n".join([post.title, *(text for _, _, text in texts_of(post))]))


def words_of_event(event: Event) -> str:
    """Return what search compares of an event."""
    words = (event.title, event.place, event.host, event.target_group, event.description)
    return search_key("\n".join(words))


def fill_in(rt: Runtime) -> int:
    """Note the words of rows that came before there was search; return how many, some hundred at once."""
    with rt.sessions.begin() as session:
        items = session.scalars(select(ContentItem).where(ContentItem.search_key.is_(None)).limit(AT_ONCE))
        events = session.scalars(select(Event).where(Event.search_key.is_(None)).limit(AT_ONCE))
        found = [*items], [*events], _posts(session)
        for item in found[0]:
            refresh_search(item)
        for event in found[1]:
            event.search_key = words_of_event(event)
        session.add_all(PostWords(post_id=post.id, search_key=words_of_post(post)) for post in found[2])
    return sum(map(len, found))


def _posts(session: Session) -> list[Post]:
    known = select(PostWords.post_id).where(PostWords.post_id == Post.id).exists()
    wanted = select(Post).where(Post.approved_revision.is_not(None), ~known).order_by(Post.id).limit(AT_ONCE)
    return list(session.scalars(wanted))
