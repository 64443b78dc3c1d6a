"""datapackage.json: what the CSV files hold, for programs (Frictionless Data Package and Table Schema, version 1)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.releases.sheets import TITLES, UNIQUE_KEY

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
KINDS = (
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.DecimalField, {"type": "number"}),
    (models.FloatField, {"type": "number"}),
    (models.DateTimeField, {"type": "datetime", "format": "any"}),
    (models.DateField, {"type": "date"}),
    (ArrayField, {"type": "array"}),
    (models.URLField, {"type": "string", "format": "uri"}),
)


def datapackage(version, resources):
    return {
        "profile": "tabular-data-package",
        "name": "onderbouwd",
        "title": "Onderbouwd: health claims and how strong the evidence for each is",
        "description": "Texts that a spreadsheet would take for a formula have an apostrophe before them. "
        "Cells of type array or object hold JSON. The JSON Lines beside these files hold every version.",
        "version": version,
        "licenses": [LICENCE],
        "sources": [{"title": "The publications in csv/publications.csv", "path": "csv/publications.csv"}],
        "resources": resources,
    }


def resource(sheet, path, file):
    """A CSV file that was written, with a schema that follows from the models."""
    return {
        "profile": "tabular-data-resource",
        "name": sheet.name,
        "title": TITLES[sheet.name],
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "licenses": [LICENCE],
        "schema": {
            "fields": [column(sheet, name) for name in sheet.names],
            "missingValues": [""],
            "primaryKey": list(UNIQUE_KEY.get(sheet.name, sheet.key)),
            "foreignKeys": [foreign_key(sheet, name) for name in sheet.references if refers(sheet, name)],
        },
    }


def refers(sheet, name):
    return bool(sheet.references[name].table)


def foreign_key(sheet, name):
    """To the sheet of that name; one to the sheet itself names no resource, as the format has it."""
    table = sheet.references[name].table
    key = {"claims": "accession", "topics": "slug"}.get(table, "key")
    return {
        "fields": name,
        "reference": {"resource": "" if table == sheet.name else table, "fields": key},
    }


def column(sheet, name):
    field = sheet.field(name)
    described = {"name": name, "title": capitalised(str(field.verbose_name)), **kind_of(field)}
    if field.help_text:
        described["description"] = str(field.help_text)
    if constraints := constraints_of(sheet, name, field):
        described["constraints"] = constraints
    return described


def kind_of(field):
    if isinstance(field, models.JSONField):
        return {"type": "array" if field.default is list else "object"}
    return next((dict(kind) for model, kind in KINDS if isinstance(field, model)), {"type": "string"})


def constraints_of(sheet, name, field):
    found = {}
    is_optional = field.blank or any(step.null for step in steps(sheet, name))
    if name in sheet.key or not is_optional:
        found["required"] = True
    if sheet.key == (name,):
        found["unique"] = True
    if field.choices:
        found["enum"] = [value for value, _label in field.flatchoices if value not in (None, "")]
    return found


def capitalised(words):
    return words[:1].upper() + words[1:]


def steps(sheet, name):
    """Every field on the way to the column's own."""
    model = sheet.model
    for step in sheet.path(name).split("__"):
        field = model._meta.get_field(step)
        yield field
        model = field.related_model or model
