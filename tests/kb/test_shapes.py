"""`lang` and `fields` mean the same at every address of the API that has texts in both languages."""

import json

import pytest

API = "/api/v1"
MADE_OF_TEXTS = (
    "claims/?page_size=200",
    "claims/?include=document&page_size=200",
    "claims/?accession=KB000001,KB000002",
    "claims/KB000001/",
    "claims/KB000001.1/",
    "claims/KB000016/synthesis/?without=buscemi-2005",
    "changes/?limit=1000",
    "changes/?limit=1000&include=document",
    "studies/?page_size=200",
    "studies/?cursor=*&page_size=200",
    "studies/asemi-2015/",
    "publications/?page_size=200",
    "publications/asemi-2015/",
    "topics/?page_size=200",
    "topics/sleep/",
)
NEIGHBOURS = ("next", "previous")


def asked(client, address, more=""):
    return client.get(f"{API}/{address}{'&' if '?' in address else '?'}{more}")


def without_neighbours(record):
    return {name: value for name, value in record.items() if name not in NEIGHBOURS}


def as_one(value, language):
    """What a reader makes of both languages: of each pair the one text."""
    if isinstance(value, list):
        return [as_one(inner, language) for inner in value]
    if not isinstance(value, dict):
        return value
    return (
        value[language]
        if value.keys() == {"en", "nl"}
        else {n: as_one(v, language) for n, v in value.items()}
    )


@pytest.mark.parametrize("address", MADE_OF_TEXTS)
class TestOneLanguage:
    def test_is_the_text_of_that_language_in_place_of_each_pair(self, client, db, address):
        both = asked(client, address)
        assert both.headers["Content-Language"] == "en, nl"
        for language in ("en", "nl"):
            one = asked(client, address, f"lang={language}")
            assert one.status_code == 200 and one.headers["Content-Language"] == language
            assert without_neighbours(one.json()) == as_one(without_neighbours(both.json()), language)
            assert without_neighbours(one.json()) != without_neighbours(both.json())

    def test_is_a_copy_of_its_own(self, client, db, address):
        tags = {asked(client, address, more).headers["ETag"] for more in ("", "lang=en", "lang=nl")}
        assert len(tags) == 3

    def test_is_one_that_we_have_and_is_named_once(self, client, db, address):
        for wrong in ("fr", "EN", "", "en&lang=nl"):
            response = asked(client, address, f"lang={wrong}")
            named = [error["parameter"] for error in response.json()["errors"]]
            assert response.status_code == 400 and named == ["lang"], wrong


@pytest.mark.parametrize(
    ("address", "fields", "expected"),
    [
        ("topics/sleep/", "name,kind", {"kind": "outcome", "name": "Slaap"}),
        ("studies/asemi-2015/", "label,design", {"label": "Asemi 2015", "design": "rct"}),
    ],
)
def test_both_go_together(client, db, address, fields, expected):
    assert client.get(f"{API}/{address}", {"lang": "nl", "fields": fields}).json() == expected


def test_in_one_language_a_text_has_no_languages_to_choose_from(client, db):
    whole = client.get(f"{API}/topics/sleep/", {"fields": "name.nl,synonyms.en"}).json()
    assert (
        set(whole) == {"name", "synonyms"}
        and set(whole["name"]) == {"nl"}
        and set(whole["synonyms"]) == {"en"}
    )
    refused = client.get(f"{API}/topics/sleep/", {"fields": "name.nl", "lang": "nl"})
    assert refused.status_code == 400 and refused.json()["errors"][0]["parameter"] == "fields"


def test_what_never_changes_has_both(client, db):
    address = f"{API}/claims/KB000001/versions/1/document/"
    assert client.get(address, {"lang": "nl"}).status_code == 400
    assert set(json.loads(client.get(address).content)["statement"]) == {"en", "nl"}
