"""Buttons below a record. Each posts to an address of its own, which calls an action and tells how it went."""

from itertools import chain

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from claims.actions import Refused
from claims.admin.record import RecordAdmin
from claims.deeds import Deed
from kb.lib.refusals import sentence_of

REFUSALS = (Refused, PermissionDenied, IntegrityError, DataError)


class DeedsAdmin(RecordAdmin):
    change_form_template = "admin/claims/deeds.html"
    deeds: tuple[Deed, ...] = ()

    @property
    def deed_address(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_deed"

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.do_deed))
        return [path("<int:pk>/do/<slug:name>/", view, name=self.deed_address), *super().get_urls()]

    def do_deed(self, request, pk, name):
        thing = get_object_or_404(self.get_queryset(request), pk=pk)
        deed = next((deed for deed in self.deeds if deed.name == name), None)
        if deed is None:
            raise Http404
        form = deed.bound(request.POST)
        if not form.is_valid():
            self.message_user(request, " ".join(chain.from_iterable(form.errors.values())), messages.ERROR)
            return redirect(address_of(thing))
        return self.attempt(request, deed, thing, **form.cleaned_data)

    def attempt(self, request, deed, thing, **words):
        """Do it, or say why not. Answers with what there is to look at now."""
        try:
            made = deed.act(thing, by=request.user, **words)
        except REFUSALS as refusal:
            self.message_user(request, sentence_of(refusal), messages.ERROR)
            return redirect(address_of(thing))
        self.log_change(request, made, str(deed.done))
        return self.tell_of(request, deed, made)

    def tell_of(self, request, deed, made):
        self.message_user(request, deed.done, messages.SUCCESS)
        return redirect(address_of(made))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["deeds"] = [
            {
                "deed": deed,
                "form": deed.bound(),
                "url": reverse(f"admin:{self.deed_address}", args=[obj.pk, deed.name]),
            }
            for deed in (self.deeds if obj else ())
            if request.user.has_perm(deed.permission) and deed.is_offered(obj, request.user)
        ]
        return super().render_change_form(request, context, add, change, form_url, obj)


def address_of(thing):
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
