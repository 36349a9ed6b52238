"""Who may come in: for now the people of the desk, with the session of the web pages."""

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from factcheck.permissions import may


class Session(SessionAuthentication):
    """Django's session. Whatever writes also needs the CSRF token."""

    def authenticate(self, request):
        """A session whose second factor is missing (web/second_factor.py looks) opens nothing here either."""
        found = super().authenticate(request)
        if found is not None and getattr(request._request, "second_factor_missing", ""):
            raise PermissionDenied("In this role a password alone is not enough: show your second factor on the pages.")
        return found

    def authenticate_header(self, request) -> str:
        """Names the way in, so that a stranger is answered with 401 and not with 403."""
        return 'Session realm="desk"'


class SeesTheDesk(BasePermission):
    """Reading is for every role. What may be done is asked by the verbs, from the one table."""

    message = "Only people of the desk may read this."

    def has_permission(self, request, view) -> bool:
        return may(request.user, "see the desk")


class SessionInSchema(SessionScheme):
    target_class = "factcheck.api.access.Session"
    name = "session"
