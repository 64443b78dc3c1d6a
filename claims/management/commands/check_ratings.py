"""Every night: what moved under the ratings that nobody was told of, and which reviews are due."""

from django.core.management.base import BaseCommand, no_translations

from claims import actions
from claims.models import StaleMark


class Command(BaseCommand):
    help = "Compare what every published rating rests on with what it rested on at publication, and mark what moved."

    @no_translations
    def handle(self, **options):
        known = set(StaleMark.objects.values_list("pk", flat=True))
        opened = actions.check_ratings()
        for mark in StaleMark.objects.exclude(pk__in=known).select_related("claim"):
            self.stdout.write(
                f"{mark.claim.accession}: {mark.get_reason_display()} ({mark.object_key}), "
                f"{mark.get_severity_display().lower()}"
            )
        still = StaleMark.objects.filter(resolved_at=None).count()
        self.stdout.write(f"{opened} marks opened, {still} open in all.")
