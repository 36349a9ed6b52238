"""How people come in, and what they keep of their own log-in: allauth, with the desk's own rules."""

import logging
import time
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from allauth.account import app_settings, views
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.totp.views import ActivateTOTPView, deactivate_totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.usersessions import views as usersessions
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from factcheck.exceptions import BadInput
from factcheck.web import sessions
from factcheck.web.errors import desk_only
from factcheck.web.second_factor import has_factor
from factcheck.workflow import invitations, people

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
        "incorrect_password": _("This password is not right."),
        "too_many_login_attempts": _("There were too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A desk's people are invited; nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rates are counted by. A header that does not fit TRUSTED_PROXIES is not looked at; without
        any address, as behind a socket file, everybody shares one count."""
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return request.META.get("REMOTE_ADDR") or "127.0.0.1"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts anew for each Host header, which a stranger may choose among ALLOWED_HOSTS."""
        return credentials.get("email", "").lower()

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session[sessions.LISTED_AS] = request.session.session_key

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask again who somebody is before a password or a factor changes: not right after the log-in.

        Who has a second factor confirms with it. A password alone must not be enough to take it away.
        """
        fitting = {"mfa"} if has_factor(self.request.user) else {"mfa", "password"}
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["method"] in fitting and record["at"] > since for record in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        strong = [each for each in methods if each["id"].startswith("mfa_reauthenticate")]
        return strong if user.is_authenticated and has_factor(user) else methods

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Below PUBLIC_URL. key: person and token, with a hyphen between them."""
        person, token = key.split("-", 1)
        return invitations.public(reverse("account_reset_password_from_key", kwargs={"uidb36": person, "key": token}))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_from_email(self) -> str:
        return invitations.sender()

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """The page that follows is the same whether the mail went out or not: it must not tell who has a log-in."""
        address = invitations.public(reverse("account"))
        try:
            super().send_mail(template_prefix, email, {**context, "account_url": address})
        except OSError as error:
            log.error("A mail could not be sent (%s): %s", template_prefix, type(error).__name__)


# What people change about their own log-in is done by allauth's views, which tell of it by signals only.


@receiver([password_changed, password_set, password_reset])
def note_password(user: Any, **more: Any) -> None:
    people.password_set(user)


@receiver(authenticator_added)
def note_added_factor(user: Any, authenticator: Any, **more: Any) -> None:
    people.second_factor_set_up(user, authenticator.type)


@receiver(authenticator_removed)
def note_removed_factor(user: Any, authenticator: Any, **more: Any) -> None:
    people.second_factor_given_up(user, authenticator.type)


class ResetPassword(ResetPasswordForm):
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A mail goes to an address that nobody here has, too: it says so, and the page takes as long as any other."""
        if self.users:
            return super().save(request, **kwargs)
        get_adapter().send_mail("account/email/unknown_account", self.cleaned_data["email"], {})
        return self.cleaned_data["email"]


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name, to tell it from others")
        self.fields["passwordless"].label = _("Let me in with this passkey alone, without the password")
        self.fields["passwordless"].initial = True


class ActivateTotp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp")  # the code was just typed
        return response


class AddPasskey(passkeys.AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="webauthn")  # the key was just used
        return response


class TimeZone(forms.Form):
    """Zones by the part of the world that they are in."""

    zone = forms.ChoiceField(label=_("Due dates are typed and shown in the time zone"), required=False)

    def __init__(self, data: Any = None, *, now: str = "") -> None:
        super().__init__(data, initial={"zone": now}, label_suffix="")
        parts = groupby(sorted(available_timezones()), key=lambda name: name.partition("/")[0] if "/" in name else "")
        named = [(part or _("Other"), [(name, name.replace("_", " ")) for name in names]) for part, names in parts]
        merged: dict[str, list] = {}
        for part, names in named:
            merged.setdefault(str(part), []).extend(names)
        desks = _("The desk’s: %s") % settings.TIME_ZONE
        self.fields["zone"].choices = [("", desks), *merged.items()]


@require_POST
@desk_only
def time_zone(request: HttpRequest) -> HttpResponse:
    try:
        people.set_time_zone(request.user, zone=request.POST.get("zone", ""))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Times are shown in this zone now."))
    return redirect("account")


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "account/account.html",
        {
            "has_factor": has_factor(request.user),
            "sessions": UserSession.objects.purge_and_list(request.user),
            "zone_form": TimeZone(now=request.user.timezone),
        },
    )


@require_POST
@desk_only
def shortcuts(request: HttpRequest) -> HttpResponse:
    people.use_shortcuts(by=request.user, on="on" in request.POST)
    messages.success(request, _("It is saved."))
    return redirect(reverse("account") + "#keys-setting")


# Seconds after which an address that counted too many requests takes the next one: the longest of ACCOUNT_RATE_LIMITS.
RETRY_AFTER = {"account_reset_password": 3600}


def too_many(request: HttpRequest) -> HttpResponse:
    """429: config.urls.handler429, which allauth asks when a rate is used up."""
    match = request.resolver_match
    seconds = RETRY_AFTER.get(match.url_name if match else None, 60)
    answer = render(request, "429.html", {"minutes": seconds // 60}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


# Log-in, passwords, second factors and sessions, and no more: an address is a person's identity here, and nobody
# changes their own. To be included at accounts/ in place of allauth's whole list; the names are allauth's.
urlpatterns = [
    path("", account, name="account"),
    path("time-zone", time_zone, name="time_zone"),
    path("shortcuts", shortcuts, name="shortcuts"),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/log-in/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/add/", never_cache(ActivateTotp.as_view()), name="mfa_activate_totp"),
    path("second-factor/app/remove/", deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery-codes/", never_cache(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "second-factor/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/log-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("sessions/<int:pk>/end", sessions.end_session, name="end_session"),
]
