"""The site itself: who may enter, and that they enter by the desk's own log-in."""

from django.contrib import admin

from factcheck.permissions import may


class Site(admin.AdminSite):
    def has_permission(self, request) -> bool:
        return may(request.user, "read the admin")


site = Site()
