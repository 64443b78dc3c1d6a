"""The client under test stands before a door that we hold: it passes everything on to the real site, unless told to refuse."""

import pytest
from onderbouwd import Client

from tests.client.doorman import Doorman

CLOSED = """
from claims import actions
from tests.factories import person, published
gone, same = published().claim, published().claim
reviewer = person("reviewer")
actions.withdraw_claim(gone, by=reviewer, reason_en="Made for a test.", reason_nl="Gemaakt voor een test.")
actions.merge_claims(same, into=type(same).objects.get(accession="KB000001"), by=reviewer)
print(gone.accession, same.accession)
"""


@pytest.fixture
def door(site):
    with Doorman(site) as doorman:
        yield doorman


@pytest.fixture
def base(door):
    """A client that goes through the door."""
    return Client(door.address)


@pytest.fixture
def pauses(monkeypatch):
    """How long the client would have waited, each time; nobody really waits."""
    waited = []
    monkeypatch.setattr("onderbouwd.wire.time.sleep", waited.append)
    return waited


@pytest.fixture(scope="session")
def closed(manage):
    """Accessions of a claim that was withdrawn, and of one that was merged into KB000001."""
    gone, same = manage("shell", "-v0", "-c", CLOSED).split()
    return {"withdrawn": gone, "merged": same}
