"""New studies of records, many at once: each with the record as its main report, under a key and a label of its own."""

import re
import unicodedata

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _

from studies.actions import Refused
from studies.models import Publication, Study

AT_ONCE = 1000  # rows that one statement writes
STEM = Func(F("key"), Value("-[0-9]+$"), Value(""), function="regexp_replace")


@transaction.atomic
def make_studies(chosen, *, by):
    """The studies of these (row, design), in their order. Raises Refused, with its line, where one cannot be."""
    labels = [label_of(row["fields"]) for row, _design in chosen]
    studies, publications = [], []
    for (row, design), label, key in zip(chosen, labels, free_keys(map(slug, labels)), strict=True):
        study = Study(key=key, label=label, design=design, verified_from=seen_at(row))
        publication = Publication(key=key, study=study, **row["fields"])
        try:
            study.clean_fields()
            publication.clean_fields(exclude=("study",))  # it was made here
        except ValidationError as error:
            raise Refused(line_says(row, "; ".join(error.messages))) from error
        studies.append(study)
        publications.append(publication)
    with pghistory.context(user=by.pk):
        Study.objects.bulk_create(studies, batch_size=AT_ONCE)
        Publication.objects.bulk_create(publications, batch_size=AT_ONCE)
    return studies


def line_says(row, words):
    return _("Line %(line)s: %(words)s") % {"line": row["line"], "words": words}


def seen_at(row):
    """The address that the record came from, where it was looked up and the address is not too long to keep."""
    longest = Study._meta.get_field("verified_from").base_field.max_length
    return [url for url in [row.get("answer", {}).get("url", "")] if 0 < len(url) <= longest]


def label_of(fields):
    """Such as Abbasi 2012: the first author, or else the first words of the title, and the year."""
    first = (fields.get("authors") or [{}])[0]
    name = first.get("family") or first.get("literal") or " ".join(fields["title"].split()[:4])
    return f"{name} {fields['year']}"[:120] if fields.get("year") else name[:120]


def slug(label):
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70] or "study"


def free_keys(wanted):
    """For each the key itself, or the first of key-2, key-3 that no study, no publication and none before it has."""
    wanted = list(wanted)
    names = set(wanted)
    taken = {
        key
        for model in (Study, Publication)
        for key in model.objects.alias(stem=STEM)
        .filter(Q(key__in=names) | Q(stem__in=names))
        .values_list("key", flat=True)
    }
    keys, numbers = [], {}
    for name in wanted:
        number = numbers.get(name, 1)
        while (key := name if number == 1 else f"{name}-{number}") in taken:
            number += 1
        numbers[name] = number
        taken.add(key)
        keys.append(key)
    return keys
