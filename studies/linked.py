"""Studies and publications as JSON-LD in the words of schema.org.

What the words mean stands in the file itself, so that whoever reads it needs nothing from elsewhere.
"""

from django.conf import settings

from kb.lib.jsonlines import canonical

CONTEXT = {"@vocab": "https://schema.org/", "id": "@id", "type": "@type"}


def linked_document(things):
    """Yields one document with all of them in its graph, however many there are."""
    yield f'{{"@context":{canonical(CONTEXT)},"@graph":['
    for number, thing in enumerate(things):
        yield f"{',' if number else ''}\n{canonical(thing)}"
    yield "\n]}\n"


def article(publication):
    """A publication as a ScholarlyArticle, or as a CreativeWork where it is none."""
    kind = "ScholarlyArticle" if publication.csl_type == "article-journal" else "CreativeWork"
    journal = publication.container_title
    found = {
        "id": address_of(publication.key, publication.doi),
        "type": kind,
        "name": publication.title,
        "author": [person(author) for author in publication.authors],
        "datePublished": str(publication.year or ""),
        "isPartOf": journal and {"type": "Periodical", "name": journal},
        "pagination": publication.pages,
        "inLanguage": publication.language,
        "url": publication.url,
        "sameAs": identifiers(publication.pmid, publication.pmcid),
        "creativeWorkStatus": "retracted" if publication.is_retracted else "",
    }
    return {name: value for name, value in found.items() if value}


def study(found):
    """A study with its reports, which must be loaded with their standing."""
    columns = {
        "id": f"{settings.SITE_URL}/studies/{found.key}/",
        "type": "MedicalStudy",
        "name": found.label,
        "description": found.get_design_display(),
        "identifier": list(found.registry_ids or ()),
        "studyLocation": found.country,
        "subjectOf": [article(each) for each in found.reports],
    }
    return {name: value for name, value in columns.items() if value}


def person(author):
    parts = {"familyName": author.get("family"), "givenName": author.get("given")}
    return {"type": "Person", "name": name_of(author)} | {
        part: value for part, value in parts.items() if value
    }


def name_of(author):
    return author.get("literal") or " ".join(filter(None, (author.get("given"), author.get("family"))))


def address_of(key, doi):
    return f"https://doi.org/{doi}" if doi else f"{settings.SITE_URL}/api/v1/publications/{key}/"


def identifiers(pmid, pmcid):
    found = [
        pmid and f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/",
    ]
    return [address for address in found if address]
