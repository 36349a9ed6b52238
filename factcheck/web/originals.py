"""Words as they were said: the forms of a draft for speaker, first appearance and translations; and what readers and
search engines will stumble over, in words, for who writes and who approves.
"""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.models import Anchor, ClaimReview, Evidence
from factcheck.templatetags.desk import day
from factcheck.templatetags.languages import foreign, language_name
from factcheck.text import verdict_words
from factcheck.web import claims, evidence, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import originals, takedowns

SHOWN = 75  # characters of a claim that Google shows without wrapping


def warnings(review: ClaimReview, anchor: Anchor | None, groups: Iterable["evidence.Group"]) -> list[str]:
    """Plain sentences. None of them keeps anybody from anything: a claim may be about a hoax."""
    said = []
    if gone := takedowns.since(review):
        said.append(
            _(
                "What was published on this claim was taken down on %(day)s, after this text began: %(reason)s"
                " Leave no word here that the law forbids."
            )
            % {"day": day(timezone.localtime(gone.taken_down_at)), "reason": gone.takedown_reason.rstrip(".") + "."}
        )
    if found := verdict_words.found(review.statement):
        quoted = ", ".join(f"“{word}”" for word in found)
        said.append(
            _("The claim itself says %(words)s. What was found belongs in the finding: search engines show both.")
            % {"words": quoted}
        )
    if (length := len(review.statement)) > SHOWN:
        said.append(
            _("The claim has %(length)s characters. Search engines show about %(shown)s of them.")
            % {"length": length, "shown": SHOWN}
        )
    if review.speaker and not review.speaker_kind:
        said.append(
            _(
                "Nobody has said whether the speaker is a person or an organisation. Until then the markup for search"
                " engines names no speaker."
            )
        )
    if anchor and foreign(anchor.article_version.language) and not review.quote_translation:
        said.append(
            _("The claim's own words are in another language (%(language)s) and have no translation.")
            % {"language": language_name(anchor.article_version.language)}
        )
    for piece in (piece for group in groups for piece in group.pieces):
        if foreign(piece["language"]) and not piece["translation"]:
            said.append(
                _("The words of “%(title)s” are in another language (%(language)s) and have no translation.")
                % {"title": piece["title"], "language": language_name(piece["language"])}
            )
    return said


def _on_claim_of(request: HttpRequest, row: ClaimReview | Evidence, refusal: Refusal) -> HttpResponse:
    review = row.review if isinstance(row, Evidence) else row
    return claims.page(request, review.claim_id, refusal=refusal)


@posting(forms.Describe, again=_on_claim_of)
def describe(request: HttpRequest, review: ClaimReview, form: forms.Describe) -> str:
    originals.describe(review, by=request.user, **form.said())
    messages.success(request, _("What is known of the claim's original is saved."))
    return reverse("claim", args=[review.claim_id]) + "#review"


@posting(forms.Translate, again=_on_claim_of)
def translate(request: HttpRequest, row: Evidence, form: forms.Translate) -> str:
    originals.translate(row, by=request.user, **form.said())
    messages.success(request, _("The translation is saved."))
    return reverse("claim", args=[row.review.claim_id]) + f"#evidence-{row.pk}"
