"""System checks: settings that each look fine but would undo each other."""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.http.request import validate_host


@register()
def time_limits_nest(app_configs, **kwargs):
    """one call outside < hard time limit < lease < visibility time-out, or one step could run twice at once."""
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    errors = []
    if settings.JOB_LEASE <= settings.JOB_TIME_LIMIT:
        errors.append(
            Error(
                f"JOB_LEASE ({settings.JOB_LEASE} s) must be longer than JOB_TIME_LIMIT ({settings.JOB_TIME_LIMIT} s):"
                " a job would be handed on while its worker still runs.",
                id="factcheck.E001",
            )
        )
    if visibility <= settings.JOB_LEASE:
        errors.append(
            Error(
                f"JOB_LEASE ({settings.JOB_LEASE} s) must be shorter than the broker's visibility time-out"
                f" ({visibility} s).",
                id="factcheck.E002",
            )
        )
    if settings.JOB_TIME_LIMIT <= settings.SEARCH_DEADLINE:
        errors.append(
            Error(
                f"SEARCH_DEADLINE ({settings.SEARCH_DEADLINE} s) must be shorter than JOB_TIME_LIMIT"
                f" ({settings.JOB_TIME_LIMIT} s): a call that hangs would be killed with its worker.",
                id="factcheck.E005",
            )
        )
    return errors


@register()
def roots_can_be_written(app_configs, **kwargs):
    """The daily root is what a rewritten trail is found by; it is no use in a folder that nobody can write."""
    folder = settings.AUDIT_ROOTS_DIR
    made = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if made.is_dir() and os.access(made, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"AUDIT_ROOTS_DIR ({folder}) cannot be written: the daily root of the trail would not be published.",
            id="factcheck.E003",
        )
    ]


@register()
def loopback_is_shut(app_configs, **kwargs):
    """Whoever gives an address could otherwise talk to the servers beside the desk, as the desk."""
    if settings.FETCH_ALLOW_LOOPBACK and not settings.DEBUG:
        return [
            Error(
                "FETCH_ALLOW_LOOPBACK is on: any address that somebody gives could reach the servers on this machine."
                " It is for tests; take it out.",
                id="factcheck.E004",
            )
        ]
    return []


@register(deploy=True)
def public_address_is_set(app_configs, **kwargs):
    """Publications carry their address for good."""
    if settings.PUBLIC_URL.startswith("http://localhost"):
        return [
            Warning("PUBLIC_URL is not set: publications would carry the address of localhost.", id="factcheck.W001")
        ]
    return []


@register(deploy=True)
def public_address_answers(app_configs, **kwargs):
    """The canonical address of a fact-check answers itself, and sends nobody on."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    told = f"ALLOWED_HOSTS does not name {host}, the host of PUBLIC_URL: no public fact-check answers there."
    return [Warning(told, id="factcheck.W003")]


@register(deploy=True)
def mails_go_out(app_configs, **kwargs):
    """Invitations and forgotten passwords need them."""
    if settings.EMAIL_BACKEND == "config.mail.Folder":
        return [Warning("EMAIL_URL is not set: mails lie in a folder and reach nobody.", id="factcheck.W002")]
    return []
