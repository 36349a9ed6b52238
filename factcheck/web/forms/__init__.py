"""What people type: one form per verb, in a file per stem. Everyone imports them from here."""

from factcheck.web.forms.articles import Confidence, Ingest, Lift, LookAgain, Replay, SetAside, TryAgain
from factcheck.web.forms.claims import Begin, DeclareConflict, Statement, WithdrawConflict
from factcheck.web.forms.evidence import Document, EraseConfidence, Person, Remove, Search, Stance
from factcheck.web.forms.factchecks import ImportFactChecks
from factcheck.web.forms.feeds import AddFeed, EditFeed, PollFeed, SwitchFeed
from factcheck.web.forms.fields import Day, DeskForm, Line, page_of_job, version_of
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
from factcheck.web.forms.pairs import ConfirmPair, Pairing, RefusePair, UndoPair
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
    "AddFeed",
    "Approve",
    "Attribute",
    "Begin",
    "Confidence",
    "ConfirmPair",
    "Day",
    "DeclareConflict",
    "DeskForm",
    "Dismiss",
    "DismissClaim",
    "Document",
    "EditFeed",
    "EraseConfidence",
    "ImportFactChecks",
    "Ingest",
    "Lift",
    "Line",
    "LookAgain",
    "Marking",
    "MergeClaims",
    "Pairing",
    "Person",
    "PlaceAgain",
    "PollFeed",
    "Publish",
    "RefusePair",
    "Remove",
    "Replay",
    "RequestChanges",
    "RestoreClaim",
    "Retract",
    "Save",
    "Search",
    "SetAside",
    "SplitClaim",
    "Stance",
    "Statement",
    "Submit",
    "SwitchFeed",
    "TakeOver",
    "TryAgain",
    "Undo",
    "UndoLineage",
    "UndoPair",
    "Withdraw",
    "WithdrawConflict",
    "findings",
    "page_of_job",
    "version_of",
]
