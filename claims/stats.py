"""Counts over the base: what stands beside every choice of a filter, and the numbers of the home page."""

from django.db.models import CharField, Count, F, Func, Sum, Value
from django.db.models.functions import Cast

from claims.choices import UNRATED, Strength
from claims.models import Claim, ClaimVersion, Evidence, Tally

FACETS = ("strength", "verdict", "kind", "topic", "design")
LISTS = ("topic", "design")
# Of a past moment: each facet and the column of a version that its choices are counted by.
COLUMNS = {
    "total": Value(""),
    "strength": F("strength"),
    "verdict": F("verdict"),
    "kind": F("claim__kind"),
    "topic": F("topics__reached_from__topic"),
    "design": F("evidence__study__design"),
}


def facet_counts(claim_filter):
    """{facet: {code: claims}} and under "total" the number of claims that match; one query, and one for the topics.

    Beside a choice stands what choosing it would give: the claims that match every other filter. Counts are exact: added
    up from the tally where it knows them, else counted over the narrow rows of what matches.
    """
    count = past if claim_filter.moment else tallied if is_tallied(claim_filter) else listed
    parts = [named(count(claim_filter, facet), facet) for facet in ("total", *FACETS)]
    found = {"total": {"": 0}, **{facet: {} for facet in FACETS}}
    slugs = {str(topic.pk): slug for slug, topic in claim_filter.topics.items()}
    for facet, code, number in parts[0].union(*parts[1:], all=True):
        if facet == "strength":
            code = strength_code(code)
        elif facet == "topic":
            code = slugs.get(code)
        if code is not None:
            found[facet][code] = number or 0
    return found


def named(counted, facet):
    return counted.annotate(facet=Value(facet, output_field=CharField())).values_list(
        "facet", "code", "count"
    )


def is_tallied(claim_filter):
    """Whether the tally knows these counts: no words, no date, at most one topic and one design."""
    chosen = claim_filter.form.cleaned_data
    return (
        not chosen["q"]
        and not chosen["updated_since"]
        and len(chosen["topic"]) < 2
        and len(chosen["design"]) < 2
    )


def tallied(claim_filter, facet):
    """Counts of one facet as sums over cells of the tally."""
    chosen = claim_filter.form.cleaned_data | {facet: []}
    levels = claim_filter.levels(leaving_out=facet)
    is_one = facet in ("verdict", "kind") or chosen["verdict"] or chosen["kind"]
    cells = Tally.objects.filter(claims__gt=0)
    for name, whatever in (("topic", 0), ("design", "")):
        value = chosen[name][0] if chosen[name] else whatever
        if name == "topic" and value:
            value = claim_filter.topics[value].pk
        cells = cells.exclude(**{name: whatever}) if facet == name else cells.filter(**{name: value})
    if levels is not None or facet == "strength":
        cells = cells.filter(strength__in=range(5) if levels is None else levels)
    else:
        cells = cells.filter(strength=-1)
    cells = cells.exclude(verdict="") if is_one else cells.filter(verdict="")
    for name in ("verdict", "kind"):
        cells = cells.filter(**{f"{name}__in": chosen[name]}) if chosen[name] else cells
    code = Value("") if facet == "total" else F(facet)
    return cells.annotate(code=Cast(code, CharField())).values("code").annotate(count=Sum("claims"))


def listed(claim_filter, facet):
    """Counts of one facet over the narrow rows that match."""
    rows = claim_filter.listings(leaving_out=facet).order_by()
    if facet in LISTS:
        code = Func(F(f"{facet}s"), function="unnest", output_field=CharField(), set_returning=True)
        code = Cast(code, CharField())
    else:
        code = Cast(Value("") if facet == "total" else F(facet), CharField())
    return rows.annotate(code=code).values("code").annotate(count=Count("pk"))


def past(claim_filter, facet):
    """Counts of one facet over the versions of a past moment."""
    versions = (
        claim_filter.matching(leaving_out=facet).order_by().annotate(code=Cast(COLUMNS[facet], CharField()))
    )
    return versions.values("code").annotate(count=Count("pk", distinct=True))


def strength_code(value):
    return Strength(int(value)).code if value and value != "0" else UNRATED


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
