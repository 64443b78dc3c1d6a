"""The second factor: who must have one, where it is asked for, and codes that count once."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.accounts import refuse_beyond
from kb.lib.problems import problem
from kb.lib.throttle import allow, give_back

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
TRIES, WINDOW = 10, 900
DAY = 24 * 60 * 60
UNDERWAY = {"admin:logout", "admin:jsi18n", "admin:login"}


def lacks_second_factor(person):
    """Staff that must have a second factor and has none; recovery codes alone are none."""
    return settings.SECOND_FACTOR != "offered" and person.is_staff and not is_mfa_enabled(person, FACTORS)


def second_factor_required(get_response):
    """Sends staff without a second factor from the working places to the page where one is set up."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, arguments, words):
        if not is_working_place(request) or not request.user.is_authenticated:
            return None
        if not lacks_second_factor(request.user):
            return None
        if request.path.startswith("/api/"):
            sentence = _("Set up a second factor first: your account may change what others read.")
            return problem(403, sentence, rule="second-factor-required")
        messages.warning(
            request, _("Set up a second factor first: your account may change what others read.")
        )
        return HttpResponseRedirect(reverse("mfa_index"))

    middleware.process_view = process_view
    return middleware


def is_working_place(request):
    """The admin, the desk, the page of tokens, and writing through the API with a session."""
    match = request.resolver_match
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    if request.path.startswith("/api/"):
        return request.method not in ("GET", "HEAD", "OPTIONS") and "Authorization" not in request.headers
    if match.view_name in UNDERWAY:
        return False
    return "admin" in match.app_names or match.route.partition("/")[2].startswith(
        ("desk/", "account/tokens/")
    )


class CountedCode:
    """A code of six figures is guessed if one may try for ever, and read over a shoulder if it works twice."""

    def clean_code(self):
        person = self.user.pk
        refuse_beyond(context.request, "second-factor", person, TRIES, WINDOW)
        code = super().clean_code()
        if allow("second-factor-spent", f"{person} {code}", 1, DAY):
            raise get_adapter().validation_error("incorrect_code")
        give_back("second-factor", person, WINDOW)
        return code


class CodeForm(CountedCode, forms.AuthenticateForm):
    """At signing in."""


class CodeAgainForm(CountedCode, forms.ReauthenticateForm):
    """Before something that changes the account."""
