"""Parts of a file, by RFC 9110: who stopped halfway gets the rest, and only the rest of the same file."""

import pytest
from django.test import RequestFactory

from kb.lib.ranges import PIECE, file_response

TAG, CHANGED = '"abc"', 1_700_000_000
DATE, EARLIER = "Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:19 GMT"
WHOLE = b"0123456789"


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "file.zip"
    file.write_bytes(WHOLE)
    return file


def get(path, method="get", **headers):
    request = getattr(RequestFactory(), method)(
        "/file", headers={n.replace("_", "-"): v for n, v in headers.items()}
    )
    return file_response(
        request, path, tag=TAG, content_type="application/zip", name="file.zip", changed=CHANGED
    )


def body(response):
    return b"".join(response) if response.streaming else response.content


def test_the_whole_file(path):
    response = get(path)
    assert (response.status_code, body(response)) == (200, WHOLE)
    assert (
        response["ETag"] == TAG and response["Accept-Ranges"] == "bytes" and response["Last-Modified"] == DATE
    )
    assert response["Content-Length"] == "10" and "Content-Range" not in response


@pytest.mark.parametrize(
    ("asked", "given", "where"),
    [
        ("bytes=0-", WHOLE, "0-9"),
        ("bytes=4-", b"456789", "4-9"),
        ("bytes=2-5", b"2345", "2-5"),
        ("bytes=9-9", b"9", "9-9"),
        ("bytes=7-99", b"789", "7-9"),
        ("bytes=-3", b"789", "7-9"),
        ("bytes=-99", WHOLE, "0-9"),
    ],
)
def test_a_part(path, asked, given, where):
    response = get(path, Range=asked)
    assert (response.status_code, body(response)) == (206, given)
    assert response["Content-Range"] == f"bytes {where}/10"
    assert response["Content-Length"] == str(len(given))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_past_the_end(path, asked):
    response = get(path, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-2",
        "bytes=-",
        "bytes=",
        "lines=1-2",
        "bytes=0-1,4-5",
        "bytes=a-b",
        "bytes=१-२",
        "bytes=" + "9" * 40 + "-",
    ],
)
def test_what_is_no_one_part_gives_the_whole(path, asked):
    assert (get(path, Range=asked).status_code, body(get(path, Range=asked))) == (200, WHOLE)


@pytest.mark.parametrize(
    ("same", "status"),
    [(TAG, 206), (DATE, 206), ('"other"', 200), (f"W/{TAG}", 200), (EARLIER, 200), ("nonsense", 200)],
)
def test_the_rest_of_the_same_file_only(path, same, status):
    response = get(path, Range="bytes=4-", If_Range=same)
    assert (response.status_code, body(response)) == (status, WHOLE[4:] if status == 206 else WHOLE)


def test_past_the_end_of_another_file_gives_the_whole(path):
    assert get(path, Range="bytes=10-", If_Range='"other"').status_code == 200


@pytest.mark.parametrize(
    "headers", [{"If_None_Match": TAG}, {"If_None_Match": f'"x", W/{TAG}'}, {"If_Modified_Since": DATE}]
)
def test_a_copy_that_is_still_good(path, headers):
    response = get(path, Range="bytes=1-2", **headers)
    assert (response.status_code, body(response), response["ETag"]) == (304, b"", TAG)


def test_head_tells_of_the_whole_and_gives_nothing(path):
    response = get(path, "head", Range="bytes=1-2")
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "10", b"")


def test_a_large_file_comes_in_pieces(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * (PIECE * 2 + 5))
    assert [len(piece) for piece in get(path, Range="bytes=3-")] == [PIECE, PIECE, 2]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        get(tmp_path / "nothing")
