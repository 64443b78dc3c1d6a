"""The words of the studies room: every value a column may hold, with its label."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Design(models.TextChoices):
    """How a piece of research was set up, from most to least able to show cause."""

    META_ANALYSIS = "meta-analysis", _("Meta-analysis")
    SYSTEMATIC_REVIEW = "systematic-review", _("Systematic review")
    RCT = "rct", _("Randomised trial")
    CROSSOVER_RCT = "crossover-rct", _("Randomised crossover trial")
    NON_RANDOMISED_TRIAL = "non-randomised-trial", _("Controlled trial without randomisation")
    UNCONTROLLED_TRIAL = "uncontrolled-trial", _("Trial without a control group")
    COHORT = "cohort", _("Cohort study")
    CASE_CONTROL = "case-control", _("Case-control study")
    CROSS_SECTIONAL = "cross-sectional", _("Cross-sectional study")
    CASE_REPORT = "case-report", _("Case report")
    ANIMAL = "animal", _("Animal study")
    IN_VITRO = "in-vitro", _("Laboratory study")
    NARRATIVE_REVIEW = "narrative-review", _("Narrative review")
    GUIDELINE = "guideline", _("Guideline")
    REGULATORY_OPINION = "regulatory-opinion", _("Opinion of an authority")


class RiskOfBias(models.TextChoices):
    LOW = "low", _("Low")
    SOME_CONCERNS = "some-concerns", _("Some concerns")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class PublicationRole(models.TextChoices):
    PRIMARY = "primary", _("Main report")
    SECONDARY = "secondary", _("Further report")
    PROTOCOL = "protocol", _("Protocol")
    FOLLOW_UP = "follow-up", _("Follow-up")


class CslType(models.TextChoices):
    """The item types of the Citation Style Language that we use."""

    ARTICLE_JOURNAL = "article-journal", _("Journal article")
    REPORT = "report", _("Report")
    BOOK = "book", _("Book")
    CHAPTER = "chapter", _("Chapter")
    LEGISLATION = "legislation", _("Legislation")
    WEBPAGE = "webpage", _("Web page")


class NoticeKind(models.TextChoices):
    RETRACTION = "retraction", _("Retraction")
    CONCERN = "concern", _("Expression of concern")
    CORRECTION = "correction", _("Correction")
    REINSTATEMENT = "reinstatement", _("Reinstatement")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be chosen")
    PREVIEWED = "previewed", _("Looked at")
    LOADED = "loaded", _("Loaded")
    UNDONE = "undone", _("Undone")


class LineState(models.TextChoices):
    """What became of a line that was pasted; it waits until it was looked up."""

    HERE = "here", _("Found here already")
    FOUND = "found", _("Found at the source")
    LOOK = "look", _("Needs a look")
    MISSING = "missing", _("Not found")
    WAITS = "waits", _("Waits to be looked up")
