"""The same claim elsewhere: what the page of a claim shows of it, and the forms by which people decide."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse

from factcheck.models import ArticleVersion, AuditEntry, Claim, ClaimPair, ClaimReview, User
from factcheck.permissions import may
from factcheck.text.beside import Difference, differences
from factcheck.text.statements import unmarked
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import pairs
from factcheck.workflow.audit import with_words

MOST = 20  # of one page; the next ones come when these are decided about
ORDER = (ClaimPair.Status.CONFIRMED, ClaimPair.Status.PROPOSED, ClaimPair.Status.REFUSED)


@dataclass
class Elsewhere:
    """A pair as the page of one of its claims shows it: the other claim, and what both say of figures and names."""

    pair: ClaimPair
    claim: Claim
    version: ArticleVersion | None
    published: ClaimReview | None
    differences: list[Difference]
    refused_because: str
    offered: list[forms.Pairing | None]


def of(claim: Claim, request: HttpRequest, refusal: Refusal | None) -> dict[str, Any]:
    """The context of includes/_pairs.html."""
    place = Case(*(When(status=status, then=Value(at)) for at, status in enumerate(ORDER)), output_field=IntegerField())
    rows = pairs.of(claim, request.user).select_related("one__article__outlet", "other__article__outlet", "decided_by")
    found = list(rows.defer("one__embedding", "other__embedding").order_by(place, "-score", "pk")[:MOST])
    others = [pair.beside(claim.pk) for pair in found]
    published = {
        review.claim_id: review
        for review in ClaimReview.objects.filter(claim__in=others, status=ClaimReview.Status.PUBLISHED)
        .select_related("publication")
        .defer("publication__frozen")
    }
    versions = _versions({claim.article_id, *(other.article_id for other in others)}) if found else {}
    language = versions[claim.article_id].language if claim.article_id in versions else "en"
    because = _why_refused([pair.pk for pair in found if pair.status == ClaimPair.Status.REFUSED], request.user)
    shown = [
        Elsewhere(
            pair,
            other,
            versions.get(other.article_id),
            published.get(other.pk),
            differences(unmarked(claim.statement), unmarked(other.statement), language.partition("-")[0].lower()),
            because.get(pair.pk, ""),
            _forms(pair, claim, request, refusal),
        )
        for pair, other in zip(found, others, strict=True)
    ]
    return {
        "pairs": [each for each in shown if each.pair.status != ClaimPair.Status.REFUSED],
        "refused_pairs": [each for each in shown if each.pair.status == ClaimPair.Status.REFUSED],
    }


def _versions(articles: set[int]) -> dict[int, ArticleVersion]:
    """The newest text of each, without the text."""
    rows = ArticleVersion.objects.filter(article__in=articles).defer("text", "raw", "blocks")
    return {version.article_id: version for version in rows.order_by("article", "-number").distinct("article")}


def _why_refused(refused: list[int], user: User) -> dict[int, str]:
    """By key of the pair what was said when it was last refused, if anything."""
    if not refused:
        return {}
    entries = AuditEntry.objects.visible_to(user).filter(subject="claimpair", verb="claimpair.refused")
    told = with_words(list(entries.filter(subject_id__in=refused).order_by("pk")))
    return {entry.subject_id: entry.words.text if entry.words else "" for entry in told}


def _forms(pair: ClaimPair, claim: Claim, request: HttpRequest, refusal: Refusal | None) -> list[forms.Pairing | None]:
    if not may(request.user, "decide a pair"):
        return []
    decided = pair.status != ClaimPair.Status.PROPOSED
    fresh: list[forms.Pairing] = [
        form(pair) for form in ([forms.UndoPair] if decided else [forms.ConfirmPair, forms.RefusePair])
    ]
    for form in fresh:
        form.initial["claim"] = claim.pk
    return refusal.place(*fresh) if refusal else fresh  # type: ignore[return-value]


# --- the forms -------------------------------------------------------------------------------------------------------


def _again(request: HttpRequest, pair: ClaimPair, refusal: Refusal) -> HttpResponse:
    return claims.page(request, refusal.form.back, refusal=refusal)  # type: ignore[attr-defined]


def _back(form: forms.Pairing) -> str:
    return f"{form.page}#pairs"


@posting(forms.ConfirmPair, again=_again)
def confirm(request: HttpRequest, pair: ClaimPair, form: forms.ConfirmPair) -> str:
    pairs.confirm(pair, by=request.user, **form.said())
    return _back(form)


@posting(forms.RefusePair, again=_again)
def refuse(request: HttpRequest, pair: ClaimPair, form: forms.RefusePair) -> str:
    pairs.refuse(pair, by=request.user, **form.said())
    return _back(form)


@posting(forms.UndoPair, again=_again)
def undo(request: HttpRequest, pair: ClaimPair, form: forms.UndoPair) -> str:
    pairs.undo(pair, by=request.user, **form.said())
    return _back(form)
