"""What the checks before publishing look at: a review with all that it prints and all that was settled about it."""

import hashlib
import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from factcheck.models import ClaimReview, ConflictOfInterest, Evidence, GateAnswer, LegalReading, MachineReading, Reply
from factcheck.text import markdown
from factcheck.text.sentences import is_english


class Material:
    """Each part is read when the first check asks for it. known: parts that the caller has read already, by their
    names.
    """

    def __init__(self, review: ClaimReview, **known: Any) -> None:
        self.review = review
        self.__dict__ |= known

    @cached_property
    def evidence(self) -> list[Evidence]:
        rows = self.review.evidence.select_related("snapshot__source").defer("snapshot__text")
        return list(rows.order_by("pk"))

    @cached_property
    def replies(self) -> list[Reply]:
        return list(self.review.replies.order_by("pk"))

    @cached_property
    def answers(self) -> dict[str, GateAnswer]:
        """The newest answer to each doubt, by its key. Who became a writer later is no second person any more, nor is
        who declared a conflict of interest.
        """
        conflicts = ConflictOfInterest.objects.standing().filter(claim=self.review.claim_id, person=OuterRef("by"))
        seconds = ~Q(by__in=self.review.written_by) & ~Exists(conflicts)
        rows = self.review.gate_answers.filter(~Q(doubt=GateAnswer.Doubt.PASTED) | seconds)
        return {row.sha256: row for row in rows.select_related("by").order_by("pk")}

    @cached_property
    def texts(self) -> list[str]:
        """What is printed in the desk's own words and in those of people who were asked, and the words of the article.
        Not the exact words of documents: whom those name is public already.
        """
        review, quote = self.review, self.quote
        said = [review.statement, markdown.plain(review.rationale), review.change_note, review.quote_translation]
        said += [quote[0]] if quote and not self.foreign else []
        own = ("note", "public_wording", "searched_for", "searched_where")
        said += [getattr(piece, words) for piece in self.evidence for words in own]
        said += [words for reply in self.replies for words in (reply.role, reply.answer, reply.not_asked)]
        said += [row.reason for row in review.checklist.all()]
        return [text for text in said if text]

    @cached_property
    def quote(self) -> tuple[str, str] | None:
        """The claim's words in the article, and their language."""
        anchors = self.review.claim.anchors.order_by("-article_version__number")
        return anchors.values_list("exact", "article_version__language").first()

    @property
    def foreign(self) -> list[str]:
        """The language of the quotation, where it is another than English."""
        language = (self.quote[1] if self.quote else "") or settings.LANGUAGE_CODE
        return [] if is_english(language) else [language]

    @property
    def printed(self) -> list[str]:
        """All words in which a name may be printed."""
        quoted = [words for piece in self.evidence for words in (piece.exact, piece.translation)]
        return [*self.texts, *filter(None, [*quoted, self.quote[0] if self.quote else ""])]

    @cached_property
    def legal(self) -> LegalReading | None:
        return LegalReading.objects.select_related("cleared_by").filter(review=self.review).first()

    @cached_property
    def sha256(self) -> str:
        """Of what a machine reads."""
        read = [self.review.statement, self.texts, self.foreign]
        return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def newest(self) -> MachineReading | None:
        """The newest reading, of whatever the review said then."""
        return MachineReading.objects.filter(review=self.review).first()

    @cached_property
    def reading(self) -> MachineReading | None:
        """Of exactly these words; None while no machine has read them."""
        return self.newest if self.newest and self.newest.sha256 == self.sha256 else None
