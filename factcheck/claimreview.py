"""Our review as the public reads it, and as schema.org ClaimReview: a pure mapping. Page and markup come from one dict.

Google's rules for the markup: https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from factcheck.models import Anchor, ArticleVersion, Claim, ClaimReview, Desk, Evidence, Publication, Reply
from factcheck.text import markdown

BEST, WORST = 5, 1  # the ends of the rating scale
TYPES = {"person": "Person", "organization": "Organization"}
MARKDOWN = "markdown"  # how a rationale is written. Publications that do not say so hold plain paragraphs


def content(
    review: ClaimReview,
    *,
    desk: Desk,
    writers: Iterable[str],
    published_at: datetime,
    claim: Claim,
    robots: str = "",
) -> dict[str, Any]:
    """What the public page prints, as plain JSON. Nothing confidential is ever read here.

    review: with evidence and their sources at hand; claim: with its article and anchor; robots: what search engines are
    told about the page, if anything.
    """
    anchors = claim.anchors.select_related("article_version").defer("article_version__text", "article_version__raw")
    return mapped(
        review,
        desk=desk,
        writers=writers,
        published_at=published_at,
        claim=claim,
        version=claim.article.current,
        anchor=anchors.order_by("-article_version__number").first(),
        rests_on=review.evidence.select_related("snapshot__source__outlet", "copied_from").order_by("pk"),
        replies=review.replies.order_by("pk"),
        answered=checklist(review),
        changed=change(review),
        robots=robots,
        method_version=desk.method_version,
    )


def mapped(
    review: ClaimReview,
    *,
    desk: Desk,
    writers: Iterable[str],
    published_at: datetime,
    claim: Claim,
    version: ArticleVersion,
    anchor: Anchor | None,
    rests_on: Iterable[Evidence],
    replies: Iterable[Reply] = (),
    answered: Sequence[dict[str, str]] = (),
    changed: dict[str, Any] | None = None,
    robots: str = "",
    method_version: int = 0,
) -> dict[str, Any]:
    """content() of rows that are at hand: no query. docs/publications.md says what each key holds."""
    article = claim.article
    label = desk.rating_labels.get(str(review.rating)) if review.rating else None
    pieces = [evidence(each) for each in rests_on]
    return {
        "language": settings.LANGUAGE_CODE,
        "statement": review.statement,
        "speaker": review.speaker,
        "speaker_kind": review.speaker_kind,
        "speaker_same_as": review.speaker_same_as,
        "first_appearance": review.first_appearance,
        "verdict": review.verdict,
        "verdict_label": str(review.get_verdict_display()),
        "rating": review.rating,
        "rating_label": label or str(review.get_verdict_display()),
        "rationale": review.rationale,
        "rationale_format": MARKDOWN,
        "as_of": review.as_of.isoformat() if review.as_of else None,
        **({"change": changed} if changed else {}),
        "quote": {
            "exact": anchor.exact if anchor else "",
            "prefix": anchor.prefix if anchor else "",
            "suffix": anchor.suffix if anchor else "",
            "language": anchor.article_version.language if anchor else "",
        },
        "quote_translation": review.quote_translation,
        "quote_translator": review.quote_translator,
        "quote_translated_by_machine": review.quote_translated_by_machine,
        "article": {
            "title": version.title,
            "url": article.url,
            "outlet": str(article.outlet or ""),
            "note": article.note,
            "published": version.published_at.date().isoformat() if version.published_at else None,
            "published_is_guessed": version.published_is_guessed,
        },
        "evidence": pieces,
        "replies": [reply(each) for each in replies],
        **({"review_again": review.review_again.isoformat()} if review.review_again else {}),
        **({"robots": robots} if robots else {}),
        "checklist": answered,
        "written_by": list(writers),
        "approved_by": review.approver.name if review.approver else "",
        "published_at": published_at.isoformat(),
        "desk": {"name": desk.name, "logo_url": desk.logo_url},
        "method_version": method_version,
        "machine": {
            "claim": not claim.added_by_id,
            "evidence": sum(1 for each in pieces if each["proposed_by_machine"]),
        },
    }


def change(review: ClaimReview) -> dict[str, Any] | None:
    """What it says of the one that was published before: {"kind": correction or update, "note", "number"}, the number
    being its own among the claim's publications, 2 for the first that changes something. None for the first of all.
    """
    earlier = Publication.objects.filter(review__claim=review.claim_id, review__lt=review).count()
    if not earlier:
        return None
    return {"kind": review.change_kind, "note": review.change_note, "number": earlier + 1}


def checklist(review: ClaimReview) -> list[dict[str, str]]:
    """The steps of the desk's method that were answered, as they were asked. answer: done or does_not_apply."""
    return [{"item": row.item, "answer": row.answer, "reason": row.reason} for row in review.checklist.all()]


