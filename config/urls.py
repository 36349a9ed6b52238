"""The addresses of the desk."""

from django.urls import path

from factcheck.web import health

urlpatterns = [
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
]
