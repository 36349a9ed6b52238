"""Taking an article in, deciding who sees it, looking at its page again, and trying a machine step again."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Article, Job, Unreadable
from factcheck.text.documents import LARGEST
from factcheck.web.forms.fields import Day, DeskForm, Line, People, Words, ticked


class Ingest(DeskForm):
    address, button = "articles", _("Take the article in")

    url = Line(
        _("Address"),
        help_text=_("Where it was published. Without a text or a file, the page there is fetched and read."),
    )
    text = Words(_("Text"), 10)
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the verb says in its own words that there is nothing in it
        help_text=_(
            "A web page, plain text, Markdown, PDF, Word document (.docx) or mail (.eml), of 15 MB at most; or a list"
            " of up to 100 articles: a .csv with a column url, a .jsonl with a text, html or url in each line."
        ),
    )
    title = Line(_("Title"), help_text=_("Left empty, it is taken from the page or file, if that has one."))
    note = Words(_("Note"), 2, help_text=_("How the text reached the desk, and what a reader must know about it."))
    language = Line(_("Language"), 35, help_text=_("As a tag: en, de, pt-BR. Left empty, it is read off the text."))
    published = Day(_("Day it was published"))
    confidential = ticked(
        _("Confidential: an embargoed text"), help_text=_("Seen by you and the people below, and never sent outside.")
    )
    readers = People(_("Who else sees it while it is confidential"))
    stays = ticked(_("It stays in the house: services outside are not asked about its claims"))

    def said(self) -> dict[str, Any]:
        said = super().said()
        day, file = said["published"], said["file"]
        if file and said["text"].strip():
            raise BadInput(_("Either paste a text or choose a file: together they would be two articles."))
        if file and file.size > LARGEST:
            raise BadInput(_("The file has more than 15 MB. Send the part that matters."))
        only_address = said["url"].strip() and not said["text"].strip()
        return {
            "received": file.read() if file else None if only_address else said["text"],
            "file": file.name if file else "",
            "media_type": (file.content_type or "") if file else "",
            "language": said["language"].strip(),
            "published_at": day and datetime(day.year, day.month, day.day, tzinfo=UTC),
            **({"outside_search": Article.OutsideSearch.NEVER} if said["stays"] else {}),
            **{name: said[name] for name in ("title", "url", "note", "confidential", "readers")},
        }


class Confidence(DeskForm):
    """Makes an article confidential, or names its readers anew."""

    model, address, button = Article, "confidence", _("Only these people and I see it")

    readers = People(_("Who sees it while it is confidential"))

    def prepare(self) -> None:
        self.fields["readers"].help_text = _("Whoever saves this is always among them.")

    def stored(self) -> dict[str, Any]:
        return {"readers": [person.pk for person in self.row.readers.all()]}


class OutsideSearch(DeskForm):
    """Whether services outside are asked about the article's claims."""

    model, address, button = Article, "outside_search", _("Save")

    stays = ticked(
        _("It stays in the house: services outside are not asked about its claims"),
        help_text=_("What was sent before stands on the page of each claim."),
    )

    def stored(self) -> dict[str, Any]:
        return {"stays": self.row.outside_search == Article.OutsideSearch.NEVER}

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {"seen": said["seen"], "allowed": not said["stays"]}


class Lift(DeskForm):
    model, address, button = Article, "lift", _("Lift the embargo: the whole desk sees it")


class LookAgain(DeskForm):
    model, address, button = Article, "look_again", _("Look at the page again")


class Replay(DeskForm):
    model, address, button = Job, "replay", _("Try it again")


class TryAgain(DeskForm):
    model, address, button = Unreadable, "try_again", _("Try it again")


class SetAside(DeskForm):
    model, address, button = Unreadable, "set_aside", _("Set it aside")

    reason = Words(_("Why nothing will come of it"), 2, needed=True, help_text=_("The bytes are let go then."))
