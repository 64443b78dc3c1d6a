"""Secrets and signatures as Standard Webhooks has them (standardwebhooks.com, specification 1.0.0).

A secret is worked out from a random seed and the key of the site and stored nowhere. Whoever has a copy of the base but
not the key can sign nothing; and with another key the secrets are others, which `key_mark` tells.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def new_seed():
    return secrets.token_urlsafe(32)


def secret_of(seed):
    """What the receiver keeps: whsec_ and 32 bytes in base64."""
    return PREFIX + b64encode(keyed(f"secret {seed}").digest()).decode()


def key_mark():
    """Differs when the key of the site does, and tells nothing of it."""
    return keyed("mark").hexdigest()


def keyed(text):
    return salted_hmac("claims.webhooks", text, algorithm="sha256")


def signature(secret, name, moment, body):
    """Signs these bytes under their name (`Webhook-Id`) and the moment of sending, in seconds since 1970."""
    key = b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{b64encode(digest).decode()}"
