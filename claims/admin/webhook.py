from datetime import timedelta

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from claims import deeds, webhooks
from claims.admin.deeds import DeedsAdmin, address_of
from claims.forms.webhook import WebhookForm
from claims.models import Webhook
from claims.webhooks import keeping

HOUR = timedelta(hours=1)
SHOWN = (
    "owner", "state", "delivered_seq", "delivered_at", "tried_at", "failures", "failing_since", "next_try_at",
    "former_until", "registered_at",
)  # fmt: skip
WORDS = ("address", "kinds", "topics", "has_documents")


@admin.register(Webhook)
class WebhookAdmin(DeedsAdmin):
    """Everybody keeps their own; who oversees them sees all and may pause each. A secret is shown when it is made."""

    form = WebhookForm
    autocomplete_fields = ("topics",)
    readonly_fields = SHOWN
    list_display = ("address", "owner", "state", "delivered_seq", "delivered_at")
    list_select_related = ("owner",)
    search_fields = ("address", "owner__username")
    deeds = deeds.OF_A_WEBHOOK

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def get_fieldsets(self, request, obj=None):
        how = [(gettext_lazy("How it goes"), {"fields": SHOWN})] if obj else []
        return [(None, {"fields": WORDS}), *how]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_theirs(obj, request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_theirs(obj, request.user)

    def save_model(self, request, obj, form, change):
        words = {name: form.cleaned_data[name] for name in WORDS}
        if change:
            webhooks.change_webhook(obj, by=request.user, **words)
        else:
            obj.pk = webhooks.register_webhook(by=request.user, **words).pk

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.secret_page(request, Webhook.objects.get(pk=obj.pk))

    def tell_of(self, request, deed, made):
        is_new = deed is deeds.ROTATE
        return self.secret_page(request, made) if is_new else super().tell_of(request, deed, made)

    @sensitive_variables("context")
    def secret_page(self, request, webhook):
        """The answer to making it, and the only page that ever shows it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of this webhook"),
            "opts": self.opts,
            "webhook": webhook,
            "back": address_of(webhook),
            "secret": webhooks.secret_of(webhook.seed),
            "hours": keeping.BOTH_SIGN // HOUR if webhook.former_until else None,
        }
        return TemplateResponse(request, "admin/claims/webhook/secret.html", context)

    @admin.display(description=gettext_lazy("how it goes"))
    def state(self, webhook):
        if webhook.paused_at:
            return f"{_('Paused')}: {webhook.get_paused_for_display()}. {webhook.what_is_wrong}".strip()
        return webhook.what_is_wrong or _("Delivered what there is, or at work on it")


def is_theirs(webhook, person):
    return webhook is None or webhook.owner_id == person.pk
