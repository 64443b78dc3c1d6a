"""The pages that weigh a claim anew: what they show, what they refuse, and that a draft leaks nowhere."""

import pytest

from claims import actions
from claims.models import ClaimVersion
from tests.claims.test_weighing import with_trials
from tests.factories import claim, draft, evidence, notice, person, publication, published, study

ONE_STUDY = "/en/claims/on-one-study/"


@pytest.fixture
def version(db):
    made = actions.submit_version(with_trials(), by=person("editor"))
    return actions.publish_version(made, by=person("reviewer"))


def at(version, language="en"):
    return f"/{language}/claims/{version.claim.accession}/what-if/"


class TestLooks:
    """How firm a pooled number is: the same pools as leaving a study out by hand, and refusals in words."""

    def test_without_each_study_is_what_leaving_it_out_gives(self, client, version):
        without = client.get(at(version)).context["looked"].without
        assert [label for label, _pooled in without] == ["Trial 1", "Trial 2", "Trial 3", "Trial 4"]
        for number, (_label, pooled) in enumerate(without, start=1):
            left = client.get(at(version), {"without": f"trial-{number}"}).context["left"].leading.pooled
            assert pooled.printed == left.printed

    def test_studies_come_in_by_year_and_the_last_gives_the_whole(self, client, version):
        for number, year in ((1, 2020), (2, 2001), (3, 2010)):
            record = version.evidence.get(position=number).publication
            record.year = year
            record.save()
        context = client.get(at(version)).context
        labels = [label for label, _pooled in context["looked"].upto]
        assert (
            labels[:3] == ["Trial 2", "Trial 3", "Trial 1"]
            or version.evidence.get(position=4).publication.year
        )
        assert context["looked"].upto[0][1].code == "too-few"
        assert context["looked"].upto[-1][1].printed == context["left"].leading.pooled.printed

    @pytest.mark.parametrize(
        ("language", "sentences"),
        [
            ("en", ["at least ten studies; here there are 4", "at least two groups that can be pooled"]),
            ("nl", ["Hoe stevig het gecombineerde getal is", "Zonder elk onderzoek om beurten"]),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_words(self, client, version, language, sentences):
        page = client.get(at(version, language)).content.decode()
        assert all(sentence in page for sentence in sentences)

    def test_ten_studies_are_tested_for_asymmetry(self, client, db):
        middles = (-9, -6, -15, -2, -8, -11, -3, -7, -12, -5)
        trials = [(middle, middle - 4 - each, middle + 4 + each) for each, middle in enumerate(middles)]
        made = actions.submit_version(with_trials(trials), by=person("editor"))
        version = actions.publish_version(made, by=person("reviewer"))
        page = client.get(at(version)).content.decode()
        assert "test over 10 studies: intercept" in page

    def test_a_claim_without_a_pool_has_no_looks(self, client, db):
        assert client.get("/en/claims/KB000074/what-if/").context["looked"] is None


class TestWhatIf:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_shows_what_was_published_beside_what_the_numbers_suggest(self, client, version, language):
        response = client.get(at(version, language), {"without": "trial-3"})
        page = response.content.decode()
        whole, left = response.context["columns"]

        assert (whole.leading.pooled.k, left.leading.pooled.k) == (4, 3)
        assert all(weighed.sentence[language] in page for weighed in (whole, left))
        assert "<svg" in page and 'value="trial-3" checked' in page

    def test_several_studies_in_the_address(self, client, version):
        repeated = client.get(at(version), {"without": ["trial-1", "trial-2"]}).context["left"]
        with_commas = client.get(at(version), {"without": "trial-1,trial-2"}).context["left"]

        assert repeated == with_commas and repeated.counted == 2

    def test_all_studies_out_leaves_no_evidence(self, client, version):
        page = client.get(at(version), {"without": "trial-1,trial-2,trial-3,trial-4"}).content.decode()

        assert "No evidence is left." in page

    def test_it_says_that_nothing_changes(self, client, version):
        client.get(at(version), {"without": "trial-1"})
        page = client.get(at(version)).content.decode()
        version.refresh_from_db()

        assert "nothing on this page changes what was published" in page and version.strength == 3

    def test_the_methods_are_named_and_can_be_chosen(self, client, version):
        page = client.get(
            at(version), {"estimator": "dersimonian-laird", "interval": "wald"}
        ).content.decode()

        assert page.count("Random effects, DerSimonian-Laird") > 1
        assert client.get(at(version), {"estimator": "fixed"}).status_code == 200

    @pytest.mark.parametrize(
        ("parameters", "sentence"),
        [
            ({"without": "nobody"}, "names nobody, which is not among the evidence of this claim."),
            ({"without": "\x00"}, "which is not among the evidence"),
            ({"estimator": "best"}, "is one of fixed, dersimonian-laird, paule-mandel, reml."),
            ({"interval": ""}, "is one of wald, hartung-knapp, hartung-knapp-widened."),
            ({"estimator": "fixed", "interval": "hartung-knapp"}, "is made for random effects."),
        ],
    )
    def test_what_cannot_be_is_told_beside_its_field(self, client, version, parameters, sentence):
        response = client.get(at(version), parameters)

        assert response.status_code == 400 and sentence in response.content.decode()

    def test_every_claim_of_the_base_has_its_page(self, client, db):
        for version in ClaimVersion.objects.current().select_related("claim"):
            first = version.evidence.values_list("study__key", flat=True).first()
            response = client.get(at(version), {"without": first} if first else {})
            assert response.status_code == 200, version

    def test_a_draft_changes_nothing(self, client, version):
        before = client.get(at(version)).content
        made = actions.start_draft(version.claim, by=person("editor"))
        made.evidence.get(position=1).delete()
        evidence(made, publication=publication(study(key="secret-study")))

        assert client.get(at(version)).content == before
        assert client.get(at(version), {"without": "secret-study"}).status_code == 400

    def test_a_claim_that_was_never_published_has_none(self, client, db):
        draft()
        assert client.get("/en/claims/KB999999/what-if/").status_code == 404

    def test_a_retracted_study_weighs_no_more(self, client, version):
        notice(version.evidence.get(position=1).publication)
        response = client.get(at(version))

        assert response.context["left"].counted == 3 and "Retracted" in response.content.decode()

    def test_a_closed_claim_says_so(self, client, version):
        other = published()
        actions.merge_claims(version.claim, into=other.claim, by=person("reviewer"))
        assert client.get(at(version)).headers["Location"] == at(other)

        actions.withdraw_claim(other.claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        assert client.get(at(other)).status_code == 410

    def test_asks_the_database_as_little_for_more_studies(self, client, db, django_assert_num_queries):
        for accession, key in (("KB000016", "buscemi-2005"), ("KB000074", "argeros-2025")):
            with django_assert_num_queries(9):
                client.get(f"/en/claims/{accession}/what-if/", {"without": key})

    def test_post_is_refused(self, client, version):
        assert client.post(at(version)).status_code == 405


class TestOnTheClaimPage:
    def test_the_plot_stands_there_with_its_table_and_the_way_to_the_preview(self, client, version):
        page = client.get(f"/en/claims/{version.claim.accession}/").content.decode()

        assert "forest-diamond" in page and "the results in the drawing" in page
        assert at(version) in page and "forest.csv" in page

    def test_a_claim_without_two_numbers_has_none(self, client, db):
        page = client.get(f"/en/claims/{published().claim.accession}/").content.decode()

        assert 'class="chart forest"' not in page and "nothing to draw side by side" in page


class TestClaimsOnOneStudy:
    def test_lists_those_of_which_all_that_counts_is_of_one_study(self, client, version):
        alone = published()
        page = client.get(ONE_STUDY, {"page_size": 200})
        listed = [row.shown.card["accession"] for row in page.context["rows"]]

        assert alone.claim.accession in listed and version.claim.accession not in listed
        assert listed == sorted(listed)
        for row in page.context["rows"]:
            left = ClaimVersion.objects.current().get(claim__accession=row.shown.card["accession"])
            assert not left.evidence.filter(counts_in_synthesis=True).exclude(study=row.study).exists()
            assert row.study.key in page.content.decode()

    def test_two_results_of_one_study_are_one_study(self, client, db):
        made = draft(of=claim())
        evidence(made, publication=made.evidence.get().publication, outcome_measure_en="another")
        version = actions.publish_version(
            actions.submit_version(made, by=person("editor")), by=person("reviewer")
        )

        assert version.claim.accession in client.get(ONE_STUDY, {"page_size": 200}).content.decode()

    def test_a_draft_is_not_among_them(self, client, db):
        before = client.get(ONE_STUDY).context["page"].total
        draft()

        assert client.get(ONE_STUDY).context["page"].total == before > 5

    @pytest.mark.parametrize("parameters", [{"page": "0"}, {"page": "99"}, {"page_size": "x"}])
    def test_a_page_that_is_not_there_is_refused(self, client, db, parameters):
        assert client.get(ONE_STUDY, parameters).status_code == 400

    def test_asks_the_database_as_little_for_more_claims(self, client, db, django_assert_num_queries):
        for size in (2, 20):
            with django_assert_num_queries(4):
                client.get(ONE_STUDY, {"page_size": size})
