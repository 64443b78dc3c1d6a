"""A list of references that somebody brought in: looked at first, then loaded as one, and undone as one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from studies.choices import ImportState


class Import(models.Model):
    """`rows` holds what each record says and what is here already (and `answer` where it was looked up: its source, url, fetched_at and
    the sha256 of what came), `made` the keys of the studies that loading made,
    `reports` those of the publications it put under studies that were here, `changed` what it changed in publications that
    were here: {key: {column: [before, after]}}.

    `lines` are what was pasted, line by line: {line: where it begins, text, named: {kind: identifier}, several: identifiers of more than
    one paper, same_as: the line before it that names the same paper, likely: publications of ours, is_left_out}.
    `waiting` are the lines, each as [number, text], that are still to be looked up, and `unreached` says, at its moment,
    why they could not be; empty where nobody tried or they could. `choices` is what was chosen so
    far, {place of the row, from 1: [deed, of, role, take]}; a long list is loaded after `loading_by` asked for it, and
    `loading_trouble` says why that could not be. `table` is the file of a table until its
    columns were chosen, and `mapping` what was chosen: [heading, column, or "" where it is not kept].
    """

    name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.PREVIEWED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("brought in by")
    )
    made_at = models.DateTimeField(_("brought in at"), auto_now_add=True)
    loaded_at = models.DateTimeField(_("loaded at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    rows = models.JSONField(default=list)
    lines = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    dropped = models.JSONField(default=dict, blank=True)
    made = models.JSONField(default=list, blank=True)
    reports = models.JSONField(default=list, blank=True)
    changed = models.JSONField(default=dict, blank=True)
    waiting = models.JSONField(default=list, blank=True)
    unreached = models.TextField(blank=True, default="")
    unreached_at = models.DateTimeField(null=True, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    loading_asked_at = models.DateTimeField(null=True, blank=True)
    loading_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    loading_trouble = models.TextField(blank=True, default="")
    table = models.BinaryField(null=True, blank=True)
    mapping = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ImportState.UPLOADED, loaded_at=None, undone_at=None)
                | Q(state=ImportState.PREVIEWED, loaded_at=None, undone_at=None)
                | Q(state=ImportState.LOADED, loaded_at__isnull=False, undone_at=None)
                | Q(state=ImportState.UNDONE, loaded_at__isnull=False, undone_at__isnull=False),
                name="import_state_in_full",
                violation_error_message=_("An import was looked at, loaded or undone, each at its moment."),
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.UPLOADED, table__isnull=False)
                | (~Q(state=ImportState.UPLOADED) & Q(table=None)),
                name="import_keeps_a_table_until_its_columns_are_chosen",
                violation_error_message=_(
                    "The file of a table is kept until its columns are chosen, and no longer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(waiting=[]) | Q(state=ImportState.PREVIEWED),
                name="import_waits_before_loading",
                violation_error_message=_("Look up the lines that wait, or leave them out, before loading."),
            ),
            models.CheckConstraint(
                condition=Q(unreached="", unreached_at=None)
                | (~Q(unreached="") & Q(unreached_at__isnull=False)),
                name="import_unreached_at_a_moment",
                violation_error_message=_("A source could not be reached at some moment."),
            ),
            models.CheckConstraint(
                condition=Q(loading_asked_at=None, loading_by=None)
                | Q(loading_asked_at__isnull=False, loading_by__isnull=False, state=ImportState.PREVIEWED),
                name="import_waits_to_be_loaded_by_somebody",
                violation_error_message=_(
                    "A list that waits to be loaded was looked at, and somebody asked for it."
                ),
            ),
        )

    def __str__(self):
        return self.name
