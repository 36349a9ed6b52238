"""What a review rests on: taken from a suggestion, or added by hand. All of it changes only in a draft."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from factcheck.exceptions import BadInput
from factcheck.models import (
    Article,
    AuditEntry,
    ClaimReview,
    ConfidentialPart,
    Evidence,
    Job,
    Passage,
    Snapshot,
    Source,
    Suggestion,
    User,
)
from factcheck.permissions import may, require
from factcheck.text import differences
from factcheck.text.extraction.identity import spoken
from factcheck.workflow import jobs, reviews, snapshots
from factcheck.workflow.sources import LONGEST_PASSAGE, WHOLE_PAGES, chain_of_source, find_or_add
from factcheck.workflow.transitions import chain_of, change, move
from factcheck.workflow.words import address, language_tag, one_line, partial_date, words

# Of one source in one review. A passage that the desk cut always fits; beyond some three hundred words publishers begin
# to ask for a licence, and a reader who needs more has the link.
MOST_QUOTED = 250


def accept(suggestion: Suggestion, *, by: User, seen: int, stance: str, exact: str = "") -> Evidence:
    """A person takes a suggested passage as evidence into the claim's draft (begun when there is none).

    seen: the suggestion's version. exact: the words relied on; needed when the passage is a summary, since a summary is
    never quoted, or of an earlier fact-check; else the passage's own words unless fewer are given. Where they stand in
    the source's page as it was fetched (workflow/snapshots.py), the evidence rests on that; else they are pasted, and
    marked so. Raises BadInput,
    Conflict, NotAllowed, Refused.
    """
    require(by, "decide a suggestion", suggestion)
    _known(stance)
    relied_on = _relied_on(suggestion.passage, exact)
    with change(suggestion.article_key) as act:
        review = reviews.draft_of(suggestion.claim, by=by)
        move(suggestion, Suggestion.Status.ACCEPTED, by=by, seen=seen, act=act, decided_by=by)
        return _add(
            review,
            by=by,
            seen=review.version,
            kind=Evidence.Kind.DOCUMENT,
            stance=stance,
            suggestion=suggestion,
            **_resting_on(suggestion.passage, *relied_on),
        )


def take(review: ClaimReview, passage: Passage, *, by: User, seen: int, stance: str, exact: str = "") -> Evidence:
    """A person takes a passage of the library that they found themselves. seen: the review's version; exact, and what
    is raised: as for accept().
    """
    require(by, "write a review", review)
    _known(stance)
    if passage.source.confidential_with_id not in (None, review.article_key):
        raise BadInput("This source came with a confidential article, and would give it away here.")
    relied_on = _relied_on(passage, exact)
    with change(review.article_key):
        resting = _resting_on(passage, *relied_on)
        return _add(review, by=by, seen=seen, kind=Evidence.Kind.DOCUMENT, stance=stance, **resting)


def _relied_on(passage: Passage, exact: str) -> tuple[str, Snapshot | None]:
    """The words relied on, and the page as it was fetched, if they stand there. Raises BadInput."""
    # The passage of an earlier fact-check is the claim that was reviewed: what was found stands on its page.
    exact = words("exact words", exact, needed=_said_elsewhere(passage)) or passage.text
    if not _said_elsewhere(passage) and exact not in passage.text:
        raise BadInput("The exact words do not stand in the passage. Copy them from it, letter by letter.")
    snapshot = snapshots.newest(passage.source)
    as_fetched = snapshots.standing_in(snapshot, exact) if snapshot else None
    if _said_elsewhere(passage) and snapshot and as_fetched is None:
        raise BadInput(
            "These words do not stand in the page as it was fetched. Copy them from its text; what you see on the page"
            " and the desk does not can be added as a document by hand."
        )
    return as_fetched or exact, snapshot if as_fetched else None


def _said_elsewhere(passage: Passage) -> bool:
    return passage.wording == Passage.Wording.SUMMARY or hasattr(passage.source, "fact_check")


def _resting_on(passage: Passage, exact: str, snapshot: Snapshot | None) -> dict[str, Any]:
    """The evidence's words, and what they stand in: the page that was fetched, or what somebody pasted."""
    pasted = exact if _said_elsewhere(passage) else passage.text
    return {"exact": exact, "snapshot": snapshot or _pasted(passage.source, pasted)}


def dismiss(suggestion: Suggestion, *, by: User, seen: int, reason: str) -> Suggestion:
    """A person puts a suggested passage aside, and says why."""
    require(by, "decide a suggestion", suggestion)
    reason = words("reason", reason, needed=True)
    return move(suggestion, Suggestion.Status.DISMISSED, by=by, seen=seen, reason=reason, decided_by=by)


def undo(suggestion: Suggestion, *, by: User, seen: int) -> Suggestion:
    """Make a decided suggestion pending again; evidence that came of it leaves its draft."""
    require(by, "decide a suggestion", suggestion)
    with change(suggestion.article_key) as act:
        for evidence in Evidence.objects.filter(suggestion=suggestion).select_related("review"):
            _take_out(evidence, by=by, seen=evidence.review.version, act=act)
        return move(suggestion, Suggestion.Status.PENDING, by=by, seen=seen, act=act, decided_by=None)


