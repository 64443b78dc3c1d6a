"""Eight processes write in one set of claims at once: nothing acknowledged is lost, and every refusal has a name.

They work in a copy of the test database, since what they write is committed.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from tests.site import ask, database_url

pytestmark = pytest.mark.xdist_group("browser")

ROOT = Path(__file__).parents[2]
PROCESSES, TRIES, CLAIMS = 8, 250, 5


@pytest.fixture
def base(django_db_setup, django_db_blocker, worker_id):
    """The address of a database with the real base and nobody else in it."""
    name = f"onderbouwd_race_{worker_id}"
    with django_db_blocker.unblock():
        ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        url = database_url(name, connection.get_connection_params())
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))
    }
    environment |= {
        "DATABASE_URL": url,
        "SECRET_KEY": "only for this race",
        "DJANGO_SETTINGS_MODULE": "kb.settings",
    }
    for command in ("migrate", "load_kb fixtures"):
        subprocess.run(
            [sys.executable, "manage.py", *command.split(), "-v0"], cwd=ROOT, env=environment, check=True
        )
    yield environment
    with django_db_blocker.unblock():
        ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def python(code, environment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", code, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    said, trouble = process.communicate(timeout=300)
    assert process.returncode == 0, trouble[-2000:]
    return json.loads(said)


def test_two_thousand_edits_and_publications_lose_nothing(base):
    finished(python("tests.claims.racer", base, "prepare", CLAIMS))
    racers = [python("tests.claims.racer", base, "race", number, TRIES) for number in range(PROCESSES)]
    told = [finished(racer) for racer in racers]
    outcomes = Counter(outcome for each in told for outcome, _words in each)
    assert sum(outcomes.values()) == PROCESSES * TRIES
    assert set(outcomes) <= {"edited", "published", "submitted", "started", "stale", "refused"}
    assert outcomes["edited"] > 100
    assert outcomes["published"] > 5
    assert outcomes["stale"] > 0
    found = finished(python("tests.claims.racer", base, "check"))
    acknowledged = sorted(words for each in told for outcome, words in each if outcome == "edited")
    assert sorted(found["edits"]) == acknowledged
    assert found["published"] == CLAIMS + outcomes["published"]
    assert found["self_reviewed"] == 0
    assert found["feed"] == list(range(1, len(found["feed"]) + 1))
