"""Chains of steps: as strong as the weakest, each step about its topic; and which claims people were tested for."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.http import QueryDict

from claims import actions
from claims.chains import claims_of_the_whole, drawn_chains
from claims.filters import ClaimFilter
from claims.models import Article, Chain, ChainStep, Claim, ClaimVersion, Mention
from claims.stats import facet_counts
from tests.claims.test_interchange import FIXTURES
from tests.factories import draft, notice, person, published, topic


def chain(*steps, article=None):
    """A chain from a new topic over these (claim, topic it leads to)."""
    start = steps[0][0].intervention if steps[0][0] else topic()
    made = Chain(slug="a-chain", name_en="A chain", name_nl="Een keten", starts_with=start, article=article)
    actions.save_record(made, by=person("editor"))
    for position, (claim, leads_to) in enumerate(steps, 1):
        step = ChainStep(chain=made, position=position, leads_to=leads_to, claim=claim)
        actions.save_record(step, by=person("editor"))
    return made


def drawn(made):
    return drawn_chains(Chain.objects.filter(pk=made.pk))[0]


def rated(strength):
    words = {} if strength == 3 else {"override_reason_en": "Because.", "override_reason_nl": "Omdat."}
    return published(strength=strength, **words)


class TestStrength:
    def test_is_that_of_the_weakest_step(self, db):
        strong, weak = rated(4).claim, rated(2).claim
        found = drawn(chain((strong, strong.outcome), (weak, weak.outcome)))
        assert found.strength == 2
        assert [link.card["accession"] for link in found.weakest] == [weak.accession]
        assert found.ends_at == weak.outcome
        assert [link.starts_at for link in found.links] == [strong.intervention, strong.outcome]

    def test_a_step_without_a_claim_leaves_the_chain_unrated(self, db):
        strong = rated(4).claim
        found = drawn(chain((strong, strong.outcome), (None, topic("outcome"))))
        assert found.strength is None and [link.card for link in found.weakest] == [None]

    def test_a_fallen_step_leaves_the_chain_unrated(self, db):
        version = rated(3)
        made = chain((version.claim, version.claim.outcome))
        assert drawn(made).strength == 3
        notice(version.evidence.get().publication)
        assert drawn(made).strength is None

    def test_a_draft_carries_nothing_and_shows_nowhere(self, client, db):
        version, unpublished = rated(3), draft()
        made = chain((version.claim, version.claim.outcome), (unpublished.claim, unpublished.claim.outcome))
        assert drawn(made).links[1].card is None
        page = client.get(f"/en/chains/{made.slug}/").content.decode()
        assert "No claim here" in page and "Nobody has looked at this step" in page

    def test_a_chain_of_drafts_has_no_page(self, client, db):
        unpublished = draft().claim
        made = chain((unpublished, unpublished.outcome))
        assert client.get(f"/en/chains/{made.slug}/").status_code == 404

    def test_a_chain_of_drafts_is_in_no_release(self, db, tmp_path):
        unpublished = draft().claim
        chain((unpublished, unpublished.outcome))
        call_command("release", tmp_path, stdout=StringIO())
        files = "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))
        assert "a-chain" not in files and unpublished.outcome.slug not in files


class TestRules:
    def test_a_step_is_carried_by_a_claim_about_what_it_leads_to(self, db):
        with pytest.raises(IntegrityError, match="is about what the step leads to"):
            chain((published().claim, topic("outcome")))

    def test_a_broader_topic_will_do(self, db):
        claim = Claim.objects.get(accession="KB000001")
        sleep = claim.outcome.broader
        assert chain((claim, sleep)).steps.get().leads_to == sleep

    def test_a_step_is_said_in_the_article_of_its_chain(self, db):
        claim = published().claim
        one, other = Article.objects.order_by("slug")[:2]
        step = chain((claim, claim.outcome), article=one).steps.get()
        step.mention = Mention.objects.filter(article=other).first()
        with pytest.raises(IntegrityError, match="in the article that argues the chain"):
            actions.save_record(step, by=person("editor"))

    def test_no_chain_leads_to_a_topic_twice(self, db):
        claim = published().claim
        with pytest.raises(IntegrityError, match="step_to_a_topic_once"):
            chain((claim, claim.outcome), (claim, claim.outcome))


class TestOurOwn:
    def test_each_step_is_said_in_the_article_and_its_claim_is_what_is_said_there(self, db):
        steps = ChainStep.objects.select_related("mention", "chain")
        assert steps
        for step in steps:
            assert step.mention.article_id == step.chain.article_id
            assert step.mention.claim_id in (step.claim_id, None) or step.claim_id is None

    def test_a_claim_leads_to_the_chains_it_carries_and_to_what_else_was_tried(self, client, db):
        page = client.get("/en/claims/KB000009/").content.decode()
        assert (
            "/en/chains/magnesium-melatonin-sleep/" in page
            and "/en/outcomes/melatonin-level/compare/" in page
        )
        assert "/compare/" not in client.get("/en/claims/KB000021/").content.decode().replace(
            "KB000021/compare/", ""
        )

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_every_chain_has_its_page(self, client, db, language):
        for made in Chain.objects.all():
            page = client.get(f"/{language}/chains/{made.slug}/").content.decode()
            assert made.article.title in page and "chain-step" in page

    def test_the_whole_was_tested_in_people(self, db):
        found = drawn(Chain.objects.get(slug="magnesium-stress-sleep"))
        assert "KB000004" in [card["accession"] for card in claims_of_the_whole(found)]

    def test_asks_the_database_little_whatever_their_number(self, client, db, django_assert_num_queries):
        with django_assert_num_queries(8):
            client.get("/en/chains/")
        with django_assert_num_queries(7):
            client.get("/en/chains/magnesium-gaba-sleep/")

    def test_a_page_that_is_not_there_says_so(self, client, db):
        assert client.get("/en/chains/?page=99").status_code == 400

    def test_a_release_from_before_chains_still_loads(self, db, tmp_path):
        manifest = json.loads((FIXTURES / "manifest.json").read_text())
        for path in FIXTURES.glob("*.jsonl"):
            if not path.name.startswith("chain"):
                (tmp_path / path.name).write_bytes(path.read_bytes())
        manifest["files"] = {
            name: entry for name, entry in manifest["files"].items() if not name.startswith("chain")
        }
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        call_command("load_kb", tmp_path, stdout=StringIO())
        assert Chain.objects.exists()


class TestTestedInPeople:
    def test_page_and_api_agree(self, client, db):
        served = json.loads(client.get("/api/v1/claims/?tested=people&page_size=200").content)
        page = client.get("/en/claims/?tested=people&page_size=200").content.decode()
        assert all(record["accession"] in page for record in served["results"])
        assert 0 < served["count"] < ClaimVersion.objects.current().count()

    def test_an_opinion_and_an_animal_test_nothing(self, db):
        tested = set(
            ClaimVersion.objects.current().tested_in_people().values_list("claim__accession", flat=True)
        )
        assert "KB000001" in tested and "KB000030" in tested
        assert not tested & {"KB000023", "KB000021", "KB000032", "KB000067"}

    def test_the_count_beside_a_choice_is_what_choosing_it_gives(self, client, db):
        claim_filter = ClaimFilter(QueryDict("tested=people"))
        assert claim_filter.problems == {}
        for code, count in facet_counts(claim_filter)["kind"].items():
            served = json.loads(client.get("/api/v1/claims/", {"tested": "people", "kind": code}).content)
            assert served["count"] == count

    def test_now_and_at_a_past_moment_agree(self, client, db):
        now = json.loads(client.get("/api/v1/claims/?tested=people").content)["count"]
        then = json.loads(client.get("/api/v1/claims/?tested=people&as_of=2026-11-23").content)["count"]
        assert now == then

    def test_a_claim_carried_by_a_mechanism_alone_wears_a_badge(self, client, db):
        badge = "Mechanism only"
        assert badge in client.get("/en/claims/KB000021/").content.decode()
        assert badge not in client.get("/en/claims/KB000030/").content.decode()
        assert badge not in client.get("/en/claims/KB000032/").content.decode()
        assert badge not in client.get("/en/claims/KB000001/").content.decode()
        listed = client.get("/en/claims/?kind=mechanism&page_size=200").content.decode()
        assert listed.count(badge) == ClaimVersion.objects.current().mechanism_only().count() > 0