def add_document(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    stance: str,
    title: str,
    url: str,
    exact: str,
    published: str = "",
    primary: bool = False,
    language: str = "",
    note: str = "",
) -> Evidence:
    """A document by its link, with the exact words pasted: marked "pasted, not fetched". It joins the library.

    language: of the exact words, where it is known.
    """
    require(by, "write a review", review)
    url, exact = address("link", url, needed=True), words("exact words", exact, needed=True)
    title = one_line("title", title, needed=True)
    published = partial_date("date of the document", published)
    spoken_in = language_tag("language of the exact words", language)
    if len(exact) > LONGEST_PASSAGE:
        raise BadInput(f"The exact words have {len(exact):,} characters; the most is {LONGEST_PASSAGE:,}.")
    with change(review.article_key) as act:
        article = Article.objects.get(pk=review.article_key)
        # What a confidential article rests on would give it away: it joins the library when the embargo is lifted.
        said = {
            "title": title,
            "kind": Source.Kind.PRIMARY if primary else Source.Kind.SECONDARY,
            "seen": Source.Seen.PAGE,
            "url": url,
            "publisher": "",
            "published": published,
        }
        source, is_new = find_or_add(
            said,
            by=by,
            act=act,
            among=WHOLE_PAGES | Q(confidential_with=article),
            confidential_with=article if article.confidential else None,
        )
        if is_new:
            Passage.objects.create(
                source=source, position=1, heading=title, text=exact, wording=Passage.Wording.ORIGINAL
            )
            AuditEntry.record(source, "source.added", by=by, act=act, chain=chain_of_source(source), text=title)
            jobs.enqueue(Job.Kind.INDEX, source.pk, queue="interactive", article=source.confidential_with)
        return _add(
            review,
            by=by,
            seen=seen,
            kind=Evidence.Kind.DOCUMENT,
            stance=stance,
            snapshot=_pasted(source, exact),
            exact=exact,
            language=spoken_in,
            note=words("note", note),
        )


def add_person(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    stance: str,
    public_wording: str,
    note: str = "",
    identity: str = "",
    in_confidence: str = "",
    readers: Iterable[User] = (),
) -> Evidence:
    """What a person said, in the wording that may be printed.

    identity, in_confidence: who it really is, and what was not meant for print. Only `readers` and `by` ever see them,
    on the page of the claim; they stand in no trail, answer, export or log.
    """
    require(by, "write a review", review)
    wording = words("wording", public_wording, needed=True)
    identity, in_confidence = words("who it is", identity), words("what was said in confidence", in_confidence)
    named = list(readers)
    if (in_confidence or named) and not identity:
        raise BadInput("Say who it is, in confidence; or leave the confidential part empty.")
    for reader in named:
        if not may(reader, "see the desk"):
            raise BadInput(f"{reader.name} has no log-in any more and cannot be named.")
        if not ClaimReview.objects.visible_to(reader).filter(pk=review.pk).exists():
            raise BadInput(f"{reader.name} does not see this article, and could not read it.")
    with change(review.article_key) as act:
        evidence = _add(
            review,
            by=by,
            seen=seen,
            kind=Evidence.Kind.PERSON,
            stance=stance,
            public_wording=wording,
            note=words("note", note),
        )
        if identity:
            part = ConfidentialPart.objects.create(evidence=evidence, identity=identity, words=in_confidence, writer=by)
            keys = {reader.pk for reader in named} | {by.pk}
            part.readers.set(keys)
            told = " ".join(str(key) for key in sorted(keys))
            chain = chain_of(review.article_key)
            AuditEntry.record(evidence, "evidence.told_in_confidence", by=by, act=act, chain=chain, new=told)
            review.refresh_from_db()
    return evidence


def erase_confidence(evidence: Evidence, *, by: User, reason: str) -> None:
    """Forget who spoke in confidence and what was not meant for print, at any time and for good.

    That somebody did stays known, with the public wording. Raises NotAllowed; BadInput when there is nothing to erase.
    """
    require(by, "erase a confidence", evidence)
    reason = words("reason", reason, needed=True)
    with change(evidence.review.article_key) as act:
        part = ConfidentialPart.objects.filter(evidence=evidence, erased_at=None)
        if not part.update(identity="", words="", erased_at=Now()):
            raise BadInput("There is nothing confidential here, or it was erased already.")
        ConfidentialPart.readers.through.objects.filter(confidentialpart=evidence.pk).delete()
        chain = chain_of(evidence.review.article_key)
        AuditEntry.record(evidence, "evidence.confidence_erased", by=by, act=act, chain=chain, text=reason)


