"""Words as they were said: who the speaker is, where the claim was first made, in which language a quotation stands,
and how it reads in the desk's. Part of the review, and like all of it written in a draft only.
"""

import json
from typing import Any

from factcheck.exceptions import BadInput
from factcheck.models import AuditEntry, ClaimReview, Evidence, User
from factcheck.permissions import require
from factcheck.workflow import reviews
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import address, language_tag, short_name, words


def describe(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    speaker_kind: str,
    speaker_same_as: str,
    first_appearance: str,
    quote_translation: str,
    quote_translator: str,
    quote_translated_by_machine: bool,
) -> ClaimReview:
    """Say what is known of the claim's speaker and its first appearance, and translate its own words.

    speaker_kind: "person", "organization" or "". speaker_same_as: one https address that says who it is.
    quote_translator: a person's name, or the machine's. "" is "not known" or "not translated". Raises BadInput,
    NotAllowed, Conflict, Refused.
    """
    require(by, "write a review", review)
    if speaker_kind and speaker_kind not in ClaimReview.SpeakerKind.values:
        raise BadInput(f"There is no speaker of the kind {speaker_kind!r}; it is person or organization.")
    translation = _translation("quote's translation", quote_translation, quote_translator, quote_translated_by_machine)
    written = {
        "speaker_kind": speaker_kind,
        "speaker_same_as": address("address that says who the speaker is", speaker_same_as),
        "first_appearance": address("address of the first appearance", first_appearance),
        **{f"quote_{name}": part for name, part in translation.items()},
    }
    with change(review.article_key) as act:
        before = {name: getattr(review, name) for name in written}
        reviews.touch(review, by=by, seen=seen, **written)
        changed = {name: [str(before[name]), str(now)] for name, now in written.items() if before[name] != now}
        chain = chain_of(review.article_key)
        AuditEntry.record(
            review,
            "claimreview.described",
            by=by,
            act=act,
            chain=chain,
            text=json.dumps(changed, ensure_ascii=False),
        )
    review.refresh_from_db()
    return review


def translate(
    evidence: Evidence,
    *,
    by: User,
    seen: int,
    language: str,
    translation: str,
    translator: str,
    translated_by_machine: bool,
) -> Evidence:
    """Say in which language a document's exact words are, and how they read in the desk's.

    seen: the review's version. translator: as for describe(). Raises BadInput, NotAllowed, Conflict.
    """
    require(by, "write a review", evidence.review)
    if evidence.kind != Evidence.Kind.DOCUMENT:
        raise BadInput("Only the exact words of a document are translated.")
    written = {
        "language": language_tag("language of the exact words", language),
        **_translation("translation", translation, translator, translated_by_machine),
    }
    with change(evidence.review.article_key) as act:
        reviews.touch(evidence.review, by=by, seen=seen)
        before = {name: getattr(evidence, name) for name in written}
        Evidence.objects.filter(pk=evidence.pk).update(**written, writer=by)
        changed = {name: [str(before[name]), str(now)] for name, now in written.items() if before[name] != now}
        chain = chain_of(evidence.review.article_key)
        AuditEntry.record(
            evidence,
            "evidence.translated",
            by=by,
            act=act,
            chain=chain,
            text=json.dumps(changed, ensure_ascii=False),
        )
    evidence.refresh_from_db()
    return evidence


def _translation(name: str, text: str, translator: str, by_machine: bool) -> dict[str, Any]:
    """The words, whose they are, and whether a machine's. Raises BadInput when one of them is missing."""
    text, translator = words(name, text), short_name("name of the translator", translator)
    if text and not translator:
        raise BadInput("Say who translated the words: a person's name, or the machine's.")
    if not text and (translator or by_machine):
        raise BadInput("Somebody is named as the translator, but there is no translation.")
    return {"translation": text, "translator": translator, "translated_by_machine": by_machine}
