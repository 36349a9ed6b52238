"""The site itself: who may enter, and that they enter by the desk's own log-in."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from factcheck.models import Claim, ClaimReview, Job
from factcheck.permissions import may


class Site(admin.AdminSite):
    site_title = site_header = _("Fact-checking desk")
    index_title = _("Administration")

    def has_permission(self, request) -> bool:
        return may(request.user, "read the admin")

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Strangers go to the desk's log-in. Who is logged in and may not enter is told so, not sent in circles."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path(), resolve_url("account_login"))

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        counts = [
            (_("Dead jobs"), "admin:factcheck_job_changelist", "state=dead", Job.objects.filter(state="dead")),
            (
                _("Jobs queued or running"),
                "admin:factcheck_job_changelist",
                "",
                Job.objects.filter(state__in=["queued", "running"]),
            ),
            (
                _("Reviews waiting for a second person"),
                "admin:factcheck_claimreview_changelist",
                "status=submitted",
                ClaimReview.objects.filter(status="submitted"),
            ),
            (
                _("Claims in review"),
                "admin:factcheck_claim_changelist",
                "status=in_review",
                Claim.objects.filter(status="in_review"),
            ),
        ]
        shown = [
            (label, address, query, rows.visible_to(request.user).count()) for label, address, query, rows in counts
        ]
        return super().index(request, {"counts": shown, **(extra_context or {})})


site = Site()
site.disable_action("delete_selected")
