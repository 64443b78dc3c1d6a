"""What tells programs and the people who write them about the API: its reference pages and /llms.txt."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = "/api/v1/docs/"


class TestReference:
    def test_tells_of_every_operation_without_scripts(self, client, db):
        page = client.get(DOCS).content.decode()
        plain = page.partition("<noscript>")[2]
        described = json.loads(client.get("/api/v1/schema/", headers={"accept": "application/json"}).content)
        for path, operations in described["paths"].items():
            for method in operations:
                assert f"<code>{method.upper()} {path}</code>" in plain
        assert "Follow next" in plain.replace("`", "") and "RateLimit" not in plain.partition("<h2")[0]

    def test_takes_every_script_and_style_from_here(self, client, db):
        page = client.get(DOCS)
        html = page.content.decode()
        taken = re.findall(r'(?:src|href)="([^"]+)"', html)
        assert taken and all(address.startswith("/") and not address.startswith("//") for address in taken)
        assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", html)
        assert (
            "unsafe" not in page["Content-Security-Policy"] and "data:" not in page["Content-Security-Policy"]
        )

    def test_the_script_of_the_page_reads_our_description_and_only_reads(self, client, db):
        script = client.get(f"{DOCS}?script=")
        assert script["Content-Type"].startswith("application/javascript")
        text = script.content.decode()
        assert "/api/v1/schema/" in text and re.search(
            r'"supportedSubmitMethods": \[\s+"get",\s+"head"\s+\]', text
        )

    def test_is_the_same_in_every_language(self, client, db):
        dutch = client.get(DOCS, headers={"accept-language": "nl"})
        assert dutch["Content-Language"] == "en"
        assert dutch.content == client.get(DOCS, headers={"accept-language": "en"}).content

    def test_only_reads(self, client, db):
        assert client.post(DOCS).status_code == 405


class TestForLanguageModels:
    @pytest.fixture
    def text(self, client, db):
        answer = client.get("/llms.txt")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert "X-Robots-Tag" not in answer
        return answer.content.decode()

    def test_has_the_form_of_llmstxt(self, text):
        first, _blank, second = text.splitlines()[:3]
        assert first == "# Onderbouwd" and second.startswith("> ")

    def test_names_both_languages_the_licence_and_how_to_cite(self, text):
        assert "Dutch" in text and "Nederlands" in text and "English" in text
        assert "CC BY 4.0" in text and "https://creativecommons.org/licenses/by/4.0/" in text
        assert "How to cite: accession and version" in text
        assert "no medical advice" in text and "under_review" in text

    def test_every_link_to_this_site_leads_somewhere(self, client, text, settings):
        links = re.findall(rf"{re.escape(settings.SITE_URL)}(/[^\s),>]+)", text)
        assert {"/api/v1/changes/", "/en/claims/", "/nl/claims/"} <= set(links) and len(links) > 10
        for link in links:
            assert client.get(link, follow=True).status_code == 200, link

    def test_robots_are_let_in(self, client, db):
        """What robots.txt closes is for staff, or part of another page."""
        closed = re.findall("(?m)^Disallow: (.*)$", client.get("/robots.txt").content.decode())
        assert closed and not any(
            path.startswith(place) for place in closed for path in ("/llms.txt", "/api/v1/", "/en/claims/")
        )

    def test_only_reads(self, client, db):
        assert client.post("/llms.txt").status_code == 405
