"""The narrow rows and the tally that lists and counts are read from say what the claims themselves say, after every deed."""

import json
from importlib import import_module

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from claims import actions, stats
from claims.filters import LISTED_ORDERS, ClaimFilter
from claims.listed import ORDERS, UNTOUCHED, statement_of
from claims.listed import rows_of as listed_rows
from claims.models import ClaimVersion, ListedTopic, Listing, Standing, Tally
from claims.standing import NOTHING
from kb.lib.jsonlines import canonical
from studies.actions import save_record as save_study
from tests.factories import draft, evidence, in_review, person, published, topic, version_again

ADDRESSES = (
    "", "strength=low", "strength_min=low", "strength_min=low&strength=none", "strength=none", "verdict=supported",
    "kind=harm&strength=very-low", "kind=harm&kind=mechanism", "topic=melatonin", "topic=sleep&kind=efficacy", "design=rct",
    "design=rct&topic=magnesium", "topic=sleep&topic=magnesium", "design=rct&design=animal&verdict=mixed", "q=slaap",
    "q=magnesium&strength_min=low&topic=sleep", "updated_since=2001-01-01", "updated_since=2001-01-01&design=rct",
    "q=magnesium&design=rct&design=cohort&strength=low&strength=none",
)  # fmt: skip


def rows_of(model):
    return sorted(model.objects.values_list(*(field.name for field in model._meta.concrete_fields)), key=repr)


