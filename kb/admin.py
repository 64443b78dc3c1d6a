"""What admins may do with the accounts of others: end a token, take away a second factor that was lost; see neither."""

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from kb.models import Token

admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


class EndOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Token)
class TokenAdmin(EndOnly):
    list_display = ("name", "user", "scope", "created", "expiry")
    list_filter = ("scope",)
    search_fields = ("name", "user__username")
    fields = ("name", "user", "scope", "created", "expiry")


@admin.register(Authenticator)
class AuthenticatorAdmin(EndOnly):
    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__username",)
    fields = ("user", "type", "created_at", "last_used_at")
