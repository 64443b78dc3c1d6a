"""What people do with their webhooks. Each deed waits for a delivery that is under way, so that neither undoes the other."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import Refused, needs
from claims.choices import PauseReason
from claims.models import Change, Webhook
from claims.models.webhook import UNTROUBLED
from claims.webhooks.signing import key_mark, new_seed
from kb.lib.outgoing import Undelivered, read_address

ADD, CHANGE, OVERSEE = "claims.add_webhook", "claims.change_webhook", "claims.oversee_webhooks"
MOST = 20
BOTH_SIGN = timedelta(hours=24)  # how long a former secret still signs, beside the new one
LOCK_NOT_AVAILABLE = "55P03"


@transaction.atomic
def register_webhook(*, by, address, kinds=(), topics=(), has_documents=False):
    """Tell this address of every change from now on. `signing.secret_of` its seed is to be shown now, and never again."""
    needs(by, ADD)
    if Webhook.objects.filter(owner=by).count() >= MOST:
        raise Refused("too-many", _("You have %(most)s webhooks; delete one first.") % {"most": MOST})
    made = Webhook(
        owner=by,
        address=allowed(address),
        kinds=list(kinds),
        has_documents=has_documents,
        seed=new_seed(),
        made_under=key_mark(),
        delivered_seq=Change.objects.latest_seq(),
    )
    made.clean_fields()
    made.save()
    made.topics.set(topics)
    return made


@transaction.atomic
def change_webhook(webhook, *, by, address, kinds, topics, has_documents):
    """Another address is tried at once."""
    webhook = locked(webhook, by)
    moved = webhook.address != address
    words = {"address": allowed(address), "kinds": list(kinds), "has_documents": has_documents}
    webhook.topics.set(topics)
    return webhook.keep(**words, **(UNTROUBLED if moved else {}))


@transaction.atomic
def rotate_secret(webhook, *, by):
    """A new secret. The one until now signs beside it for a day, and one before that no longer: twice ends both."""
    webhook = locked(webhook, by)
    former = {"former_seed": "", "former_until": None}
    if webhook.made_under == key_mark():
        former = {"former_seed": webhook.seed, "former_until": timezone.now() + BOTH_SIGN}
    again = UNTROUBLED if webhook.made_under != key_mark() else {}
    return webhook.keep(seed=new_seed(), made_under=key_mark(), **former, **again)


@transaction.atomic
def replay_changes(webhook, *, by, since):
    """Send, again or not, what came after this number; that may also be to pass over what nobody wants any more."""
    webhook = locked(webhook, by)
    latest = Change.objects.latest_seq()
    if not 0 <= since <= latest:
        raise Refused("no-such-change", _("The latest change is number %(latest)s.") % {"latest": latest})
    return webhook.keep(delivered_seq=since, **UNTROUBLED)


@transaction.atomic
def pause_webhook(webhook, *, by):
    """Whoever oversees webhooks may pause those of others; only the owner lets them go on."""
    webhook = locked(webhook, by, also=OVERSEE)
    return webhook.keep(paused_at=timezone.now(), paused_for=PauseReason.ASKED)


@transaction.atomic
def resume_webhook(webhook, *, by):
    """From where it stopped, at once."""
    return locked(webhook, by).keep(paused_at=None, paused_for="", **UNTROUBLED)


def allowed(address):
    try:
        read_address(address)
    except Undelivered as refusal:
        sentence = _(
            "Give an https address of a machine on the open internet, without a name or password in it."
        )
        raise ValidationError({"address": sentence}) from refusal
    return address


def locked(webhook, by, also=None):
    """The webhook as it is now, which nobody else changes until this transaction ends, if it is theirs to change."""
    needs(by, CHANGE)
    try:
        webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Refused("delivery-under-way", _("A delivery is under way; try again in a moment.")) from error
    if webhook.owner_id != by.pk and not (also and by.has_perm(also)):
        raise PermissionDenied(_("This webhook is of somebody else."))
    return webhook
