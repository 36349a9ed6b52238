"""Who may come in: people of the desk with the session of the web pages, and partners with a key."""

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission

from factcheck.api import limits
from factcheck.exceptions import NotAllowed
from factcheck.permissions import may
from factcheck.workflow import keys

ANY_KEY = ""
"""In place of a scope: every key opens the operation, and so does the session of a partner."""


class Key(BaseAuthentication):
    """`Authorization: Bearer fck_…`. Then no cookie is looked at, and no CSRF token asked for.

    request.user is the partner, request.auth the models.ApiKey.
    """

    def authenticate(self, request):
        kind, _, whole = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            key = keys.known(whole.strip())
        except NotAllowed as error:
            raise AuthenticationFailed(str(error)) from error
        limits.count(request, key)
        keys.used(key)
        return key.partner, key

    def authenticate_header(self, request) -> str:
        """Names the way in, so that a stranger is answered with 401 and not with 403."""
        return 'Bearer realm="desk"'


class Session(SessionAuthentication):
    """Django's session. Whatever writes also needs the CSRF token."""

    def authenticate(self, request):
        """A session whose second factor is missing (web/second_factor.py looks) opens nothing here either."""
        found = super().authenticate(request)
        if found is not None and getattr(request._request, "second_factor_missing", ""):
            raise PermissionDenied("In this role a password alone is not enough: show your second factor on the pages.")
        return found


class MayEnter(BasePermission):
    """Reading is for every role of the desk; a partner enters where the operation names a scope that its key has.
    What may be done is asked by the verbs, from the one table.
    """

    message = "Only people of the desk may read this."

    def has_permission(self, request, view) -> bool:
        if may(request.user, "see the desk"):
            return True
        if not may(request.user, "use the partner API"):
            return False
        if not hasattr(view, request.method.lower()):
            return True  # and is told that there is no such method
        scope = scope_of(view, request.method)
        if scope is None:
            self.message = "This is for people of the desk. No key opens it."
        elif scope == ANY_KEY or (request.auth is not None and scope in request.auth.scopes):
            return True
        else:
            self.message = f"This needs a key with the scope {scope}."
        return False


def scope_of(view, method: str) -> str | None:
    """What a key needs for this operation. None: no key opens it."""
    return getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)


class SessionInSchema(SessionScheme):
    target_class = "factcheck.api.access.Session"
    name = "session"


class KeyInSchema(OpenApiAuthenticationExtension):
    """OpenAPI 3.1 lets a scheme other than OAuth2 name what it needs, as roles: here, scopes."""

    target_class = "factcheck.api.access.Key"
    name = "key"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "fck_<prefix>_<secret>",
            "description": "A partner's key. Each operation that keys open names the scope that it needs.",
        }

    def get_security_requirement(self, auto_schema):
        scope = scope_of(auto_schema.view, auto_schema.method)
        return None if scope is None else {self.name: [scope] if scope else []}
