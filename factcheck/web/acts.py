"""The trail in words: what each verb did, from what to what, and where to see what it was done to."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import formats
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from factcheck.models import (
    Anchor,
    ApiKey,
    Article,
    AuditEntry,
    Claim,
    ClaimPair,
    ClaimReview,
    Comment,
    ConflictOfInterest,
    Evidence,
    FactCheck,
    Feed,
    GateAnswer,
    Import,
    Job,
    LegalReading,
    LitigationHold,
    Outlet,
    Publication,
    ReaderRequest,
    Reply,
    Role,
    Search,
    Source,
    Suggestion,
    User,
)
from factcheck.workflow import audit

# {who} is a person's name, the machine, or an operator.
VERBS: dict[str, Any] = {
    "article.ingested": lazy("{who} took the article in."),
    "article.came_by_feed": lazy("{who} took the article from a feed."),
    "article.fetched": lazy("{who} fetched the article’s page."),
    "article.looked_at": lazy("{who} had the article’s page looked at again."),
    "article.changed": lazy("{who} found that the article’s page had changed, and kept its new text."),
    "article.orphaned": lazy("{who} did not find the words of some claims in the new text."),
    "unreadable.kept": lazy("{who} sent something in that could not be read."),
    "unreadable.fetched": lazy("{who} fetched a page that could not be read."),
    "unreadable.taken": lazy("{who} had something taken in that could not be read before."),
    "unreadable.set_aside": lazy("{who} set something aside that could not be read."),
    "article.split": lazy("{who} split the article into claims."),
    "article.sees": lazy("{who} decided who sees the article."),
    "article.outside_search": lazy("{who} decided whether services outside are asked about the article’s claims."),
    "claim.added": lazy("{who} added the claim."),
    "claim.statement": lazy("{who} put the claim into other words."),
    "claim.attributed": lazy("{who} corrected who made the claim, or of what kind it is."),
    "claim.assigned": lazy("{who} decided who is to work on the claim."),
    "claim.due": lazy("{who} decided until when the claim is to be checked."),
    "claim.prioritised": lazy("{who} decided how urgent the claim is."),
    "claim.detected": lazy("{who} put the claim back among those to be checked."),
    "claim.in_review": lazy("{who} took the claim into review."),
    "claim.reviewed": lazy("{who} set the claim to reviewed."),
    "claim.dismissed": lazy("{who} dismissed the claim."),
    "claim.superseded": lazy("{who} replaced the claim by others."),
    "anchor.exact": lazy("{who} said where the claim stands in the new text."),
    "anchor.orphaned": lazy("{who} lost the claim’s place in the text."),
    "suggestion.accepted": lazy("{who} accepted the suggestion."),
    "suggestion.dismissed": lazy("{who} dismissed the suggestion."),
    "suggestion.pending": lazy("{who} put the suggestion back among those to be decided."),
    "claimpair.confirmed": lazy("{who} found that two claims of different articles say the same."),
    "claimpair.refused": lazy("{who} found that two claims of different articles do not say the same."),
    "claimpair.proposed": lazy("{who} took back what was found about two claims of different articles."),
    "evidence.added": lazy("{who} added a piece of evidence."),
    "evidence.copied": lazy("{who} took a piece of evidence over from the published review."),
    "evidence.stance": lazy("{who} changed what a piece of evidence does for the claim."),
    "evidence.translated": lazy("{who} said in which language a document’s words are, or translated them."),
    "evidence.told_in_confidence": lazy("{who} noted what a person had told in confidence, for these people."),
    "evidence.confidence_erased": lazy("{who} erased what a person had told in confidence."),
    "evidence.removed": lazy("{who} took a piece of evidence out."),
    "reply.asked": lazy("{who} wrote down who was asked for a reply."),
    "reply.none_asked": lazy("{who} wrote down why nobody was asked for a reply."),
    "reply.copied": lazy("{who} took over who was asked for a reply, and what they answered."),
    "reply.answered": lazy("{who} wrote down what was answered."),
    "reply.removed": lazy("{who} took out who was asked for a reply."),
    "gateanswer.given": lazy("{who} answered a doubt of the machine about the review."),
    "legalreading.marked": lazy("{who} asked for a legal reading."),
    "legalreading.cleared": lazy("{who} read the review for its legal risk and cleared it."),
    "claimreview.review_again": lazy("{who} decided when the fact-check is to be looked at again."),
    "claimreview.begun": lazy("{who} began the review."),
    "claimreview.taken_over": lazy("{who} took the draft over."),
    "claimreview.released": lazy("{who} let the draft go: its writer left, or keeps away."),
    "claimreview.saved": lazy("{who} wrote in the review."),
    "claimreview.described": lazy("{who} said who made the claim and where, or translated its words."),
    "claimreview.answered": lazy("{who} answered the method checklist."),
    "claimreview.submitted": lazy("{who} handed the review over for approval."),
    "claimreview.draft": lazy("{who} made the review a draft again."),
    "claimreview.approved": lazy("{who} approved the review."),
    "claimreview.signed": lazy("{who} signed what the review says and rests on."),
    "claimreview.abandoned": lazy("{who} gave the draft up."),
    "claimreview.scheduled": lazy("{who} decided when the review goes out."),
    "claimreview.not_published": lazy("{who} could not publish the review at its hour."),
    "claimreview.published": lazy("{who} set the review to published."),
    "claimreview.superseded": lazy("{who} replaced the published review by a newer one."),
    "claimreview.retracted": lazy("{who} took the published review back."),
    "comment.written": lazy("{who} commented."),
    "comment.resolved": lazy("{who} resolved a comment."),
    "comment.open": lazy("{who} opened a comment again."),
    "comment.withdrawn": lazy("{who} withdrew a comment."),
    "conflictofinterest.declared": lazy("{who} declared a conflict of interest."),
    "conflictofinterest.withdrawn": lazy("{who} found that a conflict of interest is over."),
    "readerrequest.asked": lazy("A reader asked for a correction, or told the desk something."),
    "readerrequest.taken": lazy("{who} took a reader’s request."),
    "readerrequest.answered": lazy("{who} answered a reader."),
    "readerrequest.spam": lazy("{who} put a reader’s request with the spam."),
    "readerrequest.open": lazy("{who} found that a reader’s request was no spam."),
    "readerrequest.erased": lazy("The words of a reader’s request and of its answer were erased: their time was over."),
    "readerrequest.address_erased": lazy("{who} erased the address to which an answer was to go."),
    "publication.published": lazy("{who} published the fact-check."),
    "publication.retracted": lazy("{who} retracted the fact-check in public."),
    "publication.taken_down": lazy("{who} took the fact-check down."),
    "litigationhold.placed": lazy("{who} placed a litigation hold on the article."),
    "litigationhold.lifted": lazy("{who} lifted the litigation hold."),
    "job.replayed": lazy("{who} had a failed step tried again."),
    "feed.added": lazy("{who} added a feed."),
    "feed.edited": lazy("{who} changed a feed."),
    "feed.polled": lazy("{who} had a feed polled before its time."),
    "feed.switched_off": lazy("{who} switched a feed off."),
    "feed.switched_on": lazy("{who} switched a feed on."),
    "feed.gone": lazy("{who} switched a feed off: its site says that it is gone."),
    "search.asked": lazy("{who} had a service outside asked about the claim."),
    "search.sent": lazy("{who} sent words of the claim to a service outside."),
    "search.found": lazy("{who} was named pages by a service outside, which nobody has read yet."),
    "source.added": lazy("{who} added a source to the library."),
    "source.fetched": lazy("{who} fetched and read a source."),
    "source.pasted": lazy("{who} pasted the words of a source that could not be fetched."),
    "import.begun": lazy("{who} sent a list of sources or a file of fact-checks in."),
    "factcheck.changed": lazy("{who} brought an earlier fact-check up to date."),
    "factcheck.emptied": lazy("{who} erased the library’s copy of a fact-check that was taken down."),
    "source.asked_for": lazy("{who} had the page of a source fetched."),
    "source.edited": lazy("{who} changed the details of a source."),
    "outlet.added": lazy("{who} added an outlet."),
    "outlet.edited": lazy("{who} changed an outlet."),
    "desk.set_up": lazy("{who} set the desk up."),
    "desk.edited": lazy("{who} changed the desk’s own words."),
    "deskpage.written": lazy("{who} wrote a page of the desk."),
    "desk.list_exported": lazy("{who} took a list away."),
    "person.added": lazy("{who} invited a person."),
    "person.role": lazy("{who} gave a person another role."),
    "person.login_taken": lazy("{who} took a person’s log-in away."),
    "person.invited_again": lazy("{who} sent a person another invitation."),
    "person.second_factor_removed": lazy("{who} removed a person’s lost second factor."),
    "person.second_factor_set_up": lazy("{who} set up a second factor."),
    "person.second_factor_given_up": lazy("{who} gave up a second factor."),
    "person.password_set": lazy("{who} set a new password."),
    "person.erased": lazy("{who} had a person forgotten."),
    "person.login_given": lazy("{who} gave a person the log-in back."),
    "apikey.created": lazy("{who} made a key for a partner."),
    "apikey.revoked": lazy("{who} revoked a partner’s key."),
    "apikey.limited": lazy("{who} changed how often a partner’s key may ask."),
    "webhookendpoint.made": lazy("{who} named an address to which webhooks are sent."),
    "webhookendpoint.changed": lazy("{who} changed where webhooks are sent, or of what they tell."),
    "webhookendpoint.secret_renewed": lazy("{who} made a new secret for webhooks."),
    "webhookendpoint.deleted": lazy("{who} deleted an address to which webhooks were sent."),
    "webhookendpoint.switched_off": lazy("{who} stopped sending webhooks to an address."),
    "audit.exported": lazy("{who} took entries of the trail away."),
}
# Verbs whose words are the desk's own record, {"field": [from, to]}. Whatever else looks like it was typed by somebody.
OF_CHANGES = frozenset(
    {
        "claim.attributed",
        "claimreview.described",
        "claimreview.saved",
        "evidence.translated",
        "claimreview.answered",
        "feed.added",
        "feed.edited",
        "import.begun",
        "factcheck.changed",
        "source.edited",
        "outlet.added",
        "outlet.edited",
        "desk.edited",
        "person.role",
        "person.login_taken",
        "person.login_given",
    }
)
# What nobody's name stands beside was done by the machine, or by an operator with a command.
BY_MACHINE = frozenset(
    {
        "article.came_by_feed",
        "article.fetched",
        "article.changed",
        "article.orphaned",
        "article.split",
        "source.fetched",
        "anchor.orphaned",
        "claimreview.not_published",
        "feed.gone",
        "search.found",
        "search.sent",
        "unreadable.fetched",
        "unreadable.taken",
        "webhookendpoint.switched_off",
    }
)
KINDS = (
    "article", "claim", "anchor", "suggestion", "claimpair", "claimreview", "evidence", "publication", "job", "feed",
    "search", "source", "import", "outlet", "desk", "user", "conflictofinterest", "unreadable", "factcheck", "comment",
    "litigationhold", "reply", "gateanswer", "legalreading", "deskpage", "readerrequest",
)  # fmt: skip
# Kind -> the row, what of it names its page, and the page. What has none of its own is shown where it belongs.
PAGES: dict[str, tuple[Any, str, str]] = {
    "article": (Article, "pk", "article"),
    "claim": (Claim, "pk", "claim"),
    "anchor": (Anchor, "claim_id", "claim"),
    "suggestion": (Suggestion, "claim_id", "claim"),
    "claimreview": (ClaimReview, "pk", "review"),
    "evidence": (Evidence, "review_id", "review"),
    "reply": (Reply, "review_id", "review"),
    "gateanswer": (GateAnswer, "review_id", "review"),
    "legalreading": (LegalReading, "review_id", "review"),
    "publication": (Publication, "slug", "fact_check"),
    "job": (Job, "article_id", "article"),
    "litigationhold": (LitigationHold, "article_id", "article"),
    "comment": (Comment, "claim_id", "claim"),
    "conflictofinterest": (ConflictOfInterest, "claim_id", "claim"),
    "search": (Search, "claim_id", "claim"),
    "feed": (Feed, "pk", "feed"),
    "readerrequest": (ReaderRequest, "pk", "reader_request"),
    "source": (Source, "pk", "source"),
    "import": (Import, "pk", "import"),
    "sourceimport": (Import, "pk", "import"),
    "factcheck": (FactCheck, "source_id", "source"),
    "outlet": (Outlet, "pk", "admin:factcheck_outlet_change"),
    "user": (User, "pk", "admin:factcheck_user_change"),
    "apikey": (ApiKey, "partner_id", "admin:factcheck_user_change"),
}
VALUES: dict[str, Any] = {
    "claim": Claim.Status,
    "anchor": Anchor.Status,
    "suggestion": Suggestion.Status,
    "claimpair": ClaimPair.Status,
    "claimreview": ClaimReview.Status,
    "evidence": Evidence.Stance,
    "gateanswer": GateAnswer.Choice,
    "job": Job.State,
    "readerrequest": ReaderRequest.Status,
    "user": Role,
}
# What older trails call rows and their verbs that have another name now.
FORMER = {"sourceimport": "import", "factcheckimport": "import"}
OF_PEOPLE = {"person": "user", "audit": "auditentry"}  # what verbs call the rows
OF_HOURS = ("claim.due", "claimreview.scheduled", "claimreview.not_published")  # whose values are moments
SHA256 = re.compile(r"[0-9a-f]{64}")


def kind_in_words(kind: str) -> str:
    """“Review”; the kind itself where no such row is known any more."""
    try:
        return capfirst(str(apps.get_model("factcheck", FORMER.get(kind, kind))._meta.verbose_name))
    except LookupError:
        return kind


def verbs_by_kind() -> list[tuple[str, list[tuple[str, str]]]]:
    """The table for a list to choose from: “Review”: (“claimreview.approved”, “… approved the review.”)."""
    kinds = groupby(VERBS.items(), key=lambda item: item[0].partition(".")[0])
    return [
        (kind_in_words(OF_PEOPLE.get(kind, kind)), [(verb, str(sentence).format(who="…")) for verb, sentence in verbs])
        for kind, verbs in kinds
    ]


@dataclass(frozen=True)
class Told:
    """One entry as people read it. `page`: where to see what it speaks of; None when that is gone or has no page."""

    entry: AuditEntry
    sentence: SafeString
    kind: str
    page: str | None
    old: str
    new: str
    changes: list[tuple[str, str, str]]  # (field, from, to), where the words are such a list
    words: str
    erased: bool


def told(entries: list[AuditEntry]) -> list[list[Told]]:
    """Entries, with the `words` and `name_of_actor` of workflow/audit.py, as acts: neighbours of one act together."""
    pages = pages_of(entries)
    return [[_told(entry, pages) for entry in act] for _act, act in groupby(entries, key=lambda entry: entry.act)]


def _told(entry: AuditEntry, pages: dict[tuple[str, int], str]) -> Told:
    text = entry.words.text if entry.words else ""
    changes = _changes(text) if _verb_now(entry.verb) in OF_CHANGES else []
    return Told(
        entry=entry,
        sentence=in_words(entry),
        kind=kind_in_words(entry.subject),
        page=pages.get((entry.subject, entry.subject_id)),
        old=_value(entry, entry.old),
        new=_value(entry, entry.new),
        changes=changes,
        words="" if changes else text,
        erased=entry.text_sha256 is not None and entry.words is None,
    )


def in_words(entry: AuditEntry) -> SafeString:
    """“Carol approved the review.” A verb that the table does not have speaks for itself."""
    if entry.actor is None:
        who: Any = _("The machine") if entry.verb in BY_MACHINE else _("An operator")
    else:
        who = entry.name_of_actor or _("Person %s") % entry.actor
    sentence = VERBS.get(_verb_now(entry.verb))
    if sentence is None:
        return format_html("<bdi>{}</bdi>: {}", who, entry.verb)
    return format_html(str(sentence), who=format_html("<bdi>{}</bdi>", who))


def _verb_now(verb: str) -> str:
    kind, dot, what = verb.partition(".")
    return f"{FORMER.get(kind, kind)}{dot}{what}"


def _value(entry: AuditEntry, value: str | None) -> str:
    """A status by its label, a person by name, a fingerprint by its beginning; "" when there was none."""
    if not value:
        return ""
    if entry.verb in audit.OF_PEOPLE and (keys := audit.keys_of(value)):
        return ", ".join(entry.names.get(key) or _("Person %s") % key for key in keys)
    if SHA256.fullmatch(value):
        return f"sha256 {value[:12]}…"
    if entry.verb in OF_HOURS:
        moment = parse_datetime(value)
        return formats.date_format(localtime(moment), "j F Y, H:i e") if moment and moment.tzinfo else value
    if entry.verb == "claim.prioritised":
        return next((str(label) for key, label in Claim.Priority.choices if str(key) == value), value)
    known = VALUES.get(entry.subject)
    return str(known(value).label) if known and value in known.values else value


def _changes(text: str) -> list[tuple[str, str, str]]:
    """The words of a verb of OF_CHANGES; [] when they are no such list: a page shows whatever is there."""
    try:
        said = json.loads(text)
        if not isinstance(said, dict) or not all(isinstance(pair, list) and len(pair) == 2 for pair in said.values()):
            return []
        return [(name.replace("_", " "), _side(pair[0]), _side(pair[1])) for name, pair in said.items()]
    except (ValueError, RecursionError):
        return []


def _side(value: Any) -> str:
    """A field that held nothing is null or, where the verb of reviews wrote it, the word None."""
    return "" if value in (None, "None") else str(value)


def pages_of(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    """The address of each row's page, for those rows that still exist. One query over all kinds."""
    keys: dict[str, set[int]] = {}
    for entry in entries:
        keys.setdefault(entry.subject, set()).add(entry.subject_id)
    queries = [
        model.objects.filter(pk__in=keys[kind]).values_list(Value(kind), F("pk"), Cast(F(names), CharField()))
        for kind, (model, names, _page) in PAGES.items()
        if kind in keys
    ]
    rows = queries[0].union(*queries[1:], all=True) if queries else []
    return {(kind, key): reverse(PAGES[kind][2], args=[name]) for kind, key, name in rows if name}
