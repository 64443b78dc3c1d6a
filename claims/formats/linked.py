"""Claims as JSON-LD in the words of schema.org.

How sure the evidence is and which way it points are two ratings, each with its `reviewAspect`: one number must not mean both.
"""

from django.conf import settings

from studies.choices import NoticeKind
from studies.linked import address_of, identifiers

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DECIDING = (NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT)


def claim(document, standing):
    """The record of a version as a ClaimReview, with how it stands (`claims.standing`)."""
    retracted = retracted_in(standing)
    permalink = f"{settings.SITE_URL}{document['path']}"
    about = document["about"]
    topics = [
        about["intervention"],
        *(about[name] for name in ("outcome", "population", "condition") if about[name]),
    ]
    return {
        "id": permalink,
        "type": "ClaimReview",
        "url": permalink,
        "identifier": f"{document['accession']}.{document['version']}",
        "version": document["version"],
        "claimReviewed": in_both(document["statement"]),
        "reviewBody": in_both(document["plain_sentence"]),
        "abstract": in_both(document["summary"]),
        "itemReviewed": {"id": f"{permalink}#claim", "type": "Claim", "name": in_both(document["statement"])},
        "about": [topic(each) for each in topics],
        "reviewRating": ratings(document["rating"]),
        "creativeWorkStatus": status_of(standing),
        "citation": [article_address(row["publication"], retracted) for row in document["evidence"]],
        "author": {"id": f"{settings.SITE_URL}/", "type": "Organization", "name": "Onderbouwd"},
        "datePublished": document["updated_at"],
        "license": LICENCE,
        "inLanguage": ["en", "nl"],
    }


def status_of(standing):
    """Whether the rating may be leaned on: "merged" and "withdrawn" say that it is history."""
    if standing["closed"]:
        return standing["closed"]["how"]
    return "under review" if standing["under_review"] else "published"


def retracted_in(standing):
    """The keys of the cited publications whose latest retraction or reinstatement is a retraction."""
    deciding = {row["publication_key"]: row["kind"] for row in standing["notices"] if row["kind"] in DECIDING}
    return {key for key, kind in deciding.items() if kind == NoticeKind.RETRACTION}


def ratings(rating):
    """How sure (1 to 4, absent where nothing was rated) and which way."""
    found = []
    if rating["strength"]:
        found.append(
            {
                "type": "Rating",
                "reviewAspect": "certainty of the evidence",
                "ratingValue": rating["strength"]["value"],
                "worstRating": 1,
                "bestRating": 4,
                "name": in_both(rating["strength"]["label"]),
            }
        )
    if rating["verdict"]:
        which = {"type": "Rating", "reviewAspect": "which way the evidence points"}
        found.append(
            which | {"alternateName": rating["verdict"]["code"], "name": in_both(rating["verdict"]["label"])}
        )
    return found


def topic(entry):
    return {
        "id": f"{settings.SITE_URL}/topics/{entry['slug']}/",
        "type": "DefinedTerm",
        "name": in_both(entry["name"]),
    }


def article_address(publication, retracted):
    """What a record says of a report: where it is, its reference and its numbers, and that it was retracted."""
    found = {
        "id": address_of(publication["key"], publication["doi"]),
        "type": "CreativeWork",
        "name": publication["reference"],
        "sameAs": identifiers(publication["pmid"], publication["pmcid"]),
    }
    return found | ({"creativeWorkStatus": "retracted"} if publication["key"] in retracted else {})


def in_both(words):
    return [
        {"@value": words[language], "@language": language} for language in ("en", "nl") if words.get(language)
    ]
