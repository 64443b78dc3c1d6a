"""How much an answer weighs on the real base: a little room above what it weighs today, so that growth is a choice."""

import pytest

CEILINGS = {  # bytes as they are, and with brotli (pages are compressed by the proxy)
    "/api/v1/claims/": (86_000, 12_600),
    "/api/v1/claims/?q=slaap": (93_000, 13_200),
    "/api/v1/claims/KB000001/": (12_100, 4_150),
    "/api/v1/changes/": (33_500, 5_700),
    "/api/v1/studies/": (53_500, 12_800),
    "/api/v1/topics/": (10_000, 2_350),
    "/nl/": (16_400, None),
    "/nl/claims/": (52_000, None),
    "/nl/claims/KB000001/": (50_000, None),
    "/en/topics/sleep/": (30_500, None),
    "/nl/map/": (212_000, None),
}


@pytest.mark.parametrize("address", CEILINGS)
def test_an_answer_weighs_no_more_than_it_did(client, db, address):
    plain, coded = CEILINGS[address]
    assert len(client.get(address, headers={"accept-encoding": "identity"}).content) <= plain
    if coded:
        assert len(client.get(address, headers={"accept-encoding": "br"}).content) <= coded
