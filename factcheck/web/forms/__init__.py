"""What people type: one form per verb, in a file per stem. Everyone imports them from here."""

from factcheck.web.forms.articles import Confidence, Ingest, Lift, Replay
from factcheck.web.forms.claims import Begin, DeclareConflict, Statement, WithdrawConflict
from factcheck.web.forms.evidence import Document, EraseConfidence, Person, Remove, Search, Stance
from factcheck.web.forms.feeds import AddFeed, EditFeed, PollFeed, SwitchFeed
from factcheck.web.forms.fields import Day, DeskForm, Line, page_of_job, version_of
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
    "AddFeed",
    "Approve",
    "Begin",
    "Confidence",
    "Day",
    "DeclareConflict",
    "DeskForm",
    "Dismiss",
    "Document",
    "EditFeed",
    "EraseConfidence",
    "Ingest",
    "Lift",
    "Line",
    "Person",
    "PollFeed",
    "Publish",
    "Remove",
    "Replay",
    "RequestChanges",
    "Retract",
    "Save",
    "Search",
    "Stance",
    "Statement",
    "Submit",
    "SwitchFeed",
    "TakeOver",
    "Undo",
    "Withdraw",
    "WithdrawConflict",
    "findings",
    "page_of_job",
    "version_of",
]