def assert_listed():
    """What is kept row by row is what making it all anew would give."""
    listings, cells = rows_of(Listing), [row for row in rows_of(Tally) if row[-1]]
    by_topic = rows_of(ListedTopic)
    assert all(row[-1] > 0 for row in cells)
    assert len(by_topic) == sum(len(topics) for topics in Listing.objects.values_list("topics", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_relist_all()")
    assert rows_of(Listing) == listings
    assert rows_of(Tally) == cells
    assert rows_of(ListedTopic) == by_topic


def filter_of(address):
    claim_filter = ClaimFilter(QueryDict(address))
    assert claim_filter.problems == {}
    return claim_filter


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_tally_the_rows_and_the_versions_count_the_same(db, address):
    now, then = filter_of(address), filter_of(f"{address}&as_of={timezone.localdate()}")
    counts = stats.facet_counts(now)
    assert counts == stats.facet_counts(then)
    assert counts["total"][""] == now.results().count() == now.listings().count()
    assert [version.pk for version in now.results()] == [version.pk for version in then.results()]


@pytest.mark.parametrize("address", ADDRESSES)
def test_adding_up_cells_and_counting_rows_agree(db, address, monkeypatch):
    tallied = stats.facet_counts(filter_of(address))
    monkeypatch.setattr(stats, "is_tallied", lambda claim_filter: False)
    assert stats.facet_counts(filter_of(address)) == tallied


def published_again():
    return version_again(published(), strength=2, override_reason_en="Because.", override_reason_nl="Omdat.")


def withdrawn():
    return actions.withdraw_claim(published().claim, by=person("reviewer"), reason_en="a", reason_nl="b")


def reinstated():
    return actions.reinstate_claim(withdrawn(), by=person("reviewer"))


def merged():
    return actions.merge_claims(published().claim, into=published().claim, by=person("reviewer"))


def under_another_topic():
    broad, narrow = topic(), topic()
    version = in_review()
    actions.link_topics(version.claim, [narrow], by=person("editor"))
    actions.publish_version(version, by=person("reviewer"))
    narrow.broader = broad
    return actions.save_record(narrow, by=person("admin"))


def another_design():
    study = published().evidence.get().study
    study.design = "cohort"
    return save_study(study, by=person("editor"))


def two_designs():
    version = draft()
    row = evidence(version)
    row.study.design = "animal"
    save_study(row.study, by=person("editor"))
    actions.submit_version(version, by=person("editor"))
    return actions.publish_version(version, by=person("reviewer"))


@pytest.mark.parametrize(
    "deed", [published, published_again, withdrawn, reinstated, merged, under_another_topic, another_design, two_designs, draft]
)  # fmt: skip
def test_every_deed_leaves_them_right(db, deed):
    deed()
    assert_listed()


def test_a_draft_is_counted_nowhere(db):
    before = rows_of(Tally)
    draft()
    assert rows_of(Tally) == before


def test_a_broader_topic_reaches_what_is_below_it(db):
    narrow = under_another_topic()
    counts = stats.facet_counts(filter_of(f"topic={narrow.broader.slug}"))
    assert counts["total"][""] == 1 and counts["topic"][narrow.slug] == 1


@pytest.mark.parametrize("order", LISTED_ORDERS)
def test_each_order_of_the_list_is_read_from_an_index(db, order):
    """A base this small is read as a whole, so the planner is told not to: then an index must give the order."""
    versions = (
        ClaimVersion.objects.filter(listing__isnull=False).order_by(*LISTED_ORDERS[order]).only("card")[:25]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
        )
        plan = versions.explain()
    assert "Seq Scan" not in plan and "Sort" not in plan, plan
    assert "listing_" in plan


@pytest.mark.parametrize(
    "asked", ["", "topic=sleep", "topic=sleep&kind=efficacy", "strength_min=low", "verdict=mixed"]
)
@pytest.mark.parametrize("order", ORDERS)
def test_the_statement_of_a_list_reads_each_order_from_an_index(db, order, asked):
    """With and without a topic. The planner is told not to read a base this small as a whole."""
    statement, values = statement_of(filter_of(f"{asked}&ordering={order}").question, 0, 25)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
            "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    picked = plan[plan.index("Limit") :]
    assert "Seq Scan on claims_listing" not in plan and "Seq Scan on claims_claimversion" not in plan, plan
    assert "Sort" not in picked.splitlines()[1], plan
    assert ("listed_topic_" if "topic" in asked and order != "accession" else "listing_") in picked, plan


@pytest.mark.parametrize("address", [each for each in ADDRESSES if "q=" not in each and "since" not in each])
@pytest.mark.parametrize("order", ORDERS)
def test_the_statement_gives_the_rows_in_the_order_that_the_filters_give(db, address, order):
    claim_filter = filter_of(f"{address}&ordering={order}")
    rows = listed_rows(claim_filter.question, 0, 200)
    assert [row.pk for row in rows] == [version.pk for version in claim_filter.results()]
    assert {row.total for row in rows} <= {len(rows)}


def test_nothing_is_read_of_the_standing_of_versions_that_nothing_happened_to(db):
    assert canonical(NOTHING | {"trials": []}) == UNTOUCHED
    fresh = published()
    read = {
        row.pk: row.overlay and json.loads(row.overlay) for row in listed_rows(filter_of("").question, 0, 200)
    }
    now = Standing.objects.filter(until=None, version__in=read)
    kept = {row.version_id: row.overlay for row in now}
    assert len(read) == len(kept) > 70 and read[fresh.pk] is None
    assert read == {pk: overlay if overlay != json.loads(UNTOUCHED) else None for pk, overlay in kept.items()}
    assert any(read.values())


@pytest.mark.parametrize(
    ("address", "index"), [("topic=melatonin", "listing_topics"), ("design=rct", "listing_designs")]
)
def test_topics_and_designs_are_found_by_an_index(db, address, index):
    rows = filter_of(address).listings()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = rows.explain()
    assert index in plan, plan


def test_signs_of_strength_are_taken_from_words_that_have_them(db):
    """As words were before they had a tier."""
    words = (
        "UPDATE claims_listing SET words = words || array_to_tsvector(ARRAY['|s' || coalesce(strength, 0)])"
    )
    with connection.cursor() as cursor:
        cursor.execute(words)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(import_module("claims.migrations.0025_tiers_of_words").WORDS)
    assert_listed()
