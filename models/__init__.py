"""All tables, so that whoever imports the package knows the whole schema."""

from models.accounts import Account, Switch
from models.alerts import Alert
from models.appending import APPENDED
from models.attestations import Attestation, ReviewSample, SampleConfirmation, SampleScore, SampleTalk
from models.audit import AuditEvent
from models.base import Base
from models.calendar import Event, Holiday, PlanDocument
from models.comments import Comment, CommentLook, Reply, WebhookNote
from models.connecting import AppKeys, Handshake
from models.content import ContentItem, ContentVersion, DownloadCount, LinkCheck, PostWords, RestoreCheck
from models.costs import Charge
from models.criteria import Baseline, CriteriaText
from models.deliveries import Attempt, Delivery, Incarnation, Snapshot, StagedMedia
from models.epochs import Epoch
from models.evidence import (
    EvaluationRun,
    EvidenceBundle,
    FormImport,
    FormText,
    ProgressEntry,
    ReportLine,
    Suggestion,
)
from models.floors import SchemaFloor
from models.media import MediaFacts
from models.metrics import Reading
from models.modes import Clearance, Mode
from models.office import (
    Correction,
    ExecutiveReport,
    Improvement,
    MonthCount,
    NoCorrection,
    OutsideLook,
    OutsideMark,
    OutsidePost,
    PostMark,
    ProfileCheck,
    Survey,
)
from models.people import LoginSession, LoginTry, Person, PersonRole
from models.posts import Asset, Move, Post, PostCategory, PostMedia, PostVariant, Review
from models.probes import ProbeRecord
from models.reference import ReferenceEntry

__all__ = [
    "APPENDED",
    "Account",
    "Alert",
    "AppKeys",
    "Asset",
    "Attempt",
    "Attestation",
    "AuditEvent",
    "Base",
    "Baseline",
    "Charge",
    "Clearance",
    "Comment",
    "CommentLook",
    "ContentItem",
    "ContentVersion",
    "Correction",
    "CriteriaText",
    "Delivery",
    "DownloadCount",
    "Epoch",
    "EvaluationRun",
    "Event",
    "EvidenceBundle",
    "ExecutiveReport",
    "FormImport",
    "FormText",
    "Handshake",
    "Holiday",
    "Improvement",
    "Incarnation",
    "LinkCheck",
    "LoginSession",
    "LoginTry",
    "MediaFacts",
    "Mode",
    "MonthCount",
    "Move",
    "NoCorrection",
    "OutsideLook",
    "OutsideMark",
    "OutsidePost",
    "Person",
    "PersonRole",
    "PlanDocument",
    "Post",
    "PostCategory",
    "PostMark",
    "PostMedia",
    "PostVariant",
    "PostWords",
    "ProbeRecord",
    "ProfileCheck",
    "ProgressEntry",
    "Reading",
    "ReferenceEntry",
    "Reply",
    "ReportLine",
    "RestoreCheck",
    "Review",
    "ReviewSample",
    "SampleConfirmation",
    "SampleScore",
    "SampleTalk",
    "SchemaFloor",
    "Snapshot",
    "StagedMedia",
    "Suggestion",
    "Survey",
    "Switch",
    "WebhookNote",
]
