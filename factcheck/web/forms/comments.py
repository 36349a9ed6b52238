"""What people say about a claim and about parts of its review, and what becomes of a comment."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.models import Claim, ClaimReview, Comment
from factcheck.web.forms.fields import DeskForm, Words
from factcheck.workflow.comments import On


def parts_of(review: ClaimReview) -> list[tuple[On, str]]:
    """Each part of a review that can be commented on, with its name: “Rationale”, “Evidence 2: Minutes”."""
    parts = [(On(review, part), str(part.label)) for part in Comment.Part if part != Comment.Part.EVIDENCE]
    for number, row in enumerate(review.pieces(), start=1):
        title = row.snapshot.source.title if row.snapshot else str(row.get_kind_display())
        name = _("Evidence %(number)d: %(title)s") % {"number": number, "title": Truncator(title).chars(100)}
        parts.append((On(review, Comment.Part.EVIDENCE, row.pk), name))
    return parts


def key_of(on: On) -> str:
    """As forms name a part: `7-finding`, `7-evidence-12`."""
    return "-".join(str(each) for each in (on.review.pk, on.part, on.piece) if each is not None)


class WriteComment(DeskForm):
    model, address, button = Claim, "comment", gettext_lazy("Comment")

    about = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    text = Words(
        gettext_lazy("Comment"),
        3,
        needed=True,
        help_text=gettext_lazy(
            "@ and the first part of a colleague’s e-mail address mentions them: they are told. It is no part of the"
            " review."
        ),
    )

    def prepare(self) -> None:
        if "review" in self.known:
            review = self.known["review"]
        else:
            review = self.row.reviews.filter(status__in=ClaimReview.OPEN).first()
        self.parts = {key_of(on): (on, name) for on, name in parts_of(review)} if review else {}
        if self.parts:
            named = [(key, name) for key, (_on, name) in self.parts.items()]
            self.fields["about"].choices = [("", _("The claim as a whole")), *named]
        else:
            del self.fields["about"]

    def said(self) -> dict[str, Any]:
        said = super().said()
        about = said.get("about")
        return {"text": said["text"], "on": self.parts[about][0] if about else None}


class ResolveComment(DeskForm):
    model, address, button = Comment, "resolve_comment", gettext_lazy("Resolve")


class ReopenComment(DeskForm):
    model, address, button = Comment, "reopen_comment", gettext_lazy("Open again")


class WithdrawComment(DeskForm):
    model, address, button = Comment, "withdraw_comment", gettext_lazy("Withdraw")
