"""Makers of things, through the same actions as everybody. Each makes only what it is told, and what that needs."""

from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from claims import actions
from claims.models import Evidence, Judgement, Topic
from claims.reviewing import declare_interests
from studies.actions import add_notice
from studies.actions import save_record as save_study_record
from studies.models import IntegrityNotice, Publication, Study

numbers = count(1)


def person(role, **words):
    """The one person of this role: reader, editor, reviewer or admin. All but the reader may open the admin."""
    user, is_new = get_user_model().objects.get_or_create(
        username=f"the-{role}", defaults={"first_name": role.title(), "is_staff": role != "reader", **words}
    )
    if is_new:
        user.groups.add(Group.objects.get(name=role))
        if user.has_perm("claims.review_version"):
            declare_interests(by=user, text="Nothing to declare.", has_conflict=False)
    return user


def topic(kind="intervention", **words):
    name = f"{kind}-{next(numbers)}"
    given = {
        "slug": name,
        "name_en": name,
        "name_nl": name,
        "phrase_en": f"the {name}",
        "phrase_nl": f"de {name}",
    }
    return actions.save_record(Topic(kind=kind, **given | words), by=person("admin"))


def study(**words):
    number = next(numbers)
    given = {"key": f"author-{number}", "label": f"Author {number}", "design": "rct", "participants": 46}
    return save_study_record(Study(**given | words), by=person("editor"))


def publication(of=None, **words):
    """The main report of a study, or of a new one."""
    of = of or study()
    given = {
        "key": of.key,
        "title": f"What {of.label} found",
        "authors": [{"family": "Author", "given": "A"}],
        "year": 2020,
    }
    return save_study_record(Publication(study=of, **given | words), by=person("editor"))


def notice(publication, kind="retraction", **words):
    given = {"source": "test", "source_record_id": str(next(numbers)), "noticed_on": "2025-01-01"}
    return add_notice(
        IntegrityNotice(publication=publication, kind=kind, **given | words), by=person("editor")
    )


def claim(**words):
    """A claim about a new intervention and a new outcome, which are also its topics."""
    given = {"slug": f"claim-{next(numbers)}", "kind": "efficacy", "direction": "improves", "topics": []}
    about = {"intervention": topic(), "outcome": topic("outcome")} if "intervention" not in words else {}
    made = actions.start_claim(by=person("editor"), **given | about | words)
    return actions.link_topics(made, words.get("topics") or [made.intervention], by=person("editor"))


def evidence(version, **words):
    report = words.pop("publication", None) or publication()
    given = {
        "direction": "supports",
        "outcome_measure_en": "score",
        "outcome_measure_nl": "score",
        "finding_en": "It went down.",
        "finding_nl": "Het daalde.",
        "verified_from": "https://example.org/report",
        "n": 46,
    }
    row = Evidence(version=version, study=report.study, publication=report, **given | words)
    return actions.save_part(row, by=version.author)


def judgement(version, domain="imprecision", step=-1, **words):
    given = {"reason_en": "Few people.", "reason_nl": "Weinig mensen."} if step else {}
    return actions.save_part(
        Judgement(version=version, domain=domain, step=step, **given | words), by=version.author
    )


def draft(of=None, **words):
    """A full draft by the editor: high, one step down, so moderate; with one row of evidence. `of` is its claim."""
    given = {
        "statement_en": "It helps.",
        "statement_nl": "Het helpt.",
        "summary_en": "It seems to help.",
        "summary_nl": "Het lijkt te helpen.",
        "start": 4,
        "strength": 3,
        "verdict": "supported",
        "effect_size": "small",
        "searched_through": "2026-01-01",
        "next_review_due": "2027-01-01",
    }
    made = actions.start_draft(of or claim(), by=person("editor"), **given | words)
    evidence(made)
    judgement(made)
    made.refresh_from_db()
    return made


def in_review(**words):
    return actions.submit_version(draft(**words), by=person("editor"))


def published(**words):
    """Published by the reviewer."""
    return actions.publish_version(in_review(**words), by=person("reviewer"))


def version_again(version, **words):
    """The next version of the same claim: the same but for these words."""
    made = actions.start_draft(version.claim, by=person("editor"), **words)
    return actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))
