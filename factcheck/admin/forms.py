"""Forms whose save is a verb. What the verb refuses is the form's error, and nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import Conflict, DeskError
from factcheck.models import ApiKey, Desk, Outlet, Role, Scope, Source, User
from factcheck.workflow import keys, people, sources


class VerbForm(forms.ModelForm):
    """Valid only when its verb has taken it; `save` then has nothing left to do. `by` is set by DeskAdmin."""

    as_read = forms.CharField(widget=forms.HiddenInput, required=False)
    by: User

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["as_read"].initial = self.version(self.instance)

    def is_valid(self) -> bool:
        if not hasattr(self, "_taken"):
            self._taken = super().is_valid() and self._carry_out()
        return self._taken

    def save(self, commit=True):
        self.save_m2m = lambda: None
        return self.instance

    def _carry_out(self) -> bool:
        row = self._row()
        try:
            with transaction.atomic():
                sent = dict(self.cleaned_data)
                self.instance = self.carry_out(row, sent.pop("as_read"), sent)
        except Conflict as error:
            self._show_both(error)
        except DeskError as error:
            self.add_error(None, str(error))
        return not self.errors

    def _row(self) -> Any:
        return self._meta.model._default_manager.filter(pk=self.instance.pk).first()

    def _show_both(self, error: Conflict) -> None:
        """Beside each field what stands there now. Saving again is then on purpose."""
        self.add_error(None, str(error))
        row = self._row()
        for name in self.changed_data:
            if row is not None and name != "as_read" and getattr(row, name) != self.cleaned_data.get(name):
                self.add_error(name, f"Somebody else wrote: {getattr(row, name)}")
        self.data = self.data.copy()
        self.data["as_read"] = str(self.version(row))

    def version(self, row: Any) -> Any:
        return people.fingerprint(None if row is None or row._state.adding else row)

    def carry_out(self, row: Any, as_read: str, sent: dict[str, Any]) -> Any:
        """Call the verb on what was read."""
        raise NotImplementedError


class FlatJson(forms.JSONField):
    """What the verb could not even be shown is refused like other broken JSON: values within values, nested without
    end, numbers of thousands of digits. What was typed is shown again as it was."""

    def to_python(self, value):
        try:
            found = super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise self._invalid(value) from error
        inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
        if any(isinstance(each, (dict, list)) for each in inner):
            raise self._invalid(value)
        return found

    def _invalid(self, value) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})

    def bound_data(self, data, initial):
        return initial if self.disabled else data and InvalidJSONInput(data)


class DeskForm(VerbForm):
    class Meta:
        model = Desk
        fields = ("name", "logo_url", "contact", "rating_labels")
        # The verb says what an address is.
        field_classes = {"logo_url": forms.CharField, "rating_labels": FlatJson}

    def carry_out(self, row, as_read, sent):
        return people.edit_desk(by=self.by, seen=as_read, **sent)


class OutletForm(VerbForm):
    class Meta:
        model = Outlet
        fields = ("name", "domain", "kind", "reliability_note")

    def carry_out(self, row, as_read, sent):
        if row is None:
            return people.add_outlet(by=self.by, **sent)
        return people.edit_outlet(row, by=self.by, seen=as_read, **sent)


class SourceForm(VerbForm):
    class Meta:
        model = Source
        fields = ("title", "outlet", "url", "kind", "seen", "published", "licence")
        field_classes = {"url": forms.CharField}

    def version(self, row):
        return row.version if row is not None else ""

    def carry_out(self, row, as_read, sent):
        version = int(as_read) if as_read.isdigit() else 0
        return sources.edit_source(row, by=self.by, version=version, **sent)


class AddKeyForm(VerbForm):
    """The row that it saves has `whole`, all of the key, for the page that follows and for no other."""

    partner = forms.ModelChoiceField(User.objects.filter(role=Role.PARTNER, is_active=True).order_by("name"))
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Expires"), choices=keys.LASTS, coerce=int, initial=keys.LASTS[1][0])
    per_minute = forms.IntegerField(
        label=_("Requests a minute"), required=False, help_text=_("Left empty: as for the partner's key before it.")
    )

    class Meta:
        model = ApiKey
        fields = ("partner", "name", "scopes")

    def carry_out(self, row, as_read, sent):
        key, key.whole = keys.create_key(sent.pop("partner"), by=self.by, **sent)
        return key


class KeyForm(VerbForm):
    class Meta:
        model = ApiKey
        fields = ("per_minute",)

    def version(self, row):
        return "" if row is None else row.per_minute

    def carry_out(self, row, as_read, sent):
        return keys.set_limit(row, by=self.by, seen=int(as_read) if as_read.isdigit() else 0, **sent)


class AddPersonForm(VerbForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")

    undelivered: Callable[[User], None]

    def carry_out(self, row, as_read, sent):
        return people.add_person(by=self.by, undelivered=self.undelivered, **sent)


class PersonForm(VerbForm):
    class Meta:
        model = User
        fields = ("role", "is_active")

    def carry_out(self, row, as_read, sent):
        """A verb for each of the two that was changed."""
        if sent["role"] != row.role:
            row = people.set_role(row, by=self.by, seen=as_read, role=sent["role"])
            as_read = people.fingerprint(row)
        if sent["is_active"] != row.is_active:
            verb = people.give_login_back if sent["is_active"] else people.take_login_away
            row = verb(row, by=self.by, seen=as_read)
        return row
