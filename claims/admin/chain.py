from django.contrib import admin

from claims.admin.record import RecordAdmin
from claims.models import Chain, ChainStep
from studies.admin.record import Kept


class ChainStepInline(admin.TabularInline):
    model = ChainStep
    extra = 0
    autocomplete_fields = ("leads_to", "claim", "mention")
    fields = ("position", "leads_to", "claim", "mention")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("leads_to", "claim", "mention")


@admin.register(Chain)
class ChainAdmin(Kept, RecordAdmin):
    list_display = ("slug", "name_en", "name_nl", "starts_with", "article")
    list_filter = ("article",)
    list_select_related = ("starts_with", "article")
    ordering = ("slug",)
    search_fields = ("slug", "name_en", "name_nl")
    autocomplete_fields = ("starts_with", "article")
    given_once = ("slug",)
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (ChainStepInline,)


@admin.register(ChainStep)
class ChainStepAdmin(RecordAdmin):
    list_display = ("chain", "position", "leads_to", "claim")
    list_filter = ("chain",)
    list_select_related = ("chain", "leads_to", "claim")
    ordering = ("chain__slug", "position")
    search_fields = ("chain__slug", "leads_to__slug", "claim__accession")
    autocomplete_fields = ("chain", "leads_to", "claim", "mention")
