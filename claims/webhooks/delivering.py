"""Background work: post each change to each webhook, in order, until it is taken.

A webhook is locked while one of its changes is under way, and passed over by every other process meanwhile. So several
may deliver at once, and none sends what another is sending. A process that dies between the answer of the receiver and
our commit leaves the change to be sent again, under the same `Webhook-Id`.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from claims.choices import PauseReason, Trouble
from claims.models import Change, TopicReach, Webhook
from claims.models.webhook import UNTROUBLED
from claims.records import change_text, changes
from claims.webhooks.signing import key_mark, secret_of, signature
from kb.lib.outgoing import Undelivered, post

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)
GIVE_UP_AFTER = timedelta(days=5)
REDIRECTS, GONE = range(300, 400), 410


@dataclass(frozen=True)
class Attempt:
    """What was done for one webhook: `seq` is None where no change was for it, `trouble` empty where it was taken."""

    webhook: Webhook
    seq: int | None = None
    trouble: str = ""


def deliver_changes(clock):
    """Yields an Attempt for each thing done, until nothing is due. `clock()` gives the time."""
    while attempt := deliver_one(clock):
        yield attempt


@transaction.atomic
def deliver_one(clock):
    """One change to the webhook that waited longest; None where none is due or all that are due are being served."""
    latest = Change.objects.latest_seq()
    due = Webhook.objects.due(clock(), latest).select_for_update(skip_locked=True, no_key=True, of=("self",))
    webhook = due.first()
    if webhook is None:
        return None
    change = next_change(webhook, latest)
    if change is None:
        return Attempt(webhook.keep(delivered_seq=latest, **UNTROUBLED))
    with connection.cursor() as cursor:
        # A server may be set to end sessions that wait long inside a transaction, as this one does for the answer.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")
    try:
        send(webhook, change, clock())
    except Undelivered as refusal:
        return failed(webhook, change, refusal, clock())
    return taken(webhook, change, clock())


def next_change(webhook, latest):
    """The first change after what it has, of a kind and topic it asked for. A topic includes what is below it."""
    rows = changes(webhook.has_documents, webhook.kinds).filter(
        seq__gt=webhook.delivered_seq, seq__lte=latest
    )
    topics = list(webhook.topics.values_list("pk", flat=True))
    if topics:
        reached = TopicReach.objects.filter(topic__in=topics).values("narrower")
        rows = rows.filter(version__topics__in=reached)
    return rows.first()


def send(webhook, change, moment):
    """Raises Undelivered unless the receiver said that it took it."""
    if webhook.made_under != key_mark():
        raise Undelivered(Trouble.SECRET_LOST)
    body = change_text(change, webhook.has_documents).encode()
    reply = post(webhook.address, body, headers(webhook, f"change_{change.seq}", moment, body))
    if reply.status in REDIRECTS:
        raise Undelivered(Trouble.REDIRECTED, str(reply.status))
    if not 200 <= reply.status < 300:
        raise Undelivered(Trouble.STATUS, str(reply.status), reply.wait)


def headers(webhook, name, moment, body):
    second = int(moment.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Onderbouwd-webhook/1",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(second),
        "Webhook-Signature": " ".join(
            signature(secret_of(seed), name, second, body) for seed in seeds(webhook, moment)
        ),
    }


def seeds(webhook, moment):
    both = webhook.former_until and moment < webhook.former_until
    return [webhook.seed, webhook.former_seed] if both else [webhook.seed]


def taken(webhook, change, now):
    return Attempt(
        webhook.keep(delivered_seq=change.seq, delivered_at=now, tried_at=now, **UNTROUBLED), change.seq
    )


def failed(webhook, change, refusal, now):
    """Waits twice as long each time. After five days without success, or at once where it is gone, it is paused."""
    failures, since = webhook.failures + 1, webhook.failing_since or now
    webhook.keep(
        tried_at=now,
        failures=failures,
        failing_since=since,
        next_try_at=now + wait_after(failures, refusal.wait),
        trouble=refusal.trouble,
        trouble_detail=refusal.detail[:200],
    )
    if refusal.detail == str(GONE):
        webhook.keep(paused_at=now, paused_for=PauseReason.GONE)
    elif now - since >= GIVE_UP_AFTER:
        webhook.keep(paused_at=now, paused_for=PauseReason.FAILING)
    return Attempt(webhook, change.seq, refusal.trouble)


def wait_after(failures, asked=None):
    """A minute after the first failure, twice as long after each next one, or the longer time that was `asked` for, in seconds.

    It is never more than twelve hours.
    """
    doubled = FIRST_WAIT * 2 ** min(failures - 1, 20)
    return min(max(doubled, timedelta(seconds=asked or 0)), LONGEST_WAIT)
