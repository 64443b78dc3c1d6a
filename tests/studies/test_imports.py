from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from studies.formats import write
from studies.imports import preview
from studies.models import Publication, Study

pytestmark = pytest.mark.django_db


def publication(number, **columns):
    study = Study.objects.create(key=f"study-{number}", label=f"Study {number}", design="rct")
    columns = {"title": f"Title {number}", "year": 2012, **columns}
    return Publication.objects.create(key=f"study-{number}", study=study, **columns)


def ris(*items):
    return "".join(write("ris", items)).encode()


def test_a_record_is_here_by_any_of_its_identifiers_and_otherwise_new():
    first = publication(1, doi="10.1000/one")
    second = publication(2, pmid="22")
    third = publication(3, pmcid="PMC33")
    data = ris(
        {"title": "Title 1", "doi": "10.1000/one"},
        {"title": "Title 2", "pmid": "22"},
        {"title": "Title 3", "pmcid": "PMC33"},
        {"title": "Title 4", "doi": "10.1000/four"},
    )
    rows = preview("some.ris", data)[1]
    assert [row.here for row in rows] == [[first], [second], [third], []]
    assert [row.conflicts for row in rows] == [{}, {}, {}, {}]


def test_a_record_that_mixes_up_two_papers_names_both():
    papers = [publication(1, doi="10.1000/one"), publication(2, pmid="22")]
    [row] = preview("some.ris", ris({"title": "Title 1", "doi": "10.1000/one", "pmid": "22"}))[1]
    assert row.here == papers


def test_conflicts_are_told_by_column_and_what_one_lacks_is_none():
    publication(1, doi="10.1000/one", volume="7")
    data = ris({"title": "Title 1", "doi": "10.1000/one", "year": 2013, "pages": "1-8"})
    [row] = preview("some.ris", data)[1]
    assert row.conflicts == {"year": (2012, 2013)}


def test_however_many_records_three_questions_a_thousand(django_assert_num_queries):
    data = ris(
        *(
            {"title": f"Title {n}", "doi": f"10.1000/{n}", "pmid": str(n), "pmcid": f"PMC{n}"}
            for n in range(1, 31)
        )
    )
    with django_assert_num_queries(3):
        assert len(preview("some.ris", data)[1]) == 30


def test_the_command_tells_and_keeps_nothing(tmp_path):
    publication(1, doi="10.1000/one")
    file = tmp_path / "some.ris"
    file.write_bytes(
        ris({"title": "Title 1", "doi": "10.1000/one", "year": 2013}, {"title": "Another", "pmid": "5"})
    )
    before, out = Publication.objects.count(), StringIO()
    call_command("preview_references", file, stdout=out)
    assert "here as study-1: Title 1\n  year: here 2012, in the file 2013\n" in out.getvalue()
    assert "new: Another\n" in out.getvalue()
    assert out.getvalue().endswith("1 new, 1 here already, 0 problems\n")
    assert Publication.objects.count() == before


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("preview_references", tmp_path / "none.ris")
    (tmp_path / "some.ris").write_bytes(b"\x00\x01\x02")
    with pytest.raises(CommandError, match="some"):
        call_command("preview_references", tmp_path / "some.ris")
