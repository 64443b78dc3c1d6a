"""One of the processes of test_concurrency: `python -m tests.claims.racer race 3 250` prints what it was told."""

import json
import random
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402

from claims import actions  # noqa: E402
from claims.models import Change, Claim, ClaimVersion  # noqa: E402
from claims.models.version import OPEN  # noqa: E402
from claims.reviewing import declare_interests  # noqa: E402

WRITERS, REVIEWERS = 4, 2


def prepare(claims):
    """The people, and a draft of each of the first claims."""
    User = get_user_model()
    for number in range(WRITERS + REVIEWERS):
        person = User.objects.create_user(f"racer-{number}")
        person.groups.add(Group.objects.get(name="reviewer"))
        declare_interests(by=User.objects.get(pk=person.pk), text="None.", has_conflict=False)
    return [claim.accession for claim in raced(claims)]


def raced(claims=5):
    return Claim.objects.order_by("accession")[:claims]


def race(number, tries):
    chance = random.Random(number)
    people = list(get_user_model().objects.filter(username__startswith="racer-").order_by("pk"))
    return [attempt(chance, people, f"{number}-{count}") for count in range(tries)]


def attempt(chance, people, words):
    """One try at one claim: (outcome, the words that were acknowledged)."""
    claim, person = chance.choice(list(raced())), chance.choice(people[:WRITERS])
    version = ClaimVersion.objects.filter(claim=claim, state__in=OPEN).first()
    try:
        if version is None:
            actions.start_draft(claim, by=person)
            return "started", ""
        if version.state == "in-review":
            reviewer = chance.choice(people[-REVIEWERS - 1 :])  # now and then a writer, who is refused
            actions.publish_version(version, by=reviewer, revision=version.revision)
            return "published", ""
        if chance.random() < 0.1:
            actions.submit_version(version, by=person, revision=version.revision)
            return "submitted", ""
        actions.edit_draft(
            version, by=person, revision=version.revision, caveats_en=f"{version.caveats_en} [{words}]"
        )
    except actions.Stale:
        return "stale", ""
    except actions.Refused:
        return "refused", ""
    return "edited", words


def check():
    """What the base says afterwards: every edit that is in the latest words of its claim, and what was published by whom."""
    edits = []
    for claim in raced():
        version = claim.versions.exclude(state="discarded").latest("pk")
        edits += [piece.rstrip("]") for piece in version.caveats_en.split(" [")[1:]]
    published = ClaimVersion.objects.public().filter(claim__in=raced())
    return {
        "edits": edits,
        "published": published.count(),
        "self_reviewed": sum(
            version.reviewer_id == version.author_id
            or version.contributors.filter(pk=version.reviewer_id).exists()
            for version in published.filter(number__gt=1)
        ),
        "feed": list(Change.objects.order_by("seq").values_list("seq", flat=True)),
    }


DEEDS = {"prepare": prepare, "race": race, "check": check}

if __name__ == "__main__":
    deed, *arguments = sys.argv[1:]
    print(json.dumps(DEEDS[deed](*map(int, arguments))))  # noqa: T201 (what the test reads)
