"""The words all parts share: one word per thing and per state, as domain.md section 6.1 prints them."""

from enum import StrEnum


class Channel(StrEnum):
    """Where a post goes; the form names exactly these two."""

    FACEBOOK = "facebook"
    X = "x"


class Role(StrEnum):
    """What a person may do; one person may hold several."""

    OFFICER = "officer"
    APPROVER = "approver"
    KPI_OFFICER = "kpi_officer"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    SPECIALIST = "specialist"  # of royal language: beside an approver's right, never instead of it


class PostState(StrEnum):
    """Editorial life of a post; the arrows are in core.lifecycle."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """Technical life of one post on one account; the arrows are in core.lifecycle."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PUBLISHED = "published"
    VERIFIED = "verified"
    FAILED = "failed"
    MISSED = "missed"
    HELD = "held"
    CANCELLED = "cancelled"
    NEEDS_HUMAN = "needs_human"


class EventState(StrEnum):
    """Life of an event in the calendar."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"


class PostKind(StrEnum):
    """What a post is for; announce and invite count as telling people beforehand."""

    ANNOUNCE = "announce"
    INVITE = "invite"
    REMINDER = "reminder"
    EVENT_DAY = "event_day"
    RECAP = "recap"
    CLARIFICATION = "clarification"
    CORRECTION = "correction"
    GENERAL = "general"


class MediaKind(StrEnum):
    """What a file shows; a post holds up to ten images, or one GIF, or one video."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"


class MessageKind(StrEnum):
    """What one delivery puts on a platform: a post (or a reply in a thread), or a comment under a post."""

    POST = "post"
    COMMENT = "comment"


class ReplySettings(StrEnum):
    """Who may answer a post on X, in X's own words; everyone is what X assumes."""

    EVERYONE = "everyone"
    FOLLOWING = "following"
    MENTIONED = "mentionedUsers"
    SUBSCRIBERS = "subscribers"
    VERIFIED = "verified"


class Category(StrEnum):
    """The eight kinds of content of the form's level 2 (form lines 28-33)."""

    NEWS = "news"
    CALENDAR = "calendar"
    ORG = "org"
    SERVICE = "service"
    PHOTO = "photo"
    EBOOK = "ebook"
    STATS = "stats"
    FORM = "form"


class Consent(StrEnum):
    """May the people in an album's pictures be shown; unknown keeps pictures with minors from citizens."""

    UNKNOWN = "unknown"
    NO_FACES = "no_faces"
    PUBLIC_EVENT = "public_event"
    CONSENTED = "consented"


class Verdict(StrEnum):
    """What a check found; unknown, undefined and no data are neither pass nor fail."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    UNDEFINED = "undefined"
    NO_DATA = "no_data"


class AttemptPhase(StrEnum):
    """Which call of the send an attempt row stands for; POST and FLIP are public."""

    MEDIA = "media"
    DRAFT = "draft"
    FLIP = "flip"
    POST = "post"


PUBLIC_PHASES = frozenset({AttemptPhase.POST, AttemptPhase.FLIP})


class AttemptOutcome(StrEnum):
    """How one call ended; NONE means that nothing reached the platform."""

    OPEN = "open"
    OK = "ok"
    REJECTED = "rejected"
    RETRY = "retry"
    UNKNOWN = "unknown"
    NONE = "none"


class Health(StrEnum):
    """Whether an account can publish now."""

    UNCHECKED = "unchecked"
    OK = "ok"
    REAUTH = "reauth"
    BLOCKED = "blocked"
    BILLING = "billing"


class AlertKind(StrEnum):
    """What an open alert is about; the comment says what its subject is."""

    MISSED = "missed"  # person: posts of theirs that did not go out in time
    ACCOUNT = "account"  # account: it cannot publish
    ENDING = "ending"  # account: its token, or what it may read, ends soon
    UNSETTLED = "unsettled"  # delivery: on its way, or unclear, beyond its limit
    HUNG = "hung"  # delivery: its living owner sat on it beyond twice its lease
    SILENT = "silent"  # nobody: a worker was silent while posts were due
    CLOCK = "clock"  # nobody: the machine's time jumped
    RESTORED = "restored"  # nobody: the database is older than what was done
    CLOSING = "closing"  # month as 202010: it ends, and its evidence file is not made
    BUDGET = "budget"  # nobody: the month's budget for X leaves nothing for reading figures


class ModeKind(StrEnum):
    """A time in which nothing goes out that was not looked at again."""

    ELECTION = "election"
    MOURNING = "mourning"


class CommentState(StrEnum):
    """What became of a citizen's comment; gone: its writer or the platform took it away."""

    WAITING = "waiting"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    HIDDEN = "hidden"
    GONE = "gone"


class ReplyState(StrEnum):
    """Life of an answer until it is a delivery."""

    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


class ReadingState(StrEnum):
    """Zero, missing and refused are three different things."""

    VALUE = "value"
    MISSING = "missing"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


class Metric(StrEnum):
    """What is counted, in one vocabulary for both platforms."""

    IMPRESSIONS = "impressions"
    REACH = "reach"
    REACTIONS = "reactions"
    COMMENTS = "comments"
    SHARES = "shares"
    CLICKS = "clicks"
    FOLLOWERS = "followers"


class BundleState(StrEnum):
    """Making of one evidence file: a row that a worker picks up."""

    REQUESTED = "requested"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
