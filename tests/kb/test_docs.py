"""The documents say what is true: every call they print works, every file they name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALLS = re.findall(r'curl "\$BASE(/[^"]+)"', (ROOT / "docs/api.md").read_text(encoding="utf-8"))
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("address", CALLS)
def test_every_call_of_the_api_page_answers(client, db, address):
    expected = 400 if "strenght" in address else 200
    assert client.get(address).status_code == expected


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_every_link_to_a_file_leads_somewhere(document):
    links = re.findall(r"\]\((?!http|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