def evidence(piece: Evidence) -> dict[str, Any]:
    """One piece as it is printed. `seen` says in words when nobody had read the document itself, else it is empty."""
    snapshot = piece.snapshot
    source = snapshot.source if snapshot else None
    return {
        "kind": piece.kind,
        "stance": piece.stance,
        "note": piece.note,
        "title": source.title if source else "",
        "publisher": str(source.outlet or "") if source else "",
        "url": source.url if source else "",
        "published": source.published if source else "",
        "seen": str(source.get_seen_display()) if source and source.seen != source.Seen.PAGE else "",
        "primary": bool(source and source.kind in (source.Kind.PRIMARY, source.Kind.DATASET)),
        "exact": piece.exact,
        "language": piece.language,
        "translation": piece.translation,
        "translator": piece.translator,
        "translated_by_machine": piece.translated_by_machine,
        "origin": snapshot.origin if snapshot else "",
        "taken_at": snapshot.taken_at.isoformat() if snapshot else None,
        "sha256": snapshot.sha256 if snapshot else "",
        "public_wording": piece.public_wording,
        "searched_for": piece.searched_for,
        "searched_where": piece.searched_where,
        "searched_on": piece.searched_on.isoformat() if piece.searched_on else None,
        "proposed_by_machine": piece.proposed_by_machine,
    }


def reply(of: Reply) -> dict[str, Any]:
    """Who was asked and what they answered, "" where nothing came; or why nobody was asked."""
    return {
        "name": of.name,
        "role": of.role,
        "channel": str(of.get_channel_display()),
        "asked_on": of.asked_on.isoformat() if of.asked_on else None,
        "deadline": of.deadline.isoformat() if of.deadline else None,
        "answer": of.answer,
        "answered_on": of.answered_on.isoformat() if of.answered_on else None,
        "not_asked": of.not_asked,
    }


def jsonld(content: dict[str, Any], *, url: str, home: str) -> dict[str, Any]:
    """schema.org ClaimReview of what content() gave. url: of the public page; home: of the desk.

    A part that is not known is left out, never guessed: so is a speaker of whom nobody said whether it is a person. An
    unverifiable claim has words and no number.
    """
    organization = {"@type": "Organization", "name": content["desk"]["name"], "url": home}
    if content["desk"]["logo_url"]:
        organization["logo"] = content["desk"]["logo_url"]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": content["rating_label"]}
    if content["rating"] is not None:
        rating |= {"ratingValue": content["rating"], "bestRating": BEST, "worstRating": WORST}
    claim: dict[str, Any] = {"@type": "Claim"}
    if content["speaker"] and content["speaker_kind"]:
        claim["author"] = {"@type": TYPES[content["speaker_kind"]], "name": content["speaker"]}
        if content["speaker_same_as"]:
            claim["author"]["sameAs"] = content["speaker_same_as"]
    article, first = content["article"], content["first_appearance"]
    if article["published"] and not article["published_is_guessed"]:
        claim["datePublished"] = article["published"]
    if first:
        claim["firstAppearance"] = {"@type": "CreativeWork", "url": first}
    if article["url"] and article["url"] != first:  # where else it appears
        claim["appearance"] = {"@type": "CreativeWork", "url": article["url"]}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": content["statement"],
        "datePublished": content["published_at"][:10],
        "inLanguage": content["language"],
        "author": organization,
        "reviewBody": markdown.plain(content["rationale"]),
        "reviewRating": rating,
        "itemReviewed": claim,
    }
