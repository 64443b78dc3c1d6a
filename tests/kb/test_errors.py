"""Whatever goes wrong is said clearly, with the right status, as a page or as problem+json."""

import json

import pytest
from django.db import DataError, OperationalError, connection
from django.test import RequestFactory

from kb.middleware import database_trouble


def raised(error):
    middleware = database_trouble(lambda request: None)
    return lambda path: middleware.process_exception(RequestFactory().get(path), error)


class TestDatabaseTrouble:
    def test_a_database_that_is_away_is_a_503_that_says_when_to_try_again(self):
        response = raised(OperationalError("gone"))("/api/v1/claims/")
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert json.loads(response.content)["status"] == 503

    def test_a_value_it_cannot_hold_is_a_400(self):
        assert raised(DataError("too big"))("/api/v1/claims/").status_code == 400

    def test_any_other_error_is_left_alone(self):
        assert raised(ValueError("x"))("/api/v1/claims/") is None

    def test_a_statement_that_takes_too_long_is_said_so(self, db):
        with pytest.raises(OperationalError) as slow, connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(5)")
        response = raised(slow.value)("/api/v1/claims/")
        assert "took too long" in json.loads(response.content)["detail"]


class TestLanguage:
    @pytest.mark.parametrize(
        ("method", "address", "headers", "status"),
        [
            ("get", "claims/KB999999/", {}, 404),
            ("get", "nothing/", {}, 404),
            ("get", "claims/?no=1", {}, 400),
            ("get", "changes/?since=x", {}, 400),
            ("get", "changes/?kind=x", {}, 400),
            ("get", "topics/?no=1", {}, 400),
            ("get", "claims/KB000001/?lang=fr", {}, 400),
            ("get", "claims/KB000001/", {"accept": "image/png"}, 406),
            ("post", "claims/KB000001/", {}, 405),
            ("get", "drafts/", {}, 401),
        ],
    )
    def test_a_problem_is_in_the_language_it_says(self, client, db, method, address, headers, status):
        told = {}
        for language in ("en", "nl"):
            asked = headers | {"accept-language": language}
            response = getattr(client, method)(f"/api/v1/{address}", headers=asked)
            assert (response.status_code, response["Content-Language"]) == (status, language)
            told[language] = response.json()
        assert told["en"]["title"] != told["nl"]["title"] and told["en"]["detail"] != told["nl"]["detail"]


class TestPages:
    @pytest.mark.parametrize(
        "path", ["/en/nothing/", "/en/claims/KB999999/", "/en/topics/nothing/", "/nl/studies/nobody/"]
    )
    def test_a_page_that_is_not_there_helps(self, client, db, path):
        response = client.get(path)
        assert response.status_code == 404
        assert b"<main" in response.content

    @pytest.mark.parametrize(
        "path", ["/en/claims/", "/en/", "/en/studies/", "/en/method/", "/en/claims/KB000001/"]
    )
    def test_pages_are_only_read(self, client, db, path):
        assert client.post(path).status_code == 405

    def test_a_strange_host_is_refused(self, client, db):
        assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400

    def test_anonymous_pages_set_no_cookie(self, client, db):
        for path in ("/en/", "/nl/claims/", "/en/claims/KB000001/", "/api/v1/claims/"):
            assert not client.get(path).cookies, path

    def test_pages_load_nothing_from_elsewhere(self, client, db):
        policy = client.get("/en/")["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
