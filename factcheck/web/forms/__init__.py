"""What people type: one form per verb, in a file per stem. Everyone imports them from here."""

from factcheck.web.forms.articles import Confidence, Ingest, Lift, LookAgain, Replay
from factcheck.web.forms.claims import Begin, DeclareConflict, Statement, WithdrawConflict
from factcheck.web.forms.evidence import Document, EraseConfidence, Person, Remove, Search, Stance
from factcheck.web.forms.fields import Day, DeskForm, Line, version_of
from factcheck.web.forms.marking import (
    AddClaim,
    Attribute,
    DismissClaim,
    Marking,
    MergeClaims,
    PlaceAgain,
    RestoreClaim,
    SplitClaim,
    UndoLineage,
)
from factcheck.web.forms.reviews import (
    Abandon,
    Approve,
    Publish,
    RequestChanges,
    Retract,
    Save,
    Submit,
    TakeOver,
    Withdraw,
    findings,
)
from factcheck.web.forms.suggestions import Accept, Dismiss, Undo

__all__ = [
    "Abandon",
    "Accept",
    "AddClaim",
    "Approve",
    "Attribute",
    "Begin",
    "Confidence",
    "Day",
    "DeclareConflict",
    "DeskForm",
    "Dismiss",
    "DismissClaim",
    "Document",
    "EraseConfidence",
    "Ingest",
    "Lift",
    "Line",
    "LookAgain",
    "Marking",
    "MergeClaims",
    "Person",
    "PlaceAgain",
    "Publish",
    "Remove",
    "Replay",
    "RequestChanges",
    "RestoreClaim",
    "Retract",
    "Save",
    "Search",
    "SplitClaim",
    "Stance",
    "Statement",
    "Submit",
    "TakeOver",
    "Undo",
    "UndoLineage",
    "Withdraw",
    "WithdrawConflict",
    "findings",
    "version_of",
]
