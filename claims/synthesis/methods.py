"""The methods there are to choose from. A pool never chooses for its reader: both are named with each result."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Correction(TextChoices):
    """How a standardised mean difference is corrected for small samples."""

    EXACT = "exact", _("Hedges' g, exact correction")
    APPROXIMATE = "approximate", _("Hedges' g, approximate correction")


class Estimator(TextChoices):
    """One true effect (fixed), or how the variance between studies is estimated."""

    FIXED = "fixed", _("Fixed effect, inverse variance")
    DERSIMONIAN_LAIRD = "dersimonian-laird", _("Random effects, DerSimonian-Laird")
    PAULE_MANDEL = "paule-mandel", _("Random effects, Paule-Mandel")
    REML = "reml", _("Random effects, restricted maximum likelihood (REML)")


class IntervalMethod(TextChoices):
    WALD = "wald", _("Wald interval (normal)")
    HARTUNG_KNAPP = "hartung-knapp", _("Hartung-Knapp interval (t)")
    HARTUNG_KNAPP_WIDENED = (
        "hartung-knapp-widened",
        _("Hartung-Knapp interval (t), its scale never below 1"),
    )
