"""The secret of a webhook endpoint, and what is signed with it (Standard Webhooks, version 1).

A secret has to be at hand whenever something is sent, so a hash of it would not do. It is not stored either: it is the
HMAC of a random salt, which stands in the row, under the desk's SECRET_KEY, which stands in no row. Who has the
database alone can sign nothing; a backup holds no secret. When SECRET_KEY is replaced, what is sent is signed under the
former keys (SECRET_KEYS_OLD) as well, so receivers notice nothing; a former key can be dropped when partners have made
new secrets.
"""

import base64
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

from factcheck.models import WebhookEndpoint


def secret(salt: str) -> str:
    """whsec_… as it is shown to the partner, once."""
    return f"whsec_{base64.b64encode(_key(salt, settings.SECRET_KEY)).decode()}"


def signatures(endpoint: WebhookEndpoint, message: str, at: datetime, body: bytes) -> str:
    """The header webhook-signature. at: of the attempt, as in webhook-timestamp."""
    salts = [endpoint.salt]
    if endpoint.old_until is not None and at < endpoint.old_until:
        salts.append(endpoint.old_salt)
    keys = [_key(salt, own) for salt in salts for own in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return " ".join(Webhook(key).sign(message, at, body.decode()) for key in keys)


def _key(salt: str, own: str) -> bytes:
    """32 bytes, of which no other use of the desk's key can come."""
    return salted_hmac("factcheck.webhooks", salt, secret=own, algorithm="sha256").digest()
