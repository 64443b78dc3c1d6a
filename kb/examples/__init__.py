"""Examples in the description of the API: real answers of the real base, and requests that do what they say.

Answers stand beside this file as JSON, by operation. `manage.py write_examples` asks for them anew; a test holds that they
are what the API answers, and sends every request.
"""

import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ASKED = {
    "changes_list": "/api/v1/changes/?limit=1",
    "claims_list": "/api/v1/claims/?topic=sleep&strength_min=low&page_size=1",
    "claims_retrieve": "/api/v1/claims/KB000001/",
    "claims_synthesis": "/api/v1/claims/KB000001/synthesis/",
    "claims_versions": "/api/v1/claims/KB000001/versions/",
    "claims_document": "/api/v1/claims/KB000001/versions/1/document/",
    "publications_list": "/api/v1/publications/?page_size=1",
    "publications_retrieve": "/api/v1/publications/asemi-2015/",
    "releases_list": "/api/v1/releases/",
    "studies_list": "/api/v1/studies/?page_size=1",
    "studies_retrieve": "/api/v1/studies/asemi-2015/",
    "topics_list": "/api/v1/topics/?page_size=1",
    "topics_retrieve": "/api/v1/topics/sleep/",
}
SENT = {
    "claims_merge": {"into": "KB000001"},
    "claims_reinstate": {},
    "claims_withdraw": {
        "reason": {"en": "Nobody can answer it as it was asked.", "nl": "Zo gesteld kan niemand het beantwoorden."}
    },
    "drafts_create": {"claim": "KB000001"},
    "drafts_change": {"verdict": "mixed", "rationale_en": "Two small trials disagree.", "rationale_nl": "Twee kleine onderzoeken spreken elkaar tegen."},
    "drafts_comments_create": {"text": "Which scale was this measured on?"},
    "drafts_comments_settle": {},
    "drafts_discard": {},
    "drafts_evidence_create": {
        "study": "asemi-2015",
        "publication": "asemi-2015",
        "direction": "supports",
        "directness": "direct",
        "outcome_measure_en": "Score after eight weeks",
        "outcome_measure_nl": "Score na acht weken",
        "finding_en": "The score was lower with the supplement.",
        "finding_nl": "De score was lager met het supplement.",
        "measure": "MD",
        "estimate": -1.5,
        "ci_low": -2.4,
        "ci_high": -0.6,
    },
    "drafts_evidence_change": {"locator": "Table 2"},
    "drafts_judgements_put": {"step": -1, "reason_en": "One small trial.", "reason_nl": "Eén klein onderzoek."},
    "drafts_publish": {"note": "A new trial."},
    "drafts_request_changes": {"note": "Say which people were studied."},
    "drafts_submit": {},
    "drafts_topics": {"topics": ["sleep"]},
}  # fmt: skip
PLACES = {
    "accession": "KB000001",
    "name": "KB000001.1",
    "number": "1",
    "key": "asemi-2015",
    "slug": "sleep",
    "domain": "imprecision",
}


def add_examples(result, generator, request, public):
    """A hook of drf-spectacular."""
    for operations in result["paths"].values():
        for operation in operations.values():
            add_to(operation)
    return result


def add_to(operation):
    name = operation.get("operationId")
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] in PLACES:
            parameter["example"] = PLACES[parameter["name"]]
    if name in SENT and "requestBody" in operation:
        operation["requestBody"]["content"]["application/json"]["example"] = SENT[name]
    for status, response in operation.get("responses", {}).items():
        for media_type, content in response.get("content", {}).items():
            if media_type == "application/problem+json":
                title = response["description"].partition(":")[0].rstrip(".")
                content["example"] = {
                    "type": "about:blank",
                    "title": title,
                    "status": int(status),
                    "detail": response["description"],
                }
    if name in ASKED:
        operation["responses"]["200"]["content"]["application/json"]["example"] = answer_to(name)


@cache
def answer_to(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def asked_anew(client, name):
    """What the API answers now, as the text of the file. Raises ValueError where that is no answer."""
    response = client.get(ASKED[name])
    if response.status_code != 200:
        raise ValueError(f"{ASKED[name]} answers {response.status_code}")
    answer = response.json()
    return f"{json.dumps(answer, indent=1, ensure_ascii=False, sort_keys=True)}\n"
