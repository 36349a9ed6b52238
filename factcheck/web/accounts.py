"""How people come in: allauth, with the desk's own rules."""

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.urls import path, re_path


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """A desk's people are invited; nobody signs up by themselves."""
        return False


# Log-in and passwords, and no more: an address is a person's identity here, and nobody changes their own. To be
# included at accounts/ in place of allauth's whole list; the names are allauth's.
urlpatterns = [
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
]
