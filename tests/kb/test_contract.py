"""The API keeps what its last release promised, unless its major version says otherwise."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

from tests.kb.contract.breaking import breaking_changes, major

ROOT = Path(__file__).parents[2]
RELEASED = json.loads((ROOT / "tests/kb/contract/openapi.json").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "docs/api-changelog.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def today():
    """The description as it is served, through JSON as a client sees it."""
    with override("en"):
        return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


def test_nothing_breaks_what_was_released(today):
    assert major(today) >= major(RELEASED)
    if major(today) == major(RELEASED):
        assert breaking_changes(RELEASED, today) == []


def test_the_changelog_tells_of_this_version(today):
    assert f"## {today['info']['version']}" in CHANGELOG


def test_the_released_description_is_whole():
    assert len(RELEASED["paths"]) > 20 and breaking_changes(RELEASED, RELEASED) == []


CLAIM = {
    "type": "object",
    "properties": {
        "accession": {"type": "string", "readOnly": True},
        "strength": {
            "oneOf": [{"$ref": "#/components/schemas/Strength"}, {"$ref": "#/components/schemas/Null"}]
        },
        "words": {"type": "object", "additionalProperties": {"type": "string"}},
        "narrower": {"type": "array", "items": {"$ref": "#/components/schemas/Claim"}},
        "note": {"allOf": [{"$ref": "#/components/schemas/Note"}], "description": "As it was."},
    },
    "required": ["accession", "words"],
}
SMALL = {
    "info": {"version": "1.4.0"},
    "paths": {
        "/claims/": {
            "get": {
                "security": [{"token": []}, {}],
                "parameters": [
                    {"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["harm", "intake"]}},
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 200}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Claim"}}},
                    },
                    "404": {"description": "Not there."},
                },
            },
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Claim"}}}
                },
                "responses": {"201": {"description": "Made."}},
            },
        }
    },
    "components": {
        "schemas": {
            "Claim": CLAIM,
            "Strength": {"type": "string", "enum": ["high", "low"]},
            "Null": {"enum": [None]},
            "Note": {
                "type": "object",
                "properties": {"text": {"type": "string", "format": "date"}},
                "required": ["text"],
            },
        }
    },
}


@pytest.fixture
def new():
    return deepcopy(SMALL)


def read(new):
    return new["paths"]["/claims/"]["get"]


def write(new):
    return new["paths"]["/claims/"]["post"]


def schema(new, name="Claim"):
    return new["components"]["schemas"][name]


def in_one_language(new):
    return {"oneOf": [schema(new)["properties"]["words"], {"type": "string", "x-asked-with": "lang"}]}


GET, POST = "GET /claims/", "POST /claims/"
BREAKS = {
    "a path is gone": (lambda new: new["paths"].clear(), ["/claims/: is gone"]),
    "a method is gone": (lambda new: new["paths"]["/claims/"].pop("post"), [f"{POST}: is gone"]),
    "a parameter is gone": (lambda new: read(new)["parameters"].pop(0), [f"{GET}: parameter kind is gone"]),
    "a parameter is required": (
        lambda new: read(new)["parameters"][0].update(required=True),
        [f"{GET}: parameter kind is now required"],
    ),
    "a new parameter is required": (
        lambda new: read(new)["parameters"].append(
            {"in": "query", "name": "key", "required": True, "schema": {}}
        ),
        [f"{GET}: parameter key is now required"],
    ),
    "a parameter takes less": (
        lambda new: read(new)["parameters"][0]["schema"]["enum"].remove("harm"),
        [f"{GET}: parameter kind: no longer takes harm"],
    ),
    "a parameter that took anything takes some": (
        lambda new: read(new)["parameters"][1]["schema"].update(enum=[10]),
        [f"{GET}: parameter limit: no longer takes any value"],
    ),
    "a bound is tighter": (
        lambda new: read(new)["parameters"][1]["schema"].update(maximum=100),
        [f"{GET}: parameter limit: maximum 200 became 100"],
    ),
    "a bound is new": (
        lambda new: read(new)["parameters"][1]["schema"].update(minimum=1),
        [f"{GET}: parameter limit: minimum None became 1"],
    ),
    "a form is asked for": (
        lambda new: read(new)["parameters"][0]["schema"].update(pattern="^h"),
        [f"{GET}: parameter kind: pattern is now ^h"],
    ),
    "a key is wanted": (
        lambda new: read(new).update(security=[{"token": []}]),
        [f"{GET}: was open and now wants a key"],
    ),
    "a body is required": (
        lambda new: write(new)["requestBody"].update(required=True),
        [f"{POST}: a body is now required"],
    ),
    "a body is refused": (lambda new: write(new).pop("requestBody"), [f"{POST}: takes no body any more"]),
    "an answer is gone": (lambda new: read(new)["responses"].pop("404"), [f"{GET}: no answer 404 any more"]),
    "a header is gone": (
        lambda new: read(new)["responses"]["200"].pop("headers"),
        [f"{GET}: answer 200: header ETag is gone"],
    ),
    "a media type is gone": (
        lambda new: read(new)["responses"]["200"].update(content={"application/xml": {}}),
        [f"{GET}: answer 200: no application/json any more"],
    ),
    "a member of both is gone": (
        lambda new: schema(new)["properties"].pop("words"),
        [f"{GET}: answer 200: member words is gone", f"{POST}: body: member words is gone"],
    ),
    "a member that is only read is gone": (
        lambda new: schema(new)["properties"].pop("accession"),
        [f"{GET}: answer 200: member accession is gone"],
    ),
    "a member may be missing": (
        lambda new: schema(new)["required"].remove("words"),
        [f"{GET}: answer 200: member words may now be missing"],
    ),
    "a member is required": (
        lambda new: schema(new)["required"].append("note"),
        [f"{POST}: body: member note is now required"],
    ),
    "a type is another": (
        lambda new: schema(new)["properties"]["accession"].update(type="integer"),
        [f"{GET}: answer 200.accession: type string became integer"],
    ),
    "a type of an answer grew": (
        lambda new: schema(new)["properties"]["accession"].update(type=["string", "null"]),
        [f"{GET}: answer 200.accession: type string became null or string"],
    ),
    "one language is given to who never asked for it": (
        lambda new: schema(new)["properties"].update(words=in_one_language(new)),
        [f"{GET}: answer 200.words: type object became string"],
    ),
    "null is refused": (
        lambda new: schema(new)["properties"].update(strength={"$ref": "#/components/schemas/Strength"}),
        [
            f"{POST}: body.strength: type null or string became string",
            f"{POST}: body.strength: no longer takes None",
        ],
    ),
    "a type deep inside is another": (
        lambda new: schema(new)["properties"]["words"]["additionalProperties"].update(type="integer"),
        [
            f"{GET}: answer 200.words[]: type string became integer",
            f"{POST}: body.words[]: type string became integer",
        ],
    ),
    "a member behind allOf is gone": (
        lambda new: schema(new, "Note")["properties"].pop("text"),
        [f"{GET}: answer 200.note: member text is gone", f"{POST}: body.note: member text is gone"],
    ),
    "a form is another": (
        lambda new: schema(new, "Note")["properties"]["text"].update(format="date-time"),
        [
            f"{side}.note.text: format date became date-time"
            for side in (f"{GET}: answer 200", f"{POST}: body")
        ],
    ),
}
GROWS = {
    "a path is new": lambda new: new["paths"].update({"/new/": {}}),
    "a parameter is new": lambda new: read(new)["parameters"].append(
        {"in": "query", "name": "x", "schema": {}}
    ),
    "a parameter takes more": lambda new: read(new)["parameters"][0]["schema"]["enum"].append("mechanism"),
    "a bound is wider": lambda new: read(new)["parameters"][1]["schema"].update(maximum=500),
    "a bound is gone": lambda new: read(new)["parameters"][1]["schema"].pop("maximum"),
    "an answer is new": lambda new: read(new)["responses"].update({"410": {}}),
    "a header is new": lambda new: read(new)["responses"]["200"]["headers"].update(Link={}),
    "a member is new": lambda new: schema(new)["properties"].update(more={"type": "string"}),
    "a member is always there": lambda new: schema(new)["required"].append("accession"),
    "a value is new": lambda new: schema(new, "Strength")["enum"].append("very-low"),
    "a schema has another name": lambda new: (
        new["components"]["schemas"].update(Text=schema(new, "Note")),
        schema(new)["properties"].update(note={"$ref": "#/components/schemas/Text"}),
    ),
    "an answer has a form": lambda new: schema(new)["properties"]["accession"].update(format="uri"),
    "one language is given to who asks for it": lambda new: (
        read(new)["parameters"].append({"in": "query", "name": "lang", "schema": {}}),
        schema(new)["properties"].update(words=in_one_language(new)),
    ),
    "words are other words": lambda new: schema(new).update(description="Better."),
}


@pytest.mark.parametrize(("change", "expected"), BREAKS.values(), ids=BREAKS.keys())
def test_what_breaks_is_told(new, change, expected):
    change(new)
    assert sorted(breaking_changes(SMALL, new)) == sorted(expected)


@pytest.mark.parametrize("change", GROWS.values(), ids=GROWS.keys())
def test_what_only_grows_is_allowed(new, change):
    change(new)
    assert new != SMALL and breaking_changes(SMALL, new) == []


@pytest.mark.parametrize(
    ("path", "change", "words"),
    [
        (
            "/api/v1/claims/",
            lambda schemas: schemas["ListedClaim"]["properties"].pop("standing"),
            "standing is gone",
        ),
        ("/api/v1/changes/", lambda schemas: schemas["FeedEntry"]["properties"].pop("seq"), "seq is gone"),
        (
            "/api/v1/topics/{slug}/",
            lambda schemas: schemas["Topic"]["properties"]["claims"].update(type="string"),
            "type",
        ),
    ],
)
def test_a_break_in_the_real_description_is_found(path, change, words):
    broken = deepcopy(RELEASED)
    change(broken["components"]["schemas"])
    told = breaking_changes(RELEASED, broken)
    assert any(path in sentence and words in sentence for sentence in told)
