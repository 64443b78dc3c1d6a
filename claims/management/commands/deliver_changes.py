"""All the time, or every minute with `--once`: tell the webhooks what changed."""

from time import sleep

from django.core.management.base import BaseCommand, no_translations
from django.utils import timezone

from claims.webhooks import deliver_changes


class Command(BaseCommand):
    help = "Post each change to the webhooks that asked for it. Several may run at once; each does what others do not."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due and stop")
        parser.add_argument("--seconds", type=float, default=5, help="between looking for something to send")

    @no_translations
    def handle(self, once, seconds, verbosity, **options):
        while True:
            for attempt in deliver_changes(timezone.now):
                self.tell(attempt, verbosity)
            if once:
                return
            sleep(seconds)

    def tell(self, attempt, verbosity):
        """Failures always, what was taken with `-v 2`. Never an address, which may hold what its owner keeps to themselves."""
        name = f"webhook {attempt.webhook.pk}, change {attempt.seq}"
        if attempt.trouble:
            until = (
                "paused"
                if attempt.webhook.paused_at
                else f"again at {attempt.webhook.next_try_at:%d %b %H:%M}"
            )
            self.stderr.write(f"{name}: {attempt.webhook.what_is_wrong}; {until}")
        elif attempt.seq and verbosity > 1:
            self.stdout.write(f"{name}: taken")
