"""Versions as a list shows them: the text of the card, the standing now or then, and whether only a mechanism carries the claim."""

import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from claims.models import ClaimVersion
from claims.standing import NOTHING, overlays
from kb.lib.prepared import fetch_all

THESE = object()


@dataclass(frozen=True)
class Shown:
    """A version in a list: the text of its card, and its standing or None."""

    text: str
    standing: dict | None
    is_mechanism_only: bool = False

    @cached_property
    def card(self):
        return json.loads(self.text)


def shown_rows(rows):
    """The rows of `claims.listed`."""
    untested = mechanisms_only(row.pk for row in rows if b'"ebm-plus"' in row.card)
    overlays_of = [overlay_in(row.overlay) if row.overlay else NOTHING for row in rows]
    return [
        Shown(row.card.decode(), overlay, row.pk in untested)
        for row, overlay in zip(rows, overlays_of, strict=True)
    ]


@lru_cache(maxsize=256)
def overlay_in(text):
    """Nearly every version has the same; what is made of it is only read."""
    return json.loads(text)


def cards(versions, *, with_standing=True, at=None):
    """Versions as their cards, each with its standing, now or at a past moment."""
    versions = list(versions)
    standing = overlays([version.pk for version in versions], at) if with_standing and versions else {}
    untested = mechanisms_only(version.pk for version in versions if '"ebm-plus"' in version.card)
    return [Shown(version.card, standing.get(version.pk), version.pk in untested) for version in versions]


def mechanisms_only(version_ids):
    """Which of these versions are carried by a mechanism alone; without any, nothing is asked."""
    version_ids = list(version_ids)
    if not version_ids:
        return set()
    sql, values = mechanisms_statement()
    return {key for (key,) in fetch_all(sql, [version_ids if value is THESE else value for value in values])}


@cache
def mechanisms_statement():
    """(SQL, values with THESE in place of the keys): making it takes far longer than asking it, and every list asks it."""
    these = RawSQL('"claims_claimversion"."id" = ANY (%s)', [THESE], output_field=BooleanField())
    return ClaimVersion.objects.filter(these).mechanism_only().values_list("pk").query.sql_with_params()
