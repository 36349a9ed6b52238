"""Taking an article in, deciding who sees it, and trying a machine step again."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from factcheck.models import Article, Job
from factcheck.web.forms.fields import Day, DeskForm, Line, People, Words, ticked


class Ingest(DeskForm):
    address, button = "articles", _("Take the article in")

    title = Line(_("Title"))
    url = Line(_("Address"), help_text=_("Where it was published, if it was on the web."))
    note = Words(_("Note"), 2, help_text=_("How the text reached the desk, and what a reader must know about it."))
    language = Line(_("Language"), 35, initial="en", help_text=_("As a tag: en, de, pt-BR."))
    published = Day(_("Day it was published"))
    text = Words(_("Text"), 10, needed=True)
    confidential = ticked(
        _("Confidential: an embargoed text"), help_text=_("Seen by you and the people below, and never sent outside.")
    )
    readers = People(_("Who else sees it while it is confidential"))

    def said(self) -> dict[str, Any]:
        said = super().said()
        day = said["published"]
        return {
            "received": said["text"],
            "language": said["language"].strip() or "en",
            "published_at": day and datetime(day.year, day.month, day.day, tzinfo=UTC),
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


class Lift(DeskForm):
    model, address, button = Article, "lift", _("Lift the embargo: the whole desk sees it")


class Replay(DeskForm):
    model, address, button = Job, "replay", _("Try it again")
