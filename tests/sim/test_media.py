"""Type, measure and pages are read from the bytes, whatever the name says."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sim import pictures
from tui.sim.media import data_url, decoded, dimensions, pages_of, seen, type_of

SAMPLES = {
    "png": (pictures.png(640, 48), "image/png", (640, 48)),
    "gif": (pictures.gif(3, 2), "image/gif", (3, 2)),
    "jpeg": (pictures.jpeg(20, 10), "image/jpeg", (20, 10)),
    "webp extended": (pictures.webp(9, 7), "image/webp", (9, 7)),
    "webp lossless": (pictures.webp(900, 700, b"VP8L"), "image/webp", (900, 700)),
    "webp lossy": (pictures.webp(9, 7, b"VP8 "), "image/webp", (9, 7)),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_an_image_tells_its_type_and_measure(name: str) -> None:
    data, media_type, measure = SAMPLES[name]
    assert type_of(data) == media_type
    assert dimensions(data) == measure


@pytest.mark.parametrize("name", SAMPLES)
def test_an_image_cut_short_has_no_measure_and_does_no_harm(name: str) -> None:
    data, _, measure = SAMPLES[name]
    assert {dimensions(data[:length]) for length in range(len(data))} <= {None, measure}
    assert dimensions(data[:9]) is None


@given(st.binary(max_size=60))
def test_any_bytes_may_follow_a_signature(junk: bytes) -> None:
    for head in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"):
        found = dimensions(head + junk)
        assert found is None or min(found) > 0
    pages_of(b"%PDF-1.7" + junk)


def test_an_image_of_no_size_has_no_measure() -> None:
    assert dimensions(b"GIF89a" + struct.pack("<HH", 0, 5)) is None


def test_pages_are_counted_packed_or_not() -> None:
    assert [pages_of(pictures.pdf(n)) for n in (1, 12)] == [1, 12]
    assert pages_of(pictures.pdf(7, packed=True)) == 7
    assert pages_of(b"%PDF-1.4 nothing") == 0
    assert type_of(b"junk before %PDF-1.4") == "application/pdf"


def test_what_was_seen_is_told_in_one_line() -> None:
    image = str(seen("image", "image/png", pictures.png(64, 48)))
    assert image.startswith("image: image/png, 64x48 pixels, ")
    assert image.endswith(seen("image", "", pictures.png(64, 48)).sha256[:12])
    assert '"a.pdf": application/pdf, 2 pages' in str(seen("document", "x/y", pictures.pdf(2), "a.pdf"))
    assert str(seen("document", "text/plain", b"hi")).startswith("document: text/plain, 2 bytes")


def test_data_urls_are_taken_apart() -> None:
    assert data_url(pictures.url("image/png", b"x")) == ("image/png", b"x")
    assert data_url("data:image/png;base64,???") == ("image/png", None)
    assert data_url("data:text/plain,plain") == ("text/plain", None)
    assert data_url("https://example.invalid/a.png") is None
    assert decoded("YQ==") == b"a"
    assert [decoded(bad) for bad in ("YQ", "Y Q==", None, "é")] == [None] * 4
