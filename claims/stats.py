"""Counts over the base: what stands beside every choice of a filter, and the numbers of the home page."""

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast

from claims.choices import UNRATED, Strength
from claims.models import Claim, ClaimVersion, Evidence

# Each facet and the column that its choices are counted by.
FACETS = {
    "strength": "strength",
    "verdict": "verdict",
    "kind": "claim__kind",
    "topic": "topics__reached_from__topic__slug",
    "design": "evidence__study__design",
}


def facet_counts(claim_filter):
    """{facet: {code: claims}} and under "total" the number of claims that match; one query.

    Beside a choice stands what choosing it would give: the claims that match every other filter.
    """
    rows = counted(claim_filter.matching(), "total", Value(""))
    rows = rows.union(
        *(
            counted(claim_filter.matching(leaving_out=facet), facet, F(path))
            for facet, path in FACETS.items()
        ),
        all=True,
    )
    found = {"total": {"": 0}, **{facet: {} for facet in FACETS}}
    for facet, code, count in rows:
        found[facet][code if facet != "strength" else strength_code(code)] = count
    return found


def counted(queryset, facet, code):
    rows = queryset.order_by().annotate(
        facet=Value(facet, output_field=CharField()), code=Cast(code, CharField())
    )
    return (
        rows.values("facet", "code")
        .annotate(count=Count("pk", distinct=True))
        .values_list("facet", "code", "count")
    )


def strength_code(value):
    return Strength(int(value)).code if value else UNRATED


def base_counts():
    """How much there is: published claims, the studies and publications they rest on, and claims by strength."""
    cited = Evidence.objects.filter(version__in=ClaimVersion.objects.current())
    by_strength = dict(
        ClaimVersion.objects.current().order_by().values_list("strength").annotate(count=Count("pk"))
    )
    return {
        "claims": sum(by_strength.values()),
        "studies": cited.values("study").distinct().count(),
        "publications": cited.values("publication").distinct().count(),
        "strengths": [(strength, by_strength.get(strength.value, 0)) for strength in reversed(Strength)],
        "unrated": by_strength.get(None, 0),
    }


def related_harms(claim):
    """Published harms and interactions of the same intervention, or of a broader or narrower one."""
    family = Claim.objects.published().filter(kind__in=("harm", "interaction")).exclude(pk=claim.pk)
    near = family.filter(intervention__reached_from__topic=claim.intervention_id) | family.filter(
        intervention__reaches__narrower=claim.intervention_id
    )
    return ClaimVersion.objects.current().filter(claim__in=near.values("pk")).order_by("claim__accession")
