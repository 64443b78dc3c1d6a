from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.record import RecordAdmin
from claims.choices import ReleaseState
from claims.models import Release
from claims.releases.making import ask_release
from studies.admin.record import OnlyAdded

SHOWN = ("day", "how_far", "asked_by", "asked_at", "made_at", "size", "sha256")
AGAIN = "5"  # seconds after which a browser looks again how far it is
UNDER_WAY = (ReleaseState.QUEUED, ReleaseState.BUILDING)


class AskForm(forms.ModelForm):
    class Meta:
        model = Release
        fields = ("day",)

    def validate_unique(self):
        """The action says whether that day may be asked for again; one that failed may."""


@admin.register(Release)
class ReleaseAdmin(OnlyAdded, RecordAdmin):
    """Whoever may, asks for the release of a day; `make_releases` makes it, and its page tells how far it is."""

    form = AskForm
    fields = ("day",)
    list_display = ("day", "how_far", "asked_by", "made_at")
    list_select_related = ("asked_by",)

    def get_fields(self, request, obj=None):
        return SHOWN if obj else self.fields

    def save_model(self, request, obj, form, change):
        obj.pk = ask_release(form.cleaned_data["day"], by=request.user).pk

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        response = super().changeform_view(request, object_id, *args, **kwargs)
        if object_id and Release.objects.filter(pk=object_id, state__in=UNDER_WAY).exists():
            response["Refresh"] = AGAIN
        return response

    @admin.display(description=gettext_lazy("how far it is"))
    def how_far(self, release):
        if release.state == ReleaseState.FAILED:
            return f"{release.get_state_display()}: {release.trouble}"
        if release.state == ReleaseState.BUILDING and release.rows_expected:
            return _("%(written)s of about %(expected)s rows written") % {
                "written": release.rows_written,
                "expected": release.rows_expected,
            }
        return release.get_state_display()
