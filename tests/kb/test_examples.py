"""The examples in the description of the API are what it answers, and what it takes."""

import json
import re

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from claims import actions
from claims.models import ClaimVersion
from kb.examples import ASKED, HERE, SENT, asked_anew
from tests.factories import draft, in_review, person, published
from tests.kb.test_contract import today  # noqa: F401 (a fixture)


def undated(text):
    """When this base was filled, to the microsecond, is all that may differ."""
    return re.sub(r'"[0-9T:-]{19}[.][0-9]{6}[^"]*"', "", text)


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_what_is_answered(client, db, name):
    kept = (HERE / f"{name}.json").read_text(encoding="utf-8")
    assert undated(kept) == undated(asked_anew(client, name)), "run manage.py write_examples"


def test_every_read_and_every_body_has_an_example(today):  # noqa: F811
    for path, operations in today["paths"].items():
        for method, operation in operations.items():
            content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
            is_open = {} in operation.get("security", [{}]) and "{suffix}" not in path
            if method == "get" and content and is_open:
                assert "example" in content, operation["operationId"]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                assert "example" in body, operation["operationId"]


def test_every_refusal_has_one(today):  # noqa: F811
    for operations in today["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                problem = response.get("content", {}).get("application/problem+json")
                if problem:
                    assert problem["example"]["status"] == int(status) and problem["example"]["detail"]


def client_of(role):
    client = APIClient()
    client.force_authenticate(person(role))
    return client


def of_a_draft(*rest):
    return lambda made: "/".join([f"/api/v1/drafts/{made.pk}", *rest, ""])


def of_a_claim(deed):
    return lambda made: f"/api/v1/claims/{made.claim.accession}/{deed}/"


def withdrawn_version():
    version = published()
    actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="a", reason_nl="b")
    return version


# Operation: (who, method, what is made first, where it is sent)
SENDING = {
    "claims_merge": ("reviewer", "post", published, of_a_claim("merge")),
    "claims_withdraw": ("reviewer", "post", published, of_a_claim("withdraw")),
    "claims_reinstate": ("reviewer", "post", withdrawn_version, of_a_claim("reinstate")),
    "drafts_create": ("editor", "post", published, lambda _made: "/api/v1/drafts/"),
    "drafts_change": ("editor", "patch", draft, of_a_draft()),
    "drafts_comments_create": ("editor", "post", draft, of_a_draft("comments")),
    "drafts_discard": ("editor", "post", draft, of_a_draft("discard")),
    "drafts_evidence_create": ("editor", "post", draft, of_a_draft("evidence")),
    "drafts_evidence_change": ("editor", "patch", draft, lambda made: of_a_draft("evidence", str(made.evidence.get().pk))(made)),
    "drafts_judgements_put": ("editor", "put", draft, of_a_draft("judgements", "imprecision")),
    "drafts_publish": ("reviewer", "post", in_review, of_a_draft("publish")),
    "drafts_request_changes": ("reviewer", "post", in_review, of_a_draft("request-changes")),
    "drafts_submit": ("editor", "post", draft, of_a_draft("submit")),
    "drafts_topics": ("editor", "put", draft, of_a_draft("topics")),
}  # fmt: skip


@override_settings(API_LIMIT=0)
@pytest.mark.parametrize("name", SENDING)
def test_a_request_does_what_it_says(db, name):
    role, method, make, where = SENDING[name]
    made = make()
    seen = ClaimVersion.objects.get(pk=made.pk).revision
    response = getattr(client_of(role), method)(
        where(made), json.loads(json.dumps(SENT[name])), format="json", headers={"if-match": f'"{seen}"'}
    )
    assert response.status_code in (200, 201), response.content


def test_a_comment_is_settled(db):
    made = draft()
    client = client_of("editor")
    comment = client.post(of_a_draft("comments")(made), SENT["drafts_comments_create"], format="json").json()
    where = of_a_draft("comments", str(comment["id"]), "settle")(made)
    assert client.post(where, SENT["drafts_comments_settle"], format="json").status_code == 200
