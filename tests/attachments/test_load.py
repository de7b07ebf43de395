"""From files to attachments: told by their bytes, and nothing is waited for."""

import base64
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attachments.samples import every_picture, pdf, picture
from tui.attachments import attachment_of, load
from tui.attachments.load import MOST_TEXT
from tui.attachments.reading import MOST_BYTES
from tui.chat.parts import Document, Image
from tui.errors import UsageError

PICTURES = every_picture()


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_told_by_their_bytes_and_stay_as_they_are(tmp_path: Path, name: str) -> None:
    (tmp_path / "misnamed.txt").write_bytes(PICTURES[name])
    loaded = load("misnamed.txt", tmp_path)
    assert isinstance(loaded, Image)
    assert loaded.media_type == f"image/{name.split()[0].lower()}"
    assert base64.b64decode(loaded.data) == PICTURES[name]
    assert loaded.name == "misnamed.txt"


def test_a_pdf_has_its_pages_counted(tmp_path: Path) -> None:
    (tmp_path / "report.bin").write_bytes(pdf(3))
    loaded = load("report.bin", tmp_path)
    assert isinstance(loaded, Document)
    assert (loaded.media_type, loaded.pages, loaded.name) == ("application/pdf", 3, "report.bin")
    assert base64.b64decode(loaded.data) == pdf(3)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"print('hi')\n", "print('hi')\n"),
        ("naïve, 世界\r\n".encode(), "naïve, 世界\r\n"),
        (b"\xef\xbb\xbfa,b", "a,b"),
        (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        (b"<svg/>", "<svg/>"),
    ],
)
def test_text_of_any_sort(data: bytes, text: str) -> None:
    loaded = attachment_of(data, "a.py")
    assert isinstance(loaded, Document)
    assert loaded.media_type == "text/plain"
    assert base64.b64decode(loaded.data).decode() == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture"),
        (b"BM\x9a\0\0\0\0\0", "a BMP picture"),
        (b"PK\3\4\x14\0\0\0\xff\xfe", "a ZIP archive or an Office file"),
        (b"\x7fELF\2\1\1\0\0", "a program"),
        ("hi there".encode("utf-16"), "text in UTF-16"),
        (b"caf\xe9", "no text"),
        (b"a\0b", "no text"),
        (b" \n\t", "blank"),
        (b"\xef\xbb\xbf", "blank"),
        (b"\x89PNG\r\n\x1a\n\0\0", "broken"),
        (picture("JPEG")[:40], "broken"),
        (b"x" * (MOST_TEXT + 1), "more than any model reads"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\1", "65536×65536 pixels"),
    ],
)
def test_everything_else_is_refused_with_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(UsageError) as error:
        attachment_of(data, "thing.dat")
    assert error.value.exit_code == 2
    assert "thing.dat" in error.value.what
    assert why in error.value.what


def test_a_refusal_says_what_is_taken() -> None:
    with pytest.raises(UsageError) as error:
        attachment_of(b"\0\1\2", "thing.dat")
    assert "PNG, JPEG, GIF and WebP images, PDF files and UTF-8 text" in error.value.hint
    assert "(3 bytes)" in error.value.what


@given(data=st.binary(max_size=300).filter(lambda data: not data.startswith(b"%PDF-")))
def test_any_bytes_are_an_attachment_or_an_error(data: bytes) -> None:
    try:
        loaded = attachment_of(data, "any")
    except UsageError:
        return
    assert base64.b64decode(loaded.data) in (data, data.removeprefix(b"\xef\xbb\xbf"))


def fifo(path: Path) -> None:
    os.mkfifo(path)


def piped_link(path: Path) -> None:
    fifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, MOST_BYTES + 1)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        # The path of a socket may only be short.
        here = os.open(path.parent, os.O_RDONLY)
        try:
            bound.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a directory": (Path.mkdir, "is a directory"),
    "a pipe": (fifo, "is a pipe"),
    "a socket": (a_socket, "is a socket"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "a link to nothing": (lambda path: path.symlink_to("nothing-here"), "cannot be read"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
    "a link to a pipe": (piped_link, "is a pipe"),
    "a huge file": (huge, "50 MiB"),
    "an empty file": (Path.touch, "is empty"),
}


@pytest.mark.skipif(os.name != "posix", reason="files of these kinds are POSIX's")
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    make, why = ODD[kind]
    make(tmp_path / "thing")
    began = time.monotonic()
    with pytest.raises(UsageError, match=why) as error:
        load("thing", tmp_path)
    assert time.monotonic() - began < 30
    assert "thing" in error.value.what


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no /proc here")
@pytest.mark.parametrize("path", ["/proc/self/mem", "/proc/kmsg", "/proc/self/pagemap"])
def test_what_only_looks_like_a_file_is_not_waited_for(path: str, tmp_path: Path) -> None:
    began = time.monotonic()
    try:
        load(path, tmp_path)
    except UsageError as error:
        assert path.rpartition("/")[2] in error.what  # noqa: PT017
    assert time.monotonic() - began < 30


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(UsageError, match="Permission denied"):
        load("secret.png", tmp_path)
