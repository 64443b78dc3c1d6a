"""A release: CSV and a data package beside the JSON Lines."""

import csv
import hashlib
import json
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command

from claims.models import Claim, ClaimVersion
from claims.releases.package import datapackage
from claims.releases.sheets import SHEETS
from tests.factories import draft, topic

# What the published profiles (Tabular Data Package and Table Schema 1) ask of each member that we write, in our words.
TEXT = {"type": "string", "minLength": 1}
TYPES = ["string", "number", "integer", "boolean", "object", "array", "date", "datetime"]
LICENCES = {
    "type": "array",
    "minItems": 1,
    "items": {"anyOf": [{"required": ["name"]}, {"required": ["path"]}], "properties": {"path": TEXT}},
}
FIELD = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": TEXT,
        "title": TEXT,
        "description": TEXT,
        "type": {"enum": TYPES},
        "format": {"enum": ["any", "uri"]},
        "constraints": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "required": {"type": "boolean"},
                "unique": {"type": "boolean"},
                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
            },
        },
    },
}
KEYS = {"anyOf": [TEXT, {"type": "array", "minItems": 1, "items": TEXT}]}
SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "minItems": 1, "items": FIELD},
        "primaryKey": KEYS,
        "missingValues": {"type": "array", "items": {"type": "string"}},
        "foreignKeys": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["fields", "reference"],
                "properties": {
                    "fields": KEYS,
                    "reference": {
                        "type": "object",
                        "required": ["resource", "fields"],
                        "properties": {"resource": {"type": "string"}, "fields": KEYS},
                    },
                },
            },
        },
    },
}
PROFILE = {
    "type": "object",
    "required": ["profile", "resources", "licenses", "sources", "version", "title"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": {"type": "string", "pattern": "^([-a-z0-9._/])+$"},
        "licenses": LICENCES,
        "sources": {"type": "array", "minItems": 1, "items": {"required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "profile", "schema"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": {"type": "string", "pattern": "^([-a-z0-9._/])+$"},
                    "path": {"type": "string", "pattern": r"^(?!/)(?!.*\.\.)[^\\]+$"},
                    "bytes": {"type": "integer"},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "schema": SCHEMA,
                },
            },
        },
    },
}


@pytest.fixture
def released(db, tmp_path):
    call_command("release", tmp_path, stdout=StringIO())
    return tmp_path


def cells(folder, name):
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def package(folder):
    return json.loads((folder / "datapackage.json").read_text())


class TestDataPackage:
    def test_keeps_the_rules_of_the_published_profile(self, released):
        jsonschema.validate(package(released), PROFILE)

    def test_the_rules_tell_right_from_wrong(self):
        broken = datapackage("1", [{"name": "claims", "path": "/etc/claims.csv"}])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, PROFILE)

    def test_names_size_and_hash_of_each_file(self, released):
        for resource in package(released)["resources"]:
            data = (released / resource["path"]).read_bytes()
            assert resource["bytes"] == len(data)
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"

    def test_columns_keys_and_references_hold_for_every_row(self, released):
        resources = {resource["name"]: resource for resource in package(released)["resources"]}
        assert set(resources) == {sheet.name for sheet in SHEETS}
        for name, resource in resources.items():
            rows, schema = cells(released, name), resource["schema"]
            assert list(rows[0]) == [field["name"] for field in schema["fields"]]
            keys = [tuple(row[part] for part in schema["primaryKey"]) for row in rows]
            assert len(set(keys)) == len(keys)
            for key in schema["foreignKeys"]:
                there = key["reference"]["resource"] or name
                known = {row[key["reference"]["fields"]] for row in cells(released, there)}
                assert {row[key["fields"]] for row in rows} - {""} <= known, key
            for field in schema["fields"]:
                values = [row[field["name"]] for row in rows]
                assert not broken_rules(field, values), field["name"]


def broken_rules(field, values):
    rules = field.get("constraints", {})
    given = [value for value in values if value != ""]
    if rules.get("required") and len(given) < len(values):
        return "required"
    if rules.get("unique") and len(set(given)) < len(given):
        return "unique"
    if "enum" in rules and set(given) - {str(value) for value in rules["enum"]}:
        return "enum"
    fits = {
        "integer": lambda value: value.lstrip("-").isdigit(),
        "number": lambda value: float(value) is not None,
        "boolean": lambda value: value in ("true", "false"),
        "array": lambda value: isinstance(json.loads(value), list),
        "object": lambda value: isinstance(json.loads(value), dict),
        "date": lambda value: len(value) == 10,
        "datetime": lambda value: value.endswith("Z"),
    }.get(field["type"], lambda value: True)
    return "" if all(fits(value) for value in given) else "type"


class TestSheets:
    def test_hold_each_claim_once_with_its_last_version(self, released):
        rows = cells(released, "claims")
        assert len(rows) == Claim.objects.ever_published().count()
        version = ClaimVersion.objects.get(claim__accession="KB000001", state="published")
        row = next(row for row in rows if row["accession"] == "KB000001")
        assert row["statement_nl"] == version.statement_nl
        assert row["strength"] == str(version.strength)

    def test_no_draft_and_nothing_of_it_is_told(self, db, tmp_path):
        made = draft(statement_en="Hidden words.")
        call_command("release", tmp_path, stdout=StringIO())
        text = "".join(path.read_text() for path in tmp_path.rglob("*.*"))
        assert "Hidden words." not in text
        assert made.claim.intervention.slug not in text

    def test_a_formula_is_made_harmless_and_a_number_stays_one(self, db, tmp_path):
        about = topic(name_en="=HYPERLINK(1)")
        call_command("release", tmp_path, stdout=StringIO())
        row = next(row for row in cells(tmp_path, "topics") if row["slug"] == about.slug)
        assert row["name_en"] == "'=HYPERLINK(1)"
        assert all(not row["ci_low"].startswith("'") for row in cells(tmp_path, "evidence"))
        assert any(row["ci_low"].startswith("-") for row in cells(tmp_path, "evidence"))
