"""Who is there: signing in with a password, tokens for programs. The second factor is in `kb.second_factor`."""

import re

from allauth.account import adapter, views
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from drf_spectacular import authentication as authentication_schemes
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from knox import auth
from rest_framework import authentication, exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission

from kb.lib.throttle import address_of, allow, give_back
from kb.models import WRITE, Token

# Wrong passwords: how many in how many seconds. Who types theirs wrong is stopped first by the first line; a password
# tried on one account from many addresses by the second; many accounts tried from one address by the third.
HERE, ANYWHERE, ADDRESS = ("login-here", 5, 900), ("login-anywhere", 50, 3600), ("login-address", 100, 3600)
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
TOKEN = re.compile(rb"kb_[0-9a-f]{64}")


class AccountAdapter(adapter.DefaultAccountAdapter):
    """Accounts are made by admins. A wrong password is counted over all processes; a right one is taken back."""

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return address_of(request)

    def get_login_redirect_url(self, request):
        if request.user.has_perm("claims.edit_draft"):
            return reverse("desk:queue")
        return reverse("admin:index" if request.user.is_staff else "home")

    def get_logout_redirect_url(self, request):
        return reverse("home")

    def get_password_change_redirect_url(self, request):
        return reverse("mfa_index")

    def pre_authenticate(self, request, **credentials):
        """Nothing: `authenticate` counts."""

    def authenticate(self, request, **credentials):
        name, address = credentials.get("username", "").casefold(), address_of(request)
        tries = [(HERE, f"{address} {name}"), (ANYWHERE, name), (ADDRESS, address)]
        for (kind, limit, window), key in tries:
            refuse_beyond(request, kind, key, limit, window)
        user = super().authenticate(request, **credentials)
        if user:
            for (kind, _limit, window), key in tries:
                give_back(kind, key, window)
        return user

    def set_password(self, user, password):
        """A new password ends the tokens that were made under the old one."""
        super().set_password(user, password)
        Token.objects.filter(user=user).delete()


def refuse_beyond(request, name, key, limit, window):
    """Counts a try; beyond the limit the page of 429 is the answer, at once."""
    wait = allow(name, key, limit, window)
    if wait:
        raise ImmediateHttpResponse(too_many(request, wait))


def too_many(request, wait):
    context = {"minutes": -(-wait // 60)}
    response = render(request, "account/too_many.html", context, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


class TokenAuthentication(auth.TokenAuthentication):
    """`Authorization: Token kb_...`. Without that header nothing is asked of the database."""

    def authenticate_header(self, request):
        return "Token"

    def authenticate_credentials(self, token):
        """401 for what is no token, and for one that expired or was made under another password."""
        if not TOKEN.fullmatch(token):
            raise exceptions.AuthenticationFailed(_("This is not a token of ours."))
        return super().authenticate_credentials(token)

    def _cleanup_token(self, auth_token):
        """Whether it has expired. An expired one stays on the page of its owner, who sees why it stopped."""
        return auth_token.expiry <= timezone.now()

    def validate_user(self, auth_token):
        if not constant_time_compare(auth_token.made_under, auth_token.user.get_session_auth_hash()):
            raise exceptions.AuthenticationFailed(
                _("The password was changed since this token was made; make a new one.")
            )
        return super().validate_user(auth_token)


class SessionAuthentication(authentication.SessionAuthentication):
    """Of a reader without a session nothing is looked up, and answers to them may be kept by any cache."""

    def authenticate(self, request):
        return super().authenticate(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None


class TokenScheme(OpenApiAuthenticationExtension):
    target_class, name = TokenAuthentication, "token"

    def get_security_definition(self, auto_schema):
        return build_bearer_security_scheme_object("Authorization", "Token")


class SessionScheme(authentication_schemes.SessionScheme):
    target_class, name = SessionAuthentication, "session"


class ReadOnlyToken(PermissionDenied):
    rule = "read-only-token"


class MayWrite(BasePermission):
    """Signed in, and where a token is used to write, one that may."""

    def has_permission(self, request, view):
        if request.method in SAFE_METHODS:
            return True
        if isinstance(request.auth, Token) and request.auth.scope != WRITE:
            raise ReadOnlyToken(_("This token may only read."))
        return bool(request.user and request.user.is_authenticated)


def forgotten(request):
    """Sets a new password by e-mail where e-mail is sent; elsewhere says whom to ask."""
    if settings.EMAIL_BACKEND == NO_MAIL:
        return render(request, "account/forgotten.html")
    return views.password_reset(request)