def add_search(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    searched_for: str,
    searched_where: str,
    searched_on: date | None,
    note: str = "",
) -> Evidence:
    """A search that a person made and that found nothing. It is context: an absence proves nothing."""
    require(by, "write a review", review)
    if searched_on is None:
        raise BadInput("The day of the search is missing.")
    what, where = words("what was searched for", searched_for, needed=True), words("where", searched_where, needed=True)
    with change(review.article_key):
        return _add(
            review,
            by=by,
            seen=seen,
            kind=Evidence.Kind.SEARCH,
            stance=Evidence.Stance.CONTEXT,
            searched_for=what,
            searched_where=where,
            searched_on=searched_on,
            note=words("note", note),
        )


def set_stance(evidence: Evidence, *, by: User, seen: int, stance: str) -> Evidence:
    """Change what a piece of evidence does for the claim. seen: the review's version."""
    require(by, "write a review", evidence.review)
    _known(stance)
    if evidence.kind == Evidence.Kind.SEARCH and stance != Evidence.Stance.CONTEXT:
        raise BadInput("A search that found nothing is context: an absence proves nothing.")
    with change(evidence.review.article_key) as act:
        reviews.touch(evidence.review, by=by, seen=seen)
        old = evidence.stance
        Evidence.objects.filter(pk=evidence.pk).update(stance=stance, writer=by)
        chain = chain_of(evidence.review.article_key)
        AuditEntry.record(evidence, "evidence.stance", by=by, act=act, chain=chain, old=old, new=stance)
    evidence.refresh_from_db()
    return evidence


def remove(evidence: Evidence, *, by: User, seen: int) -> None:
    """Take a piece of evidence out of the draft; its suggestion is pending again. seen: the review's version."""
    require(by, "write a review", evidence.review)
    with change(evidence.review.article_key) as act:
        suggestion = evidence.suggestion
        _take_out(evidence, by=by, seen=seen, act=act)
        if suggestion is not None:
            move(suggestion, Suggestion.Status.PENDING, by=by, seen=suggestion.version, act=act, decided_by=None)


def _add(review: ClaimReview, *, by: User, seen: int, **fields: Any) -> Evidence:
    _known(fields["stance"])
    with change(review.article_key) as act:
        reviews.touch(review, by=by, seen=seen)
        if "snapshot" in fields:
            _within_the_limit(review, fields["snapshot"].source, fields["exact"])
            # A page's own text says in which language it is; a few pasted words do not.
            fields["language"] = fields.get("language") or spoken(fields["snapshot"].text)
        evidence = Evidence.objects.create(review=review, writer=by, **fields)
        AuditEntry.record(
            evidence,
            "evidence.added",
            by=by,
            act=act,
            chain=chain_of(review.article_key),
            new=fields["stance"],
            text=_words_of(evidence),
        )
    review.refresh_from_db()
    return evidence


def _within_the_limit(review: ClaimReview, source: Source, exact: str) -> None:
    """Raises BadInput when the review would quote more than MOST_QUOTED words of the source."""
    before = review.evidence.filter(snapshot__source=source).values_list("exact", flat=True)
    quoted, new = sum(map(_length, before)), _length(exact)
    if quoted + new > MOST_QUOTED:
        over = quoted + new - MOST_QUOTED
        already = f", and {quoted} are quoted already" if quoted else ""
        raise BadInput(
            f"A review quotes at most {MOST_QUOTED} words of one source{already}. These are {new} words,"
            f" {over} too many. Rely on fewer of them: the link leads to the rest."
        )


def _length(text: str) -> int:
    """In words; where no spaces are written between them, each letter counts as one."""
    return sum(1 for word in differences.WORD.findall(text) if word[0].isalnum())


def _words_of(evidence: Evidence) -> str:
    """Every word of it, for the trail: what is taken out by mistake can be read there."""
    named = (
        "exact",
        "language",
        "translation",
        "translator",
        "public_wording",
        "searched_for",
        "searched_where",
        "note",
    )
    return json.dumps({name: getattr(evidence, name) for name in named if getattr(evidence, name)}, ensure_ascii=False)


def _take_out(evidence: Evidence, *, by: User, seen: int, act: Any) -> None:
    reviews.touch(evidence.review, by=by, seen=seen)
    chain = chain_of(evidence.review.article_key)
    AuditEntry.record(
        evidence, "evidence.removed", by=by, act=act, chain=chain, old=evidence.stance, text=_words_of(evidence)
    )
    ConfidentialPart.readers.through.objects.filter(confidentialpart=evidence.pk).delete()
    ConfidentialPart.objects.filter(pk=evidence.pk).delete()
    Evidence.objects.filter(pk=evidence.pk).delete()


def _pasted(source: Source, text: str) -> Snapshot:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Snapshot.objects.create(source=source, text=text, sha256=sha256, origin=Snapshot.Origin.PASTED)


def _known(stance: str) -> None:
    if stance not in Evidence.Stance.values:
        raise BadInput(f"There is no stance {stance!r}; evidence supports, refutes, or gives context.")
