"""Webhooks: the feed of changes, posted to whoever asked for it. `keeping` is for people, `delivering` for the machine."""

from claims.webhooks.delivering import deliver_changes
from claims.webhooks.keeping import (
    change_webhook,
    pause_webhook,
    register_webhook,
    replay_changes,
    resume_webhook,
    rotate_secret,
)
from claims.webhooks.signing import secret_of

__all__ = [
    "change_webhook",
    "deliver_changes",
    "pause_webhook",
    "register_webhook",
    "replay_changes",
    "resume_webhook",
    "rotate_secret",
    "secret_of",
]
