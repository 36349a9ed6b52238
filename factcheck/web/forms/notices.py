"""Following, reading one's notices, and how one wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import Article, Claim, Notice, NoticeSettings
from factcheck.web.forms.fields import DeskForm

WAYS = [("page", _("On the page only")), ("at_once", _("By e-mail at once")), ("daily", _("In the daily digest"))]


class Following(DeskForm):
    """A button that follows, or follows no more: `follows` is what it makes so."""

    follows = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, row: Claim | Article, is_following: bool) -> "Following":
        form = cls(row)
        form.initial["follows"] = not is_following
        return form

    def said(self) -> dict[str, Any]:
        return {"follows": super().said()["follows"]}

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [("", "", _("Follow") if self["follows"].value() in (True, "True") else _("Unfollow"))]


class FollowClaim(Following):
    model, address = Claim, "follow_claim"


class FollowArticle(Following):
    model, address = Article, "follow_article"


class ReadNotices(DeskForm):
    """All up to the newest that the page shows: what came in the meantime stays unread."""

    address, button = "read_notices", _("Mark all as read")

    until = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        return {"until": super().said()["until"]}


class HowToTell(DeskForm):
    address, button = "notice_settings", _("Save")

    def prepare(self) -> None:
        for kind in Notice.Kind:
            self.fields[kind] = forms.ChoiceField(label=kind.label, choices=WAYS)
        self.fields["hour"] = forms.TypedChoiceField(
            label=_("Hour of the daily digest"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int
        )

    @classmethod
    def of(cls, wishes: NoticeSettings) -> "HowToTell":
        form = cls()
        for kind in Notice.Kind.values:
            ways = [way for way in ("at_once", "daily") if kind in getattr(wishes, way)]
            form.initial[kind] = ways[0] if ways else "page"
        form.initial["hour"] = wishes.hour
        return form

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {"ways": {kind: said[kind] for kind in Notice.Kind.values}, "hour": said["hour"]}
