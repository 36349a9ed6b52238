"""The library beside a draft: looked through by words, and a passage of it taken as evidence."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.exceptions import BadInput
from factcheck.models import ClaimReview, Passage, Source
from factcheck.permissions import may
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.web.pages import asked_in, key
from factcheck.web.sources import with_states
from factcheck.workflow import evidence

SHOWN = 5  # sources, each with its best passage; or passages of one source


def of_review(review: ClaimReview | None, request: HttpRequest, refusal: Refusal | None) -> dict[str, Any]:
    """What `?words=` finds, or the passages of `?source=`, each with the form that takes it; the form that adds a page.
    review: a draft that the reader may write in, or None.
    """
    if review is None:
        return {}
    asked = asked_in(request.GET, ["words"])["words"]
    # What came with another confidential article would give it away here.
    fitting = Q(confidential_with=None) | Q(confidential_with=review.article_key)
    sources = Source.objects.visible_to(request.user).filter(fitting).select_related("outlet", "fact_check")
    chosen = key(request, "source")
    passages: list[Passage] = []
    if chosen is not None:
        found = list(sources.filter(pk=chosen))
        rows = Passage.objects.filter(source__in=found).defer("embedding").order_by("position")
        passages = list(rows[:SHOWN])
    elif asked:
        found = list(sources.matching(asked).order_by("-score", "-pk")[:SHOWN])
        best = Passage.objects.visible_to(request.user).best_of(found, asked)
        passages = [best[source.pk] for source in found if source.pk in best]
    else:
        found = []
    by_key = {source.pk: source for source in found}
    for passage in passages:
        passage.source = by_key[passage.source_id]
        passage.take_form = forms.TakePassage(review).found(passage)
    if chosen is not None:
        with_states(found)
    add = None
    if may(request.user, "add a source") and not review.claim.article.confidential:
        add = forms.AddAddress()
        add.initial["claim"] = review.claim_id
    return {
        "searching": True,
        "asked": asked,
        "chosen": found[0] if chosen is not None and found else None,
        "passages": passages,
        "add_address_form": add,
        "take_refused": _refused(refusal, review),
    }


def _refused(refusal: Refusal | None, review: ClaimReview) -> forms.TakePassage | None:
    """The form that was sent and refused, with its words, wherever the passage stood."""
    if refusal is None or not isinstance(refusal.form, forms.TakePassage):
        return None
    [form] = refusal.place(forms.TakePassage(review))
    return form  # type: ignore[return-value]


def _on_claim(request: HttpRequest, review: ClaimReview, refusal: Refusal) -> HttpResponse:
    return claims.page(request, review.claim_id, refusal=refusal)


@posting(forms.TakePassage, again=_on_claim)
def take(request: HttpRequest, review: ClaimReview, form: forms.TakePassage) -> str:
    said = form.said()
    seen = Passage.objects.visible_to(request.user).defer("embedding").select_related("source")
    passage = seen.filter(pk=said.pop("passage")).first()
    if passage is None:
        raise BadInput(_("Say which passage: look it up again."))
    evidence.take(review, passage, by=request.user, **said)
    messages.success(request, _("The source is in the draft."))
    return reverse("claim", args=[review.claim_id]) + "#evidence"
