"""What a file of references would bring: what is new, what is here already, and where the two do not say the same."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from studies import formats
from studies.models import Publication

IDENTIFIERS = ("doi", "pmid", "pmcid")
COMPARED = (*IDENTIFIERS, "title", "year", "container_title", "volume", "issue", "pages")
FILLED = (*COMPARED, "authors", "url")
AT_ONCE = 1000  # records that one question to the database is about


@dataclass(frozen=True)
class Row:
    """`here` are the publications with an identifier of this record: more than one where it mixes up two papers.

    `leading` is {identifier's kind: which of them it leads to}, `conflicts` is {column: (as it is here, as the file has it)}; what only one of them has is no conflict.
    """

    record: formats.Record
    here: list[Publication]
    leading: dict[str, Publication]
    conflicts: dict[str, tuple] = field(default_factory=dict)


def preview(name, data, mapping=None):
    """The reading of this file and a row for each of its records. Writes nothing. Raises formats.Unreadable."""
    reading = formats.read(name, data, mapping)
    rows = []
    for start in range(0, len(reading.records), AT_ONCE):
        records = reading.records[start : start + AT_ONCE]
        known = publications_named_by(records)
        rows += [row_of(record, known) for record in records]
    return reading, rows


def publications_named_by(records):
    """{(identifier's kind, identifier): publication}, the one that stays of a paper that has several entries."""
    found = {}
    for kind in IDENTIFIERS:
        named = {record.fields[kind] for record in records if record.fields.get(kind)}
        publications = Publication.objects.filter(**{f"{kind}__in": named})
        for publication in publications.select_related("study", "merged_into__study").order_by("pk"):
            found[kind, getattr(publication, kind)] = publication.leads_to
    return found


def twins_in(numbered):
    """{number: number of the record before it that names the same paper}; `numbered` are (number, fields)."""
    first, twins = {}, {}
    for number, fields in numbered:
        named = [(kind, fields[kind]) for kind in IDENTIFIERS if fields.get(kind)]
        before = next((first[name] for name in named if name in first), None)
        if before is not None:
            twins[number] = before
        for name in named:
            first.setdefault(name, number if before is None else before)
    return twins


def flaws_of(fields):
    """Sentences on why no publication can be made of this."""
    if not fields.get("title"):
        return [_("Without a title it cannot be loaded.")]
    unknown = fields.keys() - {field.name for field in Publication._meta.fields}
    if unknown:
        return [_("“%(name)s” is not something we keep.") % {"name": min(unknown)}]
    try:
        Publication(**fields).clean_fields(exclude=("study", "key"))
    except ValidationError as error:
        return [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
    return []


def row_of(record, known):
    named = {kind: known.get((kind, record.fields.get(kind))) for kind in IDENTIFIERS}
    leading = {kind: publication for kind, publication in named.items() if publication}
    here = list({publication.pk: publication for publication in leading.values()}.values())
    return Row(record, here, leading, conflicts_of(record, here[0], leading) if here else {})


def conflicts_of(record, publication, leading=None):
    """An identifier that leads here by an entry that was merged into this one is no conflict; `leading` as in Row."""
    return {
        column: (getattr(publication, column), record.fields[column])
        for column in COMPARED
        if record.fields.get(column)
        and getattr(publication, column)
        and record.fields[column] != getattr(publication, column)
        and (leading or {}).get(column) != publication
    }


def lacking_in(publication, fields):
    """What we have nothing of, and this record has."""
    return [column for column in FILLED if fields.get(column) and not getattr(publication, column)]
