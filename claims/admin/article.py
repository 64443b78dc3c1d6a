from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.admin.record import RecordAdmin
from claims.models import Article, ArticleCitation, Mention
from studies.admin.record import Kept


class CitationInline(admin.StackedInline):
    model = ArticleCitation
    extra = 0
    autocomplete_fields = ("study",)
    fields = (("number", "state", "study"), ("named_en", "named_nl"), ("assessment_en", "assessment_nl"))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("study")


class MentionInline(admin.StackedInline):
    model = Mention
    extra = 0
    autocomplete_fields = ("claim", "citation")
    fields = (
        ("number", "claim"), ("says_en", "says_nl"), ("hedge", "attribution", "citation"), ("start", "end"),
        "sha256", "before_sha256", "after_sha256",
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("claim", "citation")


@admin.register(Article)
class ArticleAdmin(Kept, RecordAdmin):
    list_display = ("title", "publisher", "language", "url", "accessed_on")
    list_filter = ("publisher", "language")
    search_fields = ("title", "slug", "publisher", "url")
    date_hierarchy = "accessed_on"
    given_once = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (CitationInline, MentionInline)


@admin.register(ArticleCitation)
class ArticleCitationAdmin(RecordAdmin):
    list_display = ("named_en", "article", "number", "state", "study")
    list_filter = ("state", "article")
    list_select_related = ("article", "study")
    search_fields = ("named_en", "named_nl", "article__title", "study__label")
    autocomplete_fields = ("article", "study")


@admin.register(Mention)
class MentionAdmin(RecordAdmin):
    list_display = ("says", "article", "number", "claim", "hedge", "attribution")
    list_filter = ("hedge", "attribution", "article")
    list_select_related = ("article", "claim")
    search_fields = ("says_en", "says_nl", "article__title", "claim__accession", "claim__slug")
    autocomplete_fields = ("article", "claim", "citation")

    @admin.display(description=_("what it says, in our words"), ordering="says_en")
    def says(self, mention):
        return mention.says_en
