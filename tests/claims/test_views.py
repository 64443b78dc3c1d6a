"""Pages for readers on the real base: what they show, and how little they ask of the database."""

import json
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation

from claims import actions
from claims.models import Claim, ClaimVersion, Mention
from claims.templatetags.claims import card_in
from tests.factories import notice, person, published, version_again


@pytest.fixture
def get(client, db):
    def get(address, status=200):
        response = client.get(address)
        assert response.status_code == status, address
        return response.content.decode()

    return get


class TestList:
    @pytest.mark.parametrize(
        "query",
        ["", "strength_min=low&topic=melatonin", "kind=harm&kind=interaction", "q=slaap", "strength=none", "design=animal&verdict=mixed"],
    )  # fmt: skip
    def test_page_and_api_agree_record_for_record(self, get, client, query):
        shown = re.findall(r"/nl/claims/(KB\d{6})/", get(f"/nl/claims/?{query}&page_size=200"))
        served = json.loads(client.get(f"/api/v1/claims/?{query}&page_size=200").content)
        assert list(dict.fromkeys(shown)) == [record["accession"] for record in served["results"]]

    def test_the_count_beside_a_choice_is_what_choosing_it_gives(self, client, db):
        from claims.filters import ClaimFilter
        from claims.stats import facet_counts

        given = {"verdict": "supported"}
        claim_filter = ClaimFilter(QueryDict("verdict=supported"))
        assert claim_filter.problems == {}
        counts = facet_counts(claim_filter)
        for facet, codes in counts.items():
            for code, count in codes.items() if facet != "total" else ():
                chosen = {**given, facet: [code]}
                served = json.loads(client.get("/api/v1/claims/", chosen).content)["count"]
                assert served == count, (facet, code)

    @pytest.mark.parametrize("size", [5, 25, 200])
    def test_asks_the_database_little_whatever_the_page_size(self, get, size, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            get(f"/en/claims/?page_size={size}")

    def test_a_wrong_address_says_what_is_wrong(self, get):
        assert "Did you mean strength?" in get("/en/claims/?strenght=low", 400)


class TestClaim:
    def test_says_what_is_known_why_and_what_would_change_it(self, get):
        page = get("/en/claims/KB000001/")
        for words in (
            "It is very uncertain whether magnesium supplements shorten the time it takes to fall asleep",
            "Mah &amp; Pitre 2021",
            "55 participants",
            "larger placebo-controlled trial",
            "KB000001.1",
        ):
            assert words in page

    def test_asks_the_database_little_whatever_the_evidence(self, get, django_assert_max_num_queries):
        biggest = max(ClaimVersion.objects.current(), key=lambda version: version.evidence.count())
        with django_assert_max_num_queries(13):
            get(f"/en/claims/{biggest.claim.accession}/")

    def test_every_claim_and_version_has_a_page_in_both_languages(self, get):
        for accession in Claim.objects.published().values_list("accession", flat=True):
            get(f"/en/claims/{accession}/")
            get(f"/nl/claims/{accession}.1/")

    def test_an_old_version_says_so_and_leads_to_the_current_one(self, get):
        first = published(summary_en="First words.", summary_nl="Eerste woorden.")
        version_again(first, summary_en="Later words.", summary_nl="Latere woorden.")
        old = get(f"/en/claims/{first.claim.accession}.1/")
        assert "First words." in old
        assert f'href="/en/claims/{first.claim.accession}/"' in old
        assert "Later words." in get(f"/en/claims/{first.claim.accession}/")

    def test_a_retraction_shows_at_once(self, get):
        version = published()
        notice(version.evidence.get().publication, reasons_en="Made up.", reasons_nl="Verzonnen.")
        assert "etracted" in get(f"/en/claims/{version.claim.accession}/")
        assert "eruggetrokken" in get(f"/nl/claims/{version.claim.accession}/") or "ngetrokken" in get(
            f"/nl/claims/{version.claim.accession}/"
        )

    def test_a_permanent_name_without_a_language_finds_its_page(self, client, db):
        response = client.get("/claims/KB000001.1/", headers={"accept-language": "nl"})
        assert response.status_code == 302
        assert response["Location"] == "/nl/claims/KB000001.1/"

    def test_a_withdrawn_claim_says_why(self, get):
        claim = published().claim
        words = {"withdrawn_reason_en": "Said twice.", "withdrawn_reason_nl": "Dubbel gezegd."}
        Claim.objects.filter(pk=claim.pk).update(withdrawn_at="2026-11-23T00:00:00Z", **words)
        assert "Dubbel gezegd." in get(f"/nl/claims/{claim.accession}/", 410)


class TestOtherPages:
    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize(
        "path", ["", "topics/", "topics/sleep/", "articles/", "studies/", "studies/asemi-2015/", "method/"]
    )
    def test_works(self, get, language, path):
        assert f'<html lang="{language}"' in get(f"/{language}/{path}")

    def test_an_article_shows_everything_it_claims(self, get, django_assert_max_num_queries):
        mention = Mention.objects.filter(claim__isnull=True).first()
        with django_assert_max_num_queries(6):
            page = get(f"/en/articles/{mention.article.slug}/")
        assert all(row.says_en.replace("'", "&#x27;") in page for row in mention.article.mentions.all())

    def test_lists_do_not_ask_more_for_more_rows(self, get, django_assert_max_num_queries):
        for address, most in (
            ("/en/studies/?page_size=200", 6),
            ("/en/topics/", 4),
            ("/en/topics/magnesium/", 8),
            ("/en/", 9),
        ):
            with django_assert_max_num_queries(most):
                get(address)


class TestAsOf:
    def test_a_claim_reads_as_it_stood_then(self, client, db):
        first = published(summary_en="The first words.", summary_nl="De eerste woorden.")
        then = timezone.now()
        version_again(first, summary_en="Other words.", summary_nl="Andere woorden.")
        page = client.get(
            f"/en/claims/{first.claim.accession}/", {"as_of": then.isoformat()}
        ).content.decode()
        assert (
            "The first words." in page and "Other words." not in page and "This is what stood here on" in page
        )

    def test_a_retraction_of_later_is_not_shown(self, client, db):
        version = published()
        then = timezone.now()
        notice(version.evidence.get().publication)
        address = f"/en/claims/{version.claim.accession}/"
        assert "This rating is under review" in client.get(address).content.decode()
        assert (
            "This rating is under review"
            not in client.get(address, {"as_of": then.isoformat()}).content.decode()
        )

    def test_a_withdrawn_claim_answers_for_the_time_that_it_stood(self, client, db):
        version = published()
        then = timezone.now().isoformat()
        actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        address = f"/en/claims/{version.claim.accession}/"
        assert client.get(address).status_code == 410
        assert client.get(address, {"as_of": then}).status_code == 200
        listed = client.get("/en/claims/", {"as_of": then, "q": version.claim.accession}).content.decode()
        assert version.claim.accession in listed

    def test_before_the_first_version_there_was_nothing(self, client, db):
        version = published()
        assert client.get(f"/en/claims/{version.claim.accession}/?as_of=2001-01-01").status_code == 404

    @pytest.mark.parametrize("moment", ["soon", "2026-02-31", "2999-01-01"])
    def test_a_moment_that_is_none_is_refused(self, client, db, moment):
        assert client.get("/en/claims/", {"as_of": moment}).status_code == 400
        assert client.get("/en/claims/KB000001/", {"as_of": moment}).status_code == 400


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_card_from_its_frame_is_what_the_template_draws(db, language):
    for version in ClaimVersion.objects.current():
        for signs in ((False,) * 4, (True, False, True, True), (True, True, False, False)):
            is_mechanism_only, *standing = signs
            with translation.override(language):
                card = card_in(language, version.card, *signs)
                drawn = render_to_string(
                    "claims/_card.html",
                    {
                        "card": json.loads(version.card),
                        "standing": dict(zip(("under_review", "fallen", "trials"), standing, strict=True)),
                        "is_mechanism_only": is_mechanism_only,
                    },
                )
            assert card == drawn
