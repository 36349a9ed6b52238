"""The second factor: who must have one reaches nothing before this very session has shown it.

A password alone opens the account pages, where a factor is set up, and no more. Asked at every request, so that a
session from before a role was raised, or before a factor was set up somewhere else, is caught too.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factcheck.permissions import SECOND_FACTOR
from factcheck.templatetags.desk import desk_of
from factcheck.web.errors import typed

# What a password alone opens. The API answers for itself (api/access.py), as a problem.
OPEN = ("accounts/", "api/", "v1alpha1/")


def has_factor(user: AbstractBaseUser) -> bool:
    """Recovery codes are none: they only stand in for one."""
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


def was_shown(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session, to log in or to confirm."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def missing(request: HttpRequest) -> str:
    """What the person has to do first: "set up" a second factor, or "show" the one there is. "" when nothing."""
    if not settings.MFA_REQUIRED or not request.user.is_authenticated or request.user.role not in SECOND_FACTOR:
        return ""
    if not has_factor(request.user):
        return "set up"
    return "" if was_shown(request) else "show"


class SecondFactor:
    """Middleware. Sets request.second_factor_missing, for the pages that stay open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.route
        if route.startswith("healthz/"):
            return None  # which must answer when the database does not
        request.second_factor_missing = first = missing(request)
        if not first or route.startswith(OPEN):
            return None
        if request.method not in ("GET", "HEAD"):
            return render(request, "factcheck/second_factor.html", {"typed": typed(request)}, status=403)
        if first == "set up":
            return redirect("mfa_index")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


class Adapter(DefaultMFAAdapter):
    """What a phone or a key shows to its owner: the desk's name; and the host that people type, never a header's."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. A code works for half a minute, and once."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return gettext("Passkey %d") % (Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1)

    def get_totp_issuer(self) -> str:
        return desk_of(self.request).name

    def build_totp_svg(self, url: str) -> SafeString:
        """An SVG element to stand in the page itself: as an image it would be a data: address, which the content
        security policy refuses."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        drawn = qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")
        return mark_safe(drawn)  # noqa: S308 - squares only

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "", "name": desk_of(self.request).name}
