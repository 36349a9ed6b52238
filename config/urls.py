"""The addresses of the desk. Each door keeps its own list."""

from django.urls import include, path

from factcheck.admin import site
from factcheck.api import problems
from factcheck.web import health

urlpatterns = [
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("accounts/", include("factcheck.web.accounts")),
    path("admin/", site.urls),
    path("api/v1/", include("factcheck.api.urls")),
    path("v1alpha1/", include("factcheck.api.google")),
    path("problems/<slug:kind>/", problems.page, name="problem"),
    path("", include("factcheck.web.urls")),
]

handler500 = "factcheck.api.problems.unexpected"
handler429 = "factcheck.web.accounts.too_many"  # looked up by allauth, which counts
