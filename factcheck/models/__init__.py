"""The nouns, in the order of the path. Everyone imports them from here."""

from factcheck.models.rows import Stated  # isort: skip
from factcheck.models.people import PARTNERS_STAY, Desk, Outlet, Role, User  # isort: skip
from factcheck.models.desk_pages import DeskPage  # isort: skip
from factcheck.models.articles import Article, ArticleVersion, Capture, is_partner  # isort: skip
from factcheck.models.keys import ApiKey, Scope  # isort: skip
from factcheck.models.feeds import Feed, FeedEntry, Polling  # isort: skip
from factcheck.models.holds import LitigationHold  # isort: skip
from factcheck.models.unreadable import Unreadable  # isort: skip
from factcheck.models.claims import DIMENSIONS, EARLIEST, KEPT_AWAY, WHENEVER, Anchor, Claim  # isort: skip
from factcheck.models.lineage import Lineage  # isort: skip
from factcheck.models.pairs import ClaimPair  # isort: skip
from factcheck.models.conflicts import ERASED, ConflictOfInterest  # isort: skip
from factcheck.models.sources import MARKED, Lexeme, Passage, Source, SourceCapture  # isort: skip
from factcheck.models.imports import Import, ImportRow  # isort: skip
from factcheck.models.suggestions import Suggestion  # isort: skip
from factcheck.models.reviews import ClaimReview  # isort: skip
from factcheck.models.drafts import Draft  # isort: skip
from factcheck.models.evidence import ConfidentialPart, Evidence, Snapshot  # isort: skip
from factcheck.models.replies import Reply  # isort: skip
from factcheck.models.legal import LegalReading  # isort: skip
from factcheck.models.gate import GateAnswer  # isort: skip
from factcheck.models.links import LinkCheck  # isort: skip
from factcheck.models.readings import MachineReading  # isort: skip
from factcheck.models.checklist import ChecklistAnswer  # isort: skip
from factcheck.models.leases import Lease  # isort: skip
from factcheck.models.comments import Comment  # isort: skip
from factcheck.models.sightings import Sighting  # isort: skip
from factcheck.models.publications import UNLISTED, Publication, PublicationQuerySet  # isort: skip
from factcheck.models.factchecks import FactCheck  # isort: skip
from factcheck.models.requests import ReaderRequest, ReplyAddress  # isort: skip
from factcheck.models.jobs import Job  # isort: skip
from factcheck.models.events import Event  # isort: skip
from factcheck.models.webhooks import WEBHOOK_KINDS, WEBHOOK_TEST, Delivery, WebhookEndpoint  # isort: skip
from factcheck.models.queue import ClaimFilter, SavedView  # isort: skip
from factcheck.models.notices import Follow, Notice, NoticeSettings  # isort: skip
from factcheck.models.searches import Search, Turns  # isort: skip
from factcheck.models.idempotency import KeptAnswer  # isort: skip
from factcheck.models.audit import (  # isort: skip
    DESK_CHAIN,
    GENESIS,
    AuditCheck,
    AuditEntry,
    AuditFinding,
    AuditHead,
    AuditText,
    netstring,
    text_hash,
)

__all__ = [
    "DESK_CHAIN",
    "DIMENSIONS",
    "EARLIEST",
    "ERASED",
    "GENESIS",
    "KEPT_AWAY",
    "MARKED",
    "PARTNERS_STAY",
    "UNLISTED",
    "WEBHOOK_KINDS",
    "WEBHOOK_TEST",
    "WHENEVER",
    "Anchor",
    "ApiKey",
    "Article",
    "ArticleVersion",
    "AuditCheck",
    "AuditEntry",
    "AuditFinding",
    "AuditHead",
    "AuditText",
    "Capture",
    "ChecklistAnswer",
    "Claim",
    "ClaimFilter",
    "ClaimPair",
    "ClaimReview",
    "Comment",
    "ConfidentialPart",
    "ConflictOfInterest",
    "Delivery",
    "Desk",
    "DeskPage",
    "Draft",
    "Event",
    "Evidence",
    "FactCheck",
    "Feed",
    "FeedEntry",
    "Follow",
    "GateAnswer",
    "Import",
    "ImportRow",
    "Job",
    "KeptAnswer",
    "Lease",
    "LegalReading",
    "Lexeme",
    "Lineage",
    "LinkCheck",
    "LitigationHold",
    "MachineReading",
    "Notice",
    "NoticeSettings",
    "Outlet",
    "Passage",
    "Polling",
    "Publication",
    "PublicationQuerySet",
    "ReaderRequest",
    "Reply",
    "ReplyAddress",
    "Role",
    "SavedView",
    "Scope",
    "Search",
    "Sighting",
    "Snapshot",
    "Source",
    "SourceCapture",
    "Stated",
    "Suggestion",
    "Turns",
    "Unreadable",
    "User",
    "WebhookEndpoint",
    "is_partner",
    "netstring",
    "text_hash",
]
