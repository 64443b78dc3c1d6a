"""The page where staff make and revoke the tokens of their programs."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from kb.models import READ, Token

DAYS = 90
MOST = 20


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=Token.Scope, initial=READ, widget=forms.RadioSelect
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=365, initial=DAYS)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@reauthentication_required(allow_get=True)
def token_list(request):
    """One's own tokens, and a form for a new one. The new one is in the answer to that form, and nowhere else."""
    refuse_others(request.user)
    form, secret, status = TokenForm(request.POST or None), "", 200
    tokens = Token.objects.filter(user=request.user)
    if request.method == "POST" and form.is_valid():
        if tokens.count() >= MOST:
            form.add_error(None, _("You have %(most)s tokens; revoke one first.") % {"most": MOST})
        else:
            secret = make_token(form.cleaned_data, by=request.user)
            form = TokenForm()
    if request.method == "POST" and not secret:
        status = 400
    context = {"tokens": tokens.all(), "form": form, "secret": secret, "now": timezone.now()}
    return render(request, "account/tokens.html", context, status=status)


@never_cache
@login_required
@require_POST
def revoke_token(request, token_key):
    refuse_others(request.user)
    get_object_or_404(Token, user=request.user, token_key=token_key).delete()
    return HttpResponseRedirect(reverse("account_tokens"))


def refuse_others(person):
    """Tokens are for staff: whoever only reads needs none."""
    if not person.is_staff:
        raise PermissionDenied


def make_token(words, *, by):
    """The text of a new token, which is kept nowhere."""
    _token, secret = Token.objects.create(
        user=by,
        name=words["name"],
        scope=words["scope"],
        expiry=timedelta(days=words["days"]),
        made_under=by.get_session_auth_hash(),
    )
    return secret
