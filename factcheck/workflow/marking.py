"""What a person does to the claims of a text: adds one, corrects who made it, puts one aside, and takes that back.

Every verb takes `seen`, the version that the client read, and raises Conflict when somebody was faster. Splitting and
merging are in workflow/lineage.py.
"""

import json
import uuid
from typing import Any, get_args

from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import Anchor, Article, ArticleVersion, AuditEntry, Claim, Job, User
from factcheck.permissions import require
from factcheck.text import anchors, kinds
from factcheck.text.kinds import Kind
from factcheck.workflow import jobs, leases
from factcheck.workflow.transitions import chain_of, change, move
from factcheck.workflow.words import one_line, words

LONGEST = 2_000
"""Code points from the first word of a claim to its last: a long paragraph. What is longer is not one statement."""
KINDS = get_args(Kind)
NOT_CHECKABLE = "not checkable: a person took it for a kind that cannot be checked ({})"


def add(
    article: Article,
    *,
    by: User,
    seen: int,
    start: int,
    end: int,
    exact: str,
    statement: str = "",
    speaker: str = "",
    cue: str = "",
) -> Claim:
    """Make a claim of the words `exact` at text[start:end] of the newest text. seen: the article's version.

    White space around the words is left out. statement "": the words themselves. No machine has scored the claim.
    Raises BadInput when the words do not stand there, or are this claim already; NotAllowed, Conflict,
    InvalidTransition while there is no text.
    """
    require(by, "mark claims", article)
    with change(article.pk) as act:
        if not Article.objects.filter(pk=article.pk, version=seen).exists():
            raise Conflict(f"Article {article.pk} was changed by somebody else in the meantime. Nothing was saved.")
        version = article.newest
        if version is None:
            raise InvalidTransition("The article has no text yet: its page was not fetched.")
        start, end = span(version.text, start, end, exact)
        said = words("statement", statement) or folded(version.text[start:end])
        _refuse_twice(version, start, end, said)
        fields = {"speaker": one_line("speaker", speaker), "cue": one_line("cue", cue), "kind": "other"}
        claim = born(version, start, end, said, by=by, act=act, reasons=["added by a person"], **fields)
        search(version)
    claim.refresh_from_db()
    return claim


def dismiss(claim: Claim, *, by: User, seen: int, reason: str, act: uuid.UUID | None = None) -> Claim:
    """Put a detected claim aside, with a reason. act: the act that this is a part of, if a larger one.

    Raises BadInput, NotAllowed, Conflict, InvalidTransition.
    """
    require(by, "mark claims", claim)
    reason = words("reason", reason, needed=True)
    with change(claim.article_id) as own_act:
        leases.end(claim)
        return move(claim, Claim.Status.DISMISSED, by=by, seen=seen, act=act or own_act, reason=reason)


def restore(claim: Claim, *, by: User, seen: int, act: uuid.UUID | None = None) -> Claim:
    """Put a dismissed claim back among those to be checked: sources and the same claim elsewhere are looked for again,
    since nobody looked while it was put aside. Raises NotAllowed, Conflict, InvalidTransition."""
    require(by, "mark claims", claim)
    if claim.version == seen and claim.status != Claim.Status.DISMISSED:
        raise InvalidTransition(f"Claim {claim.pk} is {claim.status}; only a dismissed claim is restored.")
    with change(claim.article_id) as own_act:
        back = move(claim, Claim.Status.DETECTED, by=by, seen=seen, act=act or own_act)
        search(claim.article.current)
    return back


def attribute(claim: Claim, *, by: User, seen: int, speaker: str, cue: str, kind: str) -> Claim:
    """Correct who made the claim, by which word the article says so, and of what kind it is. speaker "": not known.
    Of another kind, it can be checked or not as that kind can; said by another, it is not marked any more who says so.

    Raises BadInput, NotAllowed, Conflict; InvalidTransition once a review is open: its draft has its own speaker.
    """
    require(by, "mark claims", claim)
    if kind not in KINDS:
        raise BadInput(f"There is no kind of claim {kind!r}; there are {', '.join(KINDS)}.")
    written = {"speaker": one_line("speaker", speaker), "cue": one_line("cue", cue), "kind": kind}
    if kind != claim.kind:
        written["not_checkable"] = NOT_CHECKABLE.format(kind) if kind in kinds.NOT_CHECKABLE else ""
    if claim.version == seen and claim.status != Claim.Status.DETECTED:
        raise InvalidTransition("A claim's speaker is corrected before its review; a draft has a speaker of its own.")
    changed = {name: [getattr(claim, name), now] for name, now in written.items() if getattr(claim, name) != now}
    with change(claim.article_id) as act:
        found = Claim.objects.filter(pk=claim.pk, version=seen, status=Claim.Status.DETECTED)
        if not found.update(version=F("version") + 1, updated_at=Now(), **written):
            raise Conflict(f"Claim {claim.pk} was changed by somebody else in the meantime. Nothing was saved.")
        if changed.keys() & {"speaker", "cue"}:
            named = claim.anchors.exclude(speaker_span=None, cue_span=None)
            named.update(speaker_span=None, cue_span=None, version=F("version") + 1, updated_at=Now())
        chain = chain_of(claim.article_id)
        AuditEntry.record(
            claim, "claim.attributed", by=by, act=act, chain=chain, text=json.dumps(changed, ensure_ascii=False)
        )
    claim.refresh_from_db()
    return claim


# --- within a verb ---------------------------------------------------------------------------------------------------


def born(
    version: ArticleVersion, start: int, end: int, statement: str, *, by: User, act: uuid.UUID, **fields: Any
) -> Claim:
    """A new claim at text[start:end]. The caller's transaction and act."""
    quote = anchors.described(version.text, start, end)
    claim = Claim.objects.create(article_id=version.article_id, statement=statement, added_by=by, **fields)
    Anchor.objects.create(
        claim=claim,
        article_version=version,
        start=start,
        end=end,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
    )
    chain = chain_of(version.article_id)
    AuditEntry.record(claim, "claim.added", by=by, act=act, chain=chain, new=claim.status, text=statement)
    return claim


def search(version: ArticleVersion) -> None:
    """Look for sources for what is new in the text. The caller's transaction."""
    jobs.ensure(Job.Kind.SUGGEST, version.pk, queue="interactive", article=version.article)


def span(text: str, start: int, end: int, exact: str) -> tuple[int, int]:
    """The place without the white space around its words. Raises BadInput unless text[start:end] == exact."""
    if not 0 <= start < end <= len(text) or text[start:end] != exact:
        raise BadInput("The words do not stand at this place of the newest text.")
    if not exact.strip():
        raise BadInput("The words must not be empty.")
    start, end = start + len(exact) - len(exact.lstrip()), end - len(exact) + len(exact.rstrip())
    if end - start > LONGEST:
        raise BadInput(f"The words have {end - start:,} characters; a claim may have at most {LONGEST:,} of the text.")
    return start, end


def folded(exact: str) -> str:
    """Words of the article as a statement: white space is one blank."""
    return " ".join(exact.split())


def _refuse_twice(version: ArticleVersion, start: int, end: int, statement: str) -> None:
    """Who presses the button twice adds one claim."""
    there = Claim.objects.filter(
        anchors__article_version=version, anchors__start=start, anchors__end=end, statement=statement
    )
    same = there.exclude(status=Claim.Status.SUPERSEDED).first()
    if same is not None:
        raise BadInput(f"These words are claim {same.pk} already; it is {same.status}.")
