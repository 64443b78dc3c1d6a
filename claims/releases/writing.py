"""Writes every file of a release, one row at a time."""

import csv
import io
import json

from django.utils.translation import override

from claims import exports
from claims.chain_tables import topics_in_chains
from claims.models import Claim, ClaimVersion, Topic
from claims.releases import sheets
from claims.releases.package import datapackage, resource
from kb.lib.jsonlines import canonical, sha256
from kb.lib.sheets import harmless
from studies.models import BiasAssessment

STEP = 500  # rows between two words about how far it is


class Present:
    """The base as it stands."""

    def rows(self, table):
        return exports.public_rows(table)

    def queryset(self, table):
        return exports.public_queryset(table)

    def sheet(self, sheet):
        return sheets.public_queryset(sheet, self.topics)

    def topics(self):
        return exports.public_topics()

    def count(self):
        """How many rows there are to write."""
        tables = [self.queryset(table) for table in exports.TABLES if table is not exports.PEOPLE]
        queried = sum(rows.count() for rows in (*tables, *(self.sheet(sheet) for sheet in sheets.SHEETS)))
        return queried + sum(1 for _row in self.rows(exports.PEOPLE))


class Past(Present):
    """The base as it stood, inside `past.standing_at`. Of people and topics only what the history tells is taken."""

    def rows(self, table):
        return people_then() if table is exports.PEOPLE else table.rows(self.queryset(table))

    def queryset(self, table):
        return self.topics() if table is exports.TOPICS else exports.public_queryset(table)

    def topics(self):
        """What public claims and chains are about, and what is broader. Which topics a draft was about nobody kept."""
        public = Claim.objects.ever_published()
        roles = ("intervention", "outcome", "comparator", "population", "condition", "topics")
        asked = (public.order_by().values_list(name, flat=True).distinct() for name in roles)
        named = {pk for keys in asked for pk in keys.iterator() if pk} | topics_in_chains()
        return Topic.objects.filter(pk__in=Topic.objects.filter(reaches__narrower__in=named).values("pk"))


def people_then():
    """Who signed a version or judged a study's risk of bias, and as what. Which groups and what first name they had then nobody kept."""
    public = ClaimVersion.objects.public()
    roles = {}
    for role, column in (("editor", "author__username"), ("reviewer", "reviewer__username")):
        for name in public.order_by().values_list(column, flat=True).distinct():
            roles.setdefault(name, []).append(role)
    for name in BiasAssessment.objects.order_by().values_list("assessed_by__username", flat=True).distinct():
        if "editor" not in roles.setdefault(name, []):
            roles[name].insert(0, "editor")
    return ({"username": name, "roles": roles[name]} for name in sorted(roles))


def write_release(place, base, *, version="", tell=lambda rows: None):
    """Writes the tables as JSON Lines and CSV, a manifest and a data package. Returns {file: rows}.

    Without a version the release is called by what it holds. `tell` is called now and then with the rows written so far.
    """
    written = Progress(tell)
    files, resources = {}, []
    with override("en"):  # what the columns are called follows from no reader's language
        for table in exports.TABLES:
            with place.writing(table.file) as file:
                count = write_lines(file, base.rows(table), written)
            files[table.file] = {"rows": count, "sha256": file.sha256}
        counts = {name: entry["rows"] for name, entry in files.items()}
        for sheet in sheets.SHEETS:
            path = f"csv/{sheet.name}.csv"
            with place.writing(path) as file:
                counts[path] = write_csv(file, sheet, sheet.rows(base.sheet(sheet)), written)
            resources.append(resource(sheet, path, file))
        manifest = {"format": "onderbouwd/1", "licence": "CC-BY-4.0", "files": files}
        manifest["sha256"] = sha256(canonical(files))
        described = datapackage(version or manifest["sha256"][:12], resources)
    for name, record in (("manifest.json", manifest), ("datapackage.json", described)):
        with place.writing(name) as file:
            file.write(pretty(record).encode())
    written.tell_now()
    return counts


class Progress:
    def __init__(self, tell):
        self.rows, self.tell = 0, tell

    def one_more(self):
        self.rows += 1
        if self.rows % STEP == 0:
            self.tell_now()

    def tell_now(self):
        self.tell(self.rows)


def write_lines(file, rows, written):
    count = 0
    for row in rows:
        file.write(canonical(row).encode() + b"\n")
        count += 1
        written.one_more()
    return count


def write_csv(file, sheet, rows, written):
    """RFC 4180, UTF-8. A value that is not there is an empty cell; a list is JSON."""
    count = 0
    file.write(csv_line(sheet.names))
    for row in rows:
        count += 1
        file.write(csv_line([cell(row.get(name)) for name in sheet.names]))
        written.one_more()
    return count


def csv_line(cells):
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value) if isinstance(value, list | dict) else harmless(value)


def pretty(record):
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
