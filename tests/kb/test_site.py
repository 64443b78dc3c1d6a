"""The site as a whole: found by search engines, light to load, and of help to whoever is lost."""

import gzip
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from claims.models import ClaimVersion, Topic
from kb.terms import MEASURES, TERMS
from tests.factories import draft, published

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LARGEST = 60_000  # bytes, compressed, of the first page with all that it loads
PARTS = ("pages", "claims", "topics", "articles", "chains", "studies")


@pytest.fixture
def get(client, db):
    def get(address, status=200):
        response = client.get(address)
        assert response.status_code == status, address
        return response.content.decode()

    return get


def path_of(address):
    return urlsplit(address).path


class TestSitemap:
    def test_every_address_answers_and_names_itself_in_both_languages(self, get):
        index = ElementTree.fromstring(get("/sitemap.xml"))
        files = [path_of(loc.text) for loc in index.iterfind("s:sitemap/s:loc", SPACE)]
        assert [re.search(r"sitemap-(\w+)-1", file)[1] for file in files] == list(PARTS)
        seen = set()
        for file in files:
            for url in ElementTree.fromstring(get(file)).iterfind("s:url", SPACE):
                address = url.find("s:loc", SPACE).text
                others = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", SPACE)}
                assert address.startswith(settings.SITE_URL) and address in others.values()
                assert set(others) == {"en", "nl"} and address not in seen
                seen.add(address)
        for address in sorted(seen)[::9]:
            get(path_of(address))
        assert f"{settings.SITE_URL}/nl/claims/KB000001/" in seen

    def test_a_claim_says_when_it_last_changed(self, get):
        version = published()
        text = get("/sitemap-claims-1.xml")
        assert f"/en/claims/{version.claim.accession}/</loc><lastmod>2" in text

    def test_drafts_and_their_topics_are_not_in_it(self, get):
        made = draft()
        for part in PARTS:
            text = get(f"/sitemap-{part}-1.xml")
            assert made.claim.intervention.slug not in text and made.evidence.get().study.key not in text

    @pytest.mark.parametrize("path", ["sitemap-claims-2.xml", "sitemap-claims-0.xml", "sitemap-drafts-1.xml"])
    def test_what_is_no_part_of_it_is_not_found(self, get, path):
        get(f"/{path}", 404)

    def test_asks_the_database_little_whatever_its_size(self, client, db, django_assert_num_queries):
        for part, most in (
            ("pages", 0),
            ("claims", 1),
            ("topics", 2),
            ("articles", 1),
            ("chains", 1),
            ("studies", 1),
        ):
            with django_assert_num_queries(most):
                client.get(f"/sitemap-{part}-1.xml")

    def test_it_is_cut_into_files(self, get, monkeypatch):
        monkeypatch.setattr("kb.sitemaps.SIZE", 30)
        count = ClaimVersion.objects.current().count()
        index = get("/sitemap.xml")
        last = -(-count // 30)
        assert f"sitemap-claims-{last}.xml" in index and f"sitemap-claims-{last + 1}.xml" not in index
        found = [
            re.findall(r"<loc>\S+/en/claims/(KB\d+)/", get(f"/sitemap-claims-{n}.xml"))
            for n in range(1, last + 1)
        ]
        assert sum(len(part) for part in found) == len({name for part in found for name in part}) == count

    def test_robots_are_told_where_it_is(self, get):
        assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in get("/robots.txt")
        assert "Disallow: /nl/desk/" in get("/robots.txt")


class TestHeads:
    @pytest.mark.parametrize(
        "path",
        ["", "claims/?kind=harm", "topics/sleep/", "map/?strength=low", "glossary/", "claims/KB000001/"],
    )
    def test_each_page_has_one_address_and_its_other_language(self, get, path):
        page = get(f"/nl/{path}")
        assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [
            f"{settings.SITE_URL}/nl/{path.partition('?')[0]}"
        ]
        assert set(re.findall(r'rel="alternate" hreflang="(\w+)"', page)) == {"en", "nl"}

    def test_a_later_page_of_a_list_stands_for_itself(self, get):
        assert f'rel="canonical" href="{settings.SITE_URL}/en/claims/?page=2"' in get(
            "/en/claims/?page=2&kind=efficacy"
        )

    def test_an_old_version_points_to_the_claim(self, get):
        assert f'rel="canonical" href="{settings.SITE_URL}/en/claims/KB000001/"' in get(
            "/en/claims/KB000001.1/"
        )

    def test_what_is_shared_says_what_is_known(self, get):
        page = get("/en/claims/KB000001/")
        assert 'property="og:description" content="It is very uncertain whether' in page
        assert f'property="og:image" content="{settings.SITE_URL}/en/claims/KB000001.1/picture.png"' in page
        assert f'property="og:image" content="{settings.SITE_URL}/static/social-en' in get("/en/claims/")

    def test_a_page_that_is_not_there_has_no_address(self, get):
        assert "canonical" not in get("/en/nowhere/", 404)

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_picture_is_there_and_of_the_size_it_says(self, language):
        with open(finders.find(f"social-{language}.png"), "rb") as file:
            head = file.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (1200, 630)


class TestWeight:
    @pytest.mark.parametrize("path", ["", "claims/", "claims/KB000001/", "topics/sleep/"])
    def test_a_first_visit_is_light_and_asks_nobody_else(self, client, db, path):
        page = client.get(f"/nl/{path}").content
        loaded = set(
            re.findall(
                r'(?:<script[^>]+src|<link rel="(?:stylesheet|icon)"[^>]*href|<img[^>]+src)="([^"]+)"',
                page.decode(),
            )
        )
        assert loaded and all(address.startswith("/static/") for address in loaded)
        sizes = {address: len(gzip.compress(read_static(address))) for address in loaded}
        assert len(gzip.compress(page)) + sum(sizes.values()) < LARGEST, sizes

    def test_no_style_sheet_asks_for_more(self):
        for name in ("tokens", "base", "blocks", "pictures", "print"):
            text = read_static(f"/static/css/{name}.css").decode()
            assert "@import" not in text and "url(" not in text


def read_static(address):
    with open(finders.find(address.removeprefix("/static/")), "rb") as file:
        return file.read()


class TestLost:
    @pytest.mark.parametrize(
        ("path", "meant"),
        [("/en/topics/magnesiun/", "magnesium"), ("/nl/slaap/", "sleep"), ("/nl/melatonine/", "melatonin")],
    )
    def test_the_closest_topics_are_offered(self, get, path, meant):
        language = path[1:3]
        page = get(path, 404)
        assert f'href="/{language}/topics/{meant}/"' in page and 'type="search"' in page

    def test_what_was_asked_for_is_never_run(self, get):
        page = get('/en/"><script>alert(1)</script>/', 404)
        assert "<script>alert" not in page

    def test_nothing_of_a_draft_is_offered(self, get):
        slug = draft().claim.intervention.slug
        assert f"/topics/{slug}/" not in get(f"/en/{slug}-x/", 404)

    def test_the_api_still_answers_with_a_problem(self, client, db):
        assert client.get("/api/nowhere/")["Content-Type"].startswith("application/problem+json")


class TestReading:
    def test_the_name_of_a_topic_leads_to_all_that_is_known_about_it(self, get):
        for words in ("magnesium", "Magnesium", "nachtrust"):
            page = get(f"/nl/claims/?q={words}")
            slug = "sleep" if words == "nachtrust" else "magnesium"
            assert 'class="notice">' in page and f'href="/nl/topics/{slug}/"' in page

    def test_a_topic_keeps_mechanisms_apart_and_last(self, get):
        page = get("/en/topics/magnesium/")
        assert (
            page.index('id="kind-efficacy"')
            < page.index('id="kind-harm"')
            < page.index('id="kind-mechanism"')
        )
        assert page.index('id="kind-mechanism"') < page.index("do not tell whether people notice anything")

    def test_a_topic_counts_its_claims_by_strength(self, get):
        page = get("/en/topics/sleep/")
        sleep = Topic.objects.get(slug="sleep")
        low = ClaimVersion.objects.current().about([sleep.pk]).filter(strength=2).count()
        assert low and f"Low: {low}</span>" in page


class TestGlossary:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_says_each_word_once(self, get, language):
        page = get(f"/{language}/glossary/")
        assert len(TERMS) >= 30 and page.count("<dfn>") == len(TERMS) == len({term.slug for term in TERMS})

    def test_its_dutch_is_dutch(self, get):
        english = get("/en/glossary/")
        meanings = re.findall(r"<dd>(.+?)</dd>", get("/nl/glossary/"))
        assert len(meanings) == len(TERMS) and not [words for words in meanings if words in english]

    def test_words_on_a_claim_lead_to_their_meaning(self, get):
        slugs = {term.slug for term in TERMS}
        leads = set(re.findall(r'/en/glossary/#([\w-]+)"', get("/en/claims/KB000001/")))
        assert {"certainty", "risk-of-bias", "mean-difference"} <= leads <= slugs
        assert set(MEASURES.values()) <= slugs
