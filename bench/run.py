"""Compares our list and record with a textbook API and with what PostgreSQL alone gives, on the base that is loaded.

In one process, through the whole of Django but not the network, in turns; the median of all rounds. Figures differ between machines, so read the ratios.
The base of the fixtures is small: this says what a request costs, not how it grows.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
os.environ.setdefault("API_LIMIT", "0")

ROUNDS, PAGE = 30, 25


def main():
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.ROOT_URLCONF = "bench.textbook"

    from claims.models import ClaimVersion

    if not ClaimVersion.objects.current().exists():
        sys.exit("The base is empty. Run: make run, or manage.py load_kb fixtures/")
    client = Client(headers={"host": "localhost"})
    biggest = max(ClaimVersion.objects.current(), key=lambda version: len(version.document)).claim.accession

    def sql(statement, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def get(address):
        response = client.get(address)
        assert response.status_code == 200, address
        return response.content

    published = (
        "FROM claims_claimversion v JOIN claims_claim c ON c.id = v.claim_id WHERE v.state = 'published'"
    )
    work = {
        "list of 25": {
            "ours": lambda: get(f"/api/v1/claims/?page_size={PAGE}"),
            "textbook": lambda: get(f"/textbook/claims/?page_size={PAGE}"),
            "PostgreSQL": lambda: sql(
                f"SELECT card {published} ORDER BY v.strength DESC NULLS LAST, v.id DESC LIMIT {PAGE}"
            ),
        },
        "one record": {
            "ours": lambda: get(f"/api/v1/claims/{biggest}/"),
            "textbook": lambda: get(f"/textbook/claims/{biggest}/"),
            "PostgreSQL": lambda: sql(f"SELECT document {published} AND c.accession = %s", biggest),
        },
    }
    assert (
        json.loads(work["list of 25"]["ours"]())["count"]
        == json.loads(work["list of 25"]["textbook"]())["count"]
    )
    results = {what: compare(ways) for what, ways in work.items()}
    for what, medians in results.items():
        times = ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in medians.items())
        faster = medians["textbook"] / medians["ours"]
        print(
            f"{what}: {times}. Ours is {faster:.1f} x textbook, {medians['PostgreSQL'] / medians['ours']:.0%} of PostgreSQL."
        )


def compare(ways):
    """{way: median seconds}; the ways take turns, so that whatever else the machine does hits all of them."""
    times = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, run in ways.items():
            begin = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(found) for name, found in times.items()}


if __name__ == "__main__":
    main()
