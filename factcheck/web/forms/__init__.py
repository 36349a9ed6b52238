"""What people type: one form per verb, in a file per stem. Everyone imports them from here."""

from factcheck.web.forms.articles import Confidence, Ingest, Lift, Replay, SetAside, TryAgain
from factcheck.web.forms.claims import Begin, DeclareConflict, Statement, WithdrawConflict
from factcheck.web.forms.evidence import Document, EraseConfidence, Person, Remove, Search, Stance
from factcheck.web.forms.fields import Day, DeskForm, Line, version_of
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
    "Approve",
    "Begin",
    "Confidence",
    "Day",
    "DeclareConflict",
    "DeskForm",
    "Dismiss",
    "Document",
    "EraseConfidence",
    "Ingest",
    "Lift",
    "Line",
    "Person",
    "Publish",
    "Remove",
    "Replay",
    "RequestChanges",
    "Retract",
    "Save",
    "Search",
    "SetAside",
    "Stance",
    "Statement",
    "Submit",
    "TakeOver",
    "TryAgain",
    "Undo",
    "Withdraw",
    "WithdrawConflict",
    "findings",
    "version_of",
]
