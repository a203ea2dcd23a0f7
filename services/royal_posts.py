"""Posts that speak of the monarchy: only an approver who knows royal language may let them out."""

from core.errors import Forbidden
from core.vocab import Role
from language.royal import royal_words
from models.calendar import Event
from models.people import Person
from models.posts import Post
from services.post_parts import texts_of


def is_royal(post: Post, event: Event | None) -> bool:
    """Say whether a post must go to a specialist: by its event's mark or by its own words."""
    return (event is not None and event.royal) or bool(words_of(post))


def words_of(post: Post) -> tuple[str, ...]:
    """Return the words of a post, in any of its texts, that belong to royal language."""
    return royal_words("\n".join([post.title, *(text for _, _, text in texts_of(post))]))


def check_specialist(post: Post, event: Event | None, person: Person) -> None:
    """Refuse an approver who is no specialist a royal post; raises `specialist_needed`."""
    if is_royal(post, event) and Role.SPECIALIST not in person.roles:
        named = words_of(post) or ((event.title,) if event is not None else ())
        raise Forbidden("specialist_needed", words=", ".join(named))
