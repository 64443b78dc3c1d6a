"""What a version that is handed in rests on: quotes that the machine saw in their source, and rows that show a result."""

import pghistory
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.rules import Refused
from claims.quoting import stands_in
from studies.models import SourceText


def check_quotes(version, *, by):
    """Look every quote that was not checked yet up in what was pasted of its publication. Raises Refused where it is not there."""
    rows = version.evidence.exclude(quote="").filter(quote_checked_on=None)
    for row in rows.select_related("study", "publication__merged_into"):
        pasted = SourceText.objects.filter(publication__in=row.publication.entries)
        if not pasted:
            raise Refused(
                "quote-unchecked",
                _("Of %(key)s no text was pasted yet in which its quote can be looked up.")
                % {"key": row.publication.leads_to.key},
            )
        if not any(stands_in(row.quote, each.text) for each in pasted):
            raise Refused(
                "quote-not-found",
                _("The quote of %(study)s does not stand in the text that was pasted of %(key)s.")
                % {"study": row.study.label, "key": row.publication.leads_to.key},
            )
        row.quote_checked_on = timezone.localdate()
        with pghistory.context(user=by.pk):
            row.save(update_fields=["quote_checked_on"])


def results_needed(version):
    """Raises Refused for the first row that counts and shows no result."""
    for row in version.evidence.filter(counts_in_synthesis=True).select_related("study"):
        if not row.rests_on_a_result:
            raise Refused(
                "result-unseen",
                _(
                    "%(study)s counts, and nothing shows its result: give a number and where it was seen, "
                    "or a quote of the result; or let it not count."
                )
                % {"study": row.study.label},
            )
