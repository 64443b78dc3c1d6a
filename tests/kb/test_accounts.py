"""Signing in, the second factor and tokens, as a visitor, a member of staff and a program meet them."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override
from rest_framework.response import Response
from rest_framework.views import APIView

from kb.accounts import ADDRESS, ANYWHERE, HERE, NO_MAIL, MayWrite, ReadOnlyToken
from kb.models import Token
from kb.settings import BASE_DIR
from kb.tokens import make_token
from tests.factories import person

LOGIN = "/en/account/login/"
PASSWORD = "a pass phrase of some length"
PUBLIC = ("/en/", "/nl/claims/", "/en/claims/KB000001/", "/en/studies/", "/en/method/", "/api/v1/claims/")


@pytest.fixture
def somebody(db):
    """Makes an account of this role with the password of the tests."""

    def make(role):
        made = person(role)
        made.set_password(PASSWORD)
        made.save()
        return made

    return make


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR = "required"


def sign_in(client, username, password=PASSWORD, where=LOGIN, **headers):
    return client.post(where, {"login": username, "password": password}, headers=headers)


def with_app(user):
    """Gives them an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


class TestPassword:
    @pytest.mark.parametrize(("role", "place"), [("editor", "/en/desk/"), ("reader", "/en/")])
    def test_the_right_one_leads_to_the_place_of_work(self, client, somebody, role, place):
        response = sign_in(client, somebody(role).username)
        assert response.status_code == 302 and response["Location"] == place
        assert client.get("/en/account/second-factor/").status_code == 200

    def test_wrong_ones_and_unknown_names_get_the_same_answer(self, client, somebody):
        name = somebody("editor").username
        wrong, unknown = sign_in(client, name, "not it"), sign_in(client, "nobody-at-all", "not it")
        assert wrong.status_code == unknown.status_code == 200
        assert errors(wrong) and errors(wrong) == errors(unknown)

    @pytest.mark.parametrize(
        "evil", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_it_leads_to_no_other_site(self, client, somebody, evil):
        name = somebody("editor").username
        response = client.post(LOGIN, {"login": name, "password": PASSWORD, "next": evil})
        assert response["Location"] == "/en/desk/"

    def test_there_is_no_way_to_make_an_account(self, client, db):
        for path in ("/en/account/signup/", "/en/account/second-factor/webauthn/signup/"):
            assert client.get(path).status_code == 404
        assert b"signup" not in client.get(LOGIN).content

    def test_a_forgotten_one_is_for_the_admins_where_no_mail_is_sent(self, client, db, settings):
        settings.EMAIL_BACKEND = NO_MAIL  # tests have a backend of their own
        assert "Ask one of its admins" in client.get("/en/account/password/reset/").content.decode()

    def test_a_forgotten_one_is_set_anew_by_mail_where_mail_is_sent(self, client, somebody, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        user = somebody("editor")
        user.email = "editor@example.org"
        user.save()
        client.post("/en/account/password/reset/", {"email": user.email})
        client.post("/en/account/password/reset/", {"email": "nobody@example.org"})
        (letter,) = mail.outbox
        link = re.search(r"http://testserver(/\S+)", letter.body)[1]
        form = client.get(link, follow=True).redirect_chain[-1][0]
        response = client.post(form, {"password1": "another pass phrase", "password2": "another pass phrase"})
        assert response.status_code == 302
        assert sign_in(client, user.username, "another pass phrase")["Location"] == "/en/desk/"

    def test_another_one_ends_other_sessions_and_tokens(self, client, somebody):
        user = somebody("editor")
        secret = make_token({"name": "x", "scope": "write", "days": 9}, by=user)
        elsewhere = Client()
        for browser in (client, elsewhere):
            sign_in(browser, user.username)
        words = {
            "oldpassword": PASSWORD,
            "password1": "another pass phrase",
            "password2": "another pass phrase",
        }
        assert client.post("/en/account/password/change/", words).status_code == 302
        assert client.get("/admin/").status_code == 200
        assert elsewhere.get("/admin/").status_code == 302
        assert not Token.objects.filter(user=user).exists()
        assert call(client, secret).status_code == 401

    def test_signing_out_is_a_post(self, client, somebody):
        sign_in(client, somebody("editor").username)
        assert client.get("/en/account/logout/").status_code == 200
        assert client.get("/admin/").status_code == 200
        assert client.post("/en/account/logout/")["Location"] == "/en/"
        assert client.get("/admin/").status_code == 302


def errors(response):
    return response.context["form"].non_field_errors()


class TestGuessing:
    def test_who_guesses_on_must_wait_and_a_right_password_does_not_help(self, client, somebody):
        name = somebody("editor").username
        _kind, limit, _window = HERE
        for _number in range(limit):
            assert sign_in(client, name, "not it").status_code == 200
        for password in ("not it", PASSWORD):
            response = sign_in(client, name.upper(), password)
            assert response.status_code == 429
            assert 0 < int(response["Retry-After"]) <= 900
            assert "Too many tries" in response.content.decode()
        assert client.get("/admin/").status_code == 302

    def test_others_at_the_same_address_and_the_same_person_elsewhere_go_on(self, client, somebody):
        editor, reviewer = somebody("editor").username, somebody("reviewer").username
        for _number in range(HERE[1] + 1):
            sign_in(client, editor, "not it")
        assert sign_in(client, reviewer).status_code == 302
        client.logout()
        client.defaults["REMOTE_ADDR"] = "192.0.2.77"
        assert sign_in(client, editor).status_code == 302

    @pytest.mark.parametrize(
        ("limit", "change"),
        [
            (ANYWHERE[1], lambda number: {"address": f"192.0.2.{number}", "name": "the-editor"}),
            (ADDRESS[1], lambda number: {"address": "192.0.2.1", "name": f"somebody-{number}"}),
        ],
        ids=["one account from many addresses", "many accounts from one address"],
    )
    def test_spread_out_guessing_is_stopped_too(self, client, db, limit, change):
        def guess(number):
            tried = change(number)
            client.defaults["REMOTE_ADDR"] = tried["address"]
            return sign_in(client, tried["name"], "not it").status_code

        assert {guess(number) for number in range(limit)} == {200}
        assert guess(limit) == 429

    def test_signing_in_often_is_no_guessing(self, client, somebody):
        name = somebody("editor").username
        for _number in range(HERE[1] + 2):
            assert sign_in(client, name).status_code == 302
            client.logout()

    def test_the_password_asked_again_is_counted_as_well(self, client, somebody):
        user = somebody("editor")
        client.force_login(user)
        answers = [
            client.post("/en/account/reauthenticate/", {"password": "not it"}).status_code
            for _number in range(HERE[1] + 1)
        ]
        assert answers[-1] == 429 and set(answers[:-1]) == {200}


class TestSecondFactor:
    def test_the_admin_sends_strangers_to_our_page(self, client, db):
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2F"

    def test_the_admin_is_closed_to_readers(self, client, reader):
        client.force_login(reader)
        assert client.get("/admin/login/").status_code == 403

    def test_the_password_page_of_the_admin_is_ours(self, client, editor):
        client.force_login(editor)
        assert client.get("/admin/password_change/")["Location"] == "/en/account/password/change/"

    @pytest.mark.parametrize(
        "path", ["/admin/", "/admin/claims/claim/", "/en/account/tokens/", "/nl/account/tokens/"]
    )
    def test_staff_without_one_set_it_up_first(self, client, editor, strict, path):
        client.force_login(editor)
        response = client.get(path, follow=True)
        assert response.redirect_chain[-1][0].endswith("/account/second-factor/")
        assert "notice" in response.content.decode()

    def test_writing_through_the_api_with_a_session_needs_one_too(self, client, editor, strict):
        client.force_login(editor)
        response = client.post("/api/v1/claims/", {}, content_type="application/json")
        assert (response.status_code, response.json()["rule"]) == (403, "second-factor-required")
        assert client.get("/api/v1/claims/").status_code == 200

    def test_recovery_codes_alone_are_none(self, client, editor, strict):
        Authenticator.objects.create(user=editor, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        client.force_login(editor)
        assert client.get("/admin/").status_code == 302

    def test_staff_that_has_one_and_readers_are_let_through(self, client, editor, reader, strict):
        with_app(editor)
        client.force_login(editor)
        assert client.get("/admin/").status_code == 200
        client.force_login(reader)
        assert client.get("/en/claims/").status_code == 200

    def test_where_it_is_offered_the_admin_is_open_without(self, client, editor, settings):
        assert settings.SECOND_FACTOR == "offered"
        client.force_login(editor)
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize(
        ("address", "rule"), [("https://kb.example", "required"), ("http://127.0.0.1:8000", "offered")]
    )
    def test_it_is_required_where_the_site_is_public(self, address, rule):
        environment = {key: value for key, value in os.environ.items() if key != "SECOND_FACTOR"}
        done = subprocess.run(
            [sys.executable, "-c", "from kb import settings; print(settings.SECOND_FACTOR)"],
            cwd=BASE_DIR,
            env={**environment, "SITE_URL": address},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == rule

    def test_an_app_is_set_up_and_asked_for_from_then_on(self, client, somebody, strict):
        user = somebody("editor")
        sign_in(client, user.username)
        setup = "/en/account/second-factor/totp/activate/"
        again = client.get(setup)["Location"]
        client.post(again, {"password": PASSWORD, "next": setup})
        page = client.get(setup)
        assert "<svg" in page.content.decode() and "data:" not in page.content.decode()
        client.post(setup, {"code": code_of(page.context["form"].secret)})
        assert client.get("/admin/").status_code == 200

        client.logout()
        assert sign_in(client, user.username)["Location"] == "/en/account/second-factor/authenticate/"
        assert client.get("/admin/").status_code == 302

    def test_a_code_is_asked_after_the_password_and_works_once(self, client, somebody):
        user = somebody("editor")
        secret, asked = with_app(user), "/en/account/second-factor/authenticate/"
        code = code_of(secret)
        sign_in(client, user.username)
        assert client.post(asked, {"code": code})["Location"] == "/en/desk/"
        client.logout()

        cache.clear()  # as in another process, which knows nothing of what allauth keeps there
        sign_in(client, user.username)
        assert "Incorrect code" in client.post(asked, {"code": code}).content.decode()
        assert client.get("/admin/").status_code == 302

    def test_codes_are_not_guessed(self, client, somebody):
        user = somebody("editor")
        with_app(user)
        sign_in(client, user.username)
        asked = "/en/account/second-factor/authenticate/"
        answers = [client.post(asked, {"code": "abcdef"}).status_code for _number in range(11)]
        assert answers == [200] * 10 + [429]

    def test_the_pages_of_passkeys_run_only_our_own_files(self, client, somebody):
        sign_in(client, somebody("editor").username)
        add = "/en/account/second-factor/webauthn/add/"
        client.post(client.get(add)["Location"], {"password": PASSWORD, "next": add})
        client_pages = [client.get(add).content.decode()]
        client.logout()
        client_pages.append(client.get(LOGIN).content.decode())
        for page in client_pages:
            scripts = re.findall(r"<script([^>]*)>", page)
            assert any("mfa/js/webauthn" in each for each in scripts)
            assert all('src="/static/' in each or 'type="application/json"' in each for each in scripts)
            assert not re.search(r"\son[a-z]+=|\sstyle=", page)

    def test_an_admin_takes_a_lost_one_away_and_sees_no_secret(self, client, editor, admin_person):
        secret = with_app(editor)
        lost = Authenticator.objects.get(user=editor)
        client.force_login(admin_person)
        page = client.get(f"/admin/mfa/authenticator/{lost.pk}/change/").content.decode()
        assert secret not in page
        client.post(f"/admin/mfa/authenticator/{lost.pk}/delete/", {"post": "yes"})
        assert not Authenticator.objects.filter(user=editor).exists()


def call(client, token, method="get", scheme="Token"):
    return getattr(client, method)("/api/v1/claims/", headers={"authorization": f"{scheme} {token}"})


def token_of(user, scope="write", **changes):
    secret = make_token({"name": "script", "scope": scope, "days": 90}, by=user)
    Token.objects.filter(user=user).update(**changes or {"name": "script"})
    return secret


class TestTokens:
    def test_one_is_made_shown_once_and_kept_as_a_hash(self, client, somebody):
        user, page = somebody("editor"), "/en/account/tokens/"
        sign_in(client, user.username)
        words = {"name": "nightly import", "scope": "read", "days": "90"}
        again = client.post(page, words)["Location"]
        shown = client.post(again, {"password": PASSWORD, "next": page})
        secret = re.search(r"kb_[0-9a-f]{64}", shown.content.decode())[0]
        assert "no-store" in shown["Cache-Control"]
        assert secret not in client.get(page).content.decode()

        token = Token.objects.get(user=user)
        assert (token.name, token.scope) == ("nightly import", "read")
        assert secret[15:] not in str(vars(token))
        assert timedelta(days=89) < token.expiry - timezone.now() < timedelta(days=91)
        assert call(client, secret).status_code == 200

    def test_words_that_do_not_fit_are_refused(self, client, somebody):
        sign_in(client, somebody("editor").username)
        page = "/en/account/tokens/"
        client.post(client.post(page)["Location"], {"password": PASSWORD, "next": page})
        for words in ({"scope": "admin"}, {"days": "366"}, {"name": ""}, {"days": "0"}):
            response = client.post(page, {"name": "x", "scope": "read", "days": "90"} | words)
            assert response.status_code == 400, words
        assert not Token.objects.exists()

    def test_readers_and_strangers_make_none(self, client, reader):
        assert client.get("/en/account/tokens/")["Location"].startswith(LOGIN)
        client.force_login(reader)
        assert client.get("/en/account/tokens/").status_code == 403

    def test_one_is_revoked_by_its_owner_only(self, client, editor, reviewer):
        secret = token_of(editor)
        revoke = f"/en/account/tokens/{secret[:15]}/revoke/"
        client.force_login(reviewer)
        assert client.post(revoke).status_code == 404
        client.force_login(editor)
        assert client.get(revoke).status_code == 405
        assert client.post(revoke)["Location"] == "/en/account/tokens/"
        assert call(client, secret).status_code == 401

    def test_an_admin_revokes_anybodys_and_sees_none(self, client, editor, admin_person):
        secret = token_of(editor)
        token = Token.objects.get(user=editor)
        client.force_login(admin_person)
        page = client.get(f"/admin/kb/token/{token.pk}/change/")
        assert page.status_code == 200 and secret not in page.content.decode()
        assert client.get("/admin/kb/token/add/").status_code == 403
        client.post(f"/admin/kb/token/{token.pk}/delete/", {"post": "yes"})
        assert call(client, secret).status_code == 401

    @pytest.mark.parametrize("token", ["", "x", "kb_" + "0" * 64, "kb_" + "é" * 64, "two words", "kb_\x00"])
    def test_what_is_no_token_is_a_401_that_says_how(self, client, db, token):
        response = call(client, token)
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
        assert response["Content-Type"] == "application/problem+json"

    def test_one_that_expired_or_whose_owner_left_is_a_401(self, client, editor, reviewer):
        late = token_of(editor, expiry=timezone.now())
        gone = token_of(reviewer)
        reviewer.is_active = False
        reviewer.save()
        assert {call(client, secret).status_code for secret in (late, gone)} == {401}

    def test_a_password_that_was_changed_anywhere_ends_it(self, client, somebody):
        user = somebody("editor")
        secret = token_of(user)
        user.set_password("set by an admin")
        user.save()
        assert call(client, secret).status_code == 401

    @pytest.mark.parametrize(
        ("scope", "method", "status"),
        [("read", "get", 200), ("read", "post", 403), ("read", "delete", 403), ("write", "post", 200)],
    )
    def test_one_to_read_does_not_write(self, editor, scope, method, status):
        header = {"HTTP_AUTHORIZATION": f"Token {token_of(editor, scope)}"}
        response = Anything.as_view()(getattr(RequestFactory(), method)("/api/v1/anything/", **header))
        assert response.status_code == status

    def test_a_refusal_to_write_has_a_name(self, editor):
        header = {"HTTP_AUTHORIZATION": f"Token {token_of(editor, 'read')}"}
        request = Anything().initialize_request(RequestFactory().post("/", **header))
        with pytest.raises(ReadOnlyToken) as refusal:
            MayWrite().has_permission(request, None)
        assert refusal.value.rule == "read-only-token"

    def test_strangers_read_and_do_not_write(self, db):
        assert Anything.as_view()(RequestFactory().get("/")).status_code == 200
        refused = Anything.as_view()(RequestFactory().post("/"))
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Token")


class Anything(APIView):
    """A view of the API with all as the settings have it."""

    def get(self, request):
        return Response({})

    post = delete = get


class TestReaders:
    def test_without_an_account_no_cookie_no_session_no_look_at_people(self, client, db):
        for path in PUBLIC:
            response = client.get(path)
            assert not response.cookies and "Cookie" not in response.get("Vary", ""), path

    def test_they_see_where_to_sign_in_and_staff_sees_their_name(self, client, editor):
        assert 'href="/nl/account/login/"' in client.get("/nl/claims/").content.decode()
        client.force_login(editor)
        page = client.get("/nl/claims/").content.decode()
        assert editor.get_full_name() in page and "/account/login/" not in page


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_of_an_account_is_in_our_layout(client, somebody, language):
    paths = [
        "",
        "recovery-codes/generate/",
        "totp/activate/",
        "totp/deactivate/",
        "webauthn/",
        "webauthn/add/",
    ]
    user = somebody("editor")
    with override(language):
        sign_in(client, user.username, where=f"/{language}/account/login/")
        client.post(f"/{language}/account/reauthenticate/", {"password": PASSWORD})
        pages = {path: client.get(f"/{language}/account/second-factor/{path}") for path in paths[:3]}
        with_app(user)
        pages |= {path: client.get(f"/{language}/account/second-factor/{path}") for path in paths[3:]}
        for path in ("password/change/", "logout/", "tokens/", "reauthenticate/"):
            pages[path] = client.get(f"/{language}/account/{path}")
    for path, page in pages.items():
        text = page.content.decode()
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in text and text.count("<h1") == 1 and "css/account" in text, path
        assert not re.search(r"\son[a-z]+=|\sstyle=", text), path
