"""What people answered to the machine's doubts about a review, before it could be published."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import Guard, forever, refuse
from factcheck.models.reviews import CONFLICTED, ClaimReview

SECOND = "Pasted words are compared by somebody who wrote no part of the review, once it was handed over."


class GateAnswer(models.Model):
    """A person's answer to one doubt about one thing in a review; the newest one counts.

    It holds for exactly what was judged: `sha256` is of that (workflow/gate.py), and the same doubt about anything else
    is open again. Who answers in a draft is one of its writers; pasted words are compared by a second person.
    """

    class Doubt(models.TextChoices):
        PASTED = "pasted", _("Pasted words")
        ALONE = "alone", _("Statement that may not stand alone")
        LINK = "link", _("Dead link")
        PERSON = "person", _("Person who may be private")
        AGES = "ages", _("Statement that may age")
        UNREAD = "unread", _("Words that no machine read")

    class Choice(models.TextChoices):
        COMPARED = "compared", _("I compared the pasted words with the source")
        STANDS = "stands", _("It can be understood as it is")
        ARCHIVED = "archived", _("The archived text stands for it")
        PUBLIC = "public", _("A public figure")
        NOINDEX = "noindex", _("Keep the name, and ask search engines not to list the page")
        LASTING = "lasting", _("It will not go out of date")
        READ = "read", _("I read it myself: no private person is named")

    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        Doubt.PASTED: (Choice.COMPARED,),
        Doubt.ALONE: (Choice.STANDS,),
        Doubt.LINK: (Choice.ARCHIVED,),
        Doubt.PERSON: (Choice.PUBLIC, Choice.NOINDEX),
        Doubt.AGES: (Choice.LASTING,),
        Doubt.UNREAD: (Choice.READ,),
    }
    WITH_REASON: ClassVar[tuple[str, ...]] = (Doubt.ALONE, Doubt.AGES)

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="gate_answers")
    doubt = models.CharField(_("doubt"), max_length=10, choices=Doubt)
    subject = models.TextField(_("about what: a name, an address, the title of a document"), blank=True)
    sha256 = models.CharField(_("sha256 of what was judged"), max_length=64)
    choice = models.CharField(_("answer"), max_length=10, choices=Choice)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by"))
    at = models.DateTimeField(_("answered"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a doubt")
        verbose_name_plural = _("answers to doubts")
        constraints = [
            models.CheckConstraint(
                name="gate_answer_fits_its_doubt",
                condition=Q(doubt="pasted", choice="compared")
                | Q(doubt="link", choice="archived")
                | Q(doubt="unread", choice="read")
                | Q(doubt="person", choice__in=["public", "noindex"])
                | (
                    (Q(doubt="alone", choice="stands") | Q(doubt="ages", choice="lasting")) & ~Q(reason__regex=r"^\s*$")
                ),
            ),
        ]
        triggers = [
            forever("gate_answers_stay", "An answer stays as it was given; a newer one takes its place."),
            Guard(
                name="gate_answer_by_whom_it_concerns",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("review_status", "text"), ("writers", "bigint[]"), ("of_claim", "bigint")],
                func=f"""
                    SELECT status, written_by, claim_id INTO review_status, writers, of_claim
                    FROM factcheck_claimreview WHERE id = NEW.review_id FOR UPDATE;
                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict
                               WHERE conflict.claim_id = of_claim AND conflict.person_id = NEW.by_id
                                 AND conflict.withdrawn_at IS NULL) THEN
                        {refuse("gate_answer_by_whom_it_concerns", CONFLICTED)}
                    END IF;
                    IF NEW.doubt = 'pasted' THEN
                        IF review_status NOT IN ('submitted', 'approved') OR NEW.by_id = ANY(writers) THEN
                            {refuse("gate_answer_by_whom_it_concerns", SECOND)}
                        END IF;
                    ELSIF review_status IS DISTINCT FROM 'draft' THEN
                        {refuse("gate_answer_by_whom_it_concerns", "A doubt is answered while the review is a draft.")}
                    ELSE
                        UPDATE factcheck_claimreview SET written_by = CASE
                            WHEN NEW.by_id = ANY(written_by) THEN written_by ELSE written_by || NEW.by_id END
                        WHERE id = NEW.review_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_doubt_display()}: {self.get_choice_display()}"
