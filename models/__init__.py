"""All tables, so that whoever imports the package knows the whole schema."""

from models.accounts import Account, Switch
from models.alerts import Alert
from models.appending import APPENDED
from models.audit import AuditEvent
from models.base import Base
from models.calendar import Event, Holiday, PlanDocument
from models.comments import Comment, CommentLook, Reply, WebhookNote
from models.connecting import AppKeys, Handshake
from models.content import ContentItem, ContentVersion, DownloadCount, LinkCheck, PostWords, RestoreCheck
from models.deliveries import Attempt, Delivery, Incarnation, Snapshot, StagedMedia
from models.epochs import Epoch
from models.evidence import EvaluationRun, EvidenceBundle, FormImport, ProgressEntry, Suggestion
from models.media import MediaFacts
from models.metrics import Reading
from models.modes import Clearance, Mode
from models.people import LoginSession, LoginTry, Person, PersonRole
from models.posts import Asset, Move, Post, PostCategory, PostVariant, Review
from models.probes import ProbeRecord
from models.reference import ReferenceEntry

__all__ = [
    "APPENDED",
    "Account",
    "Alert",
    "AppKeys",
    "Asset",
    "Attempt",
    "AuditEvent",
    "Base",
    "Clearance",
    "Comment",
    "CommentLook",
    "ContentItem",
    "ContentVersion",
    "Delivery",
    "DownloadCount",
    "Epoch",
    "EvaluationRun",
    "Event",
    "EvidenceBundle",
    "FormImport",
    "Handshake",
    "Holiday",
    "Incarnation",
    "LinkCheck",
    "LoginSession",
    "LoginTry",
    "Mode",
    "MediaFacts",
    "Move",
    "Person",
    "PersonRole",
    "PlanDocument",
    "Post",
    "PostCategory",
    "PostVariant",
    "PostWords",
    "ProbeRecord",
    "ProgressEntry",
    "Reading",
    "ReferenceEntry",
    "Reply",
    "RestoreCheck",
    "Review",
    "Snapshot",
    "StagedMedia",
    "Suggestion",
    "Switch",
    "WebhookNote",
]
