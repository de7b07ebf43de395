"""Pages of honest, locked, broken and hostile PDFs."""

import time

import pytest

from tests.attachments.samples import pdf
from tui.attachments.pdf import pages_of
from tui.attachments.pdf_pages import word_for
from tui.errors import UsageError

LOOP = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def test_pages_are_counted_in_another_process() -> None:
    assert pages_of(pdf(7), "a.pdf") == 7


@pytest.mark.parametrize("pages", [1, 120])
def test_pages_of_honest_files(pages: int) -> None:
    assert word_for(pdf(pages)) == str(pages)


def test_a_locked_file_is_refused() -> None:
    with pytest.raises(UsageError, match=r"locked\.pdf is locked with a password"):
        pages_of(pdf(2, user_password="x"), "locked.pdf")


def test_a_file_that_may_only_not_be_printed_is_open() -> None:
    assert word_for(pdf(2, user_password="", owner_password="x")) == "2"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-",
        b"%PDF-1.4\n%%EOF",
        pdf(2)[:300],
        LOOP,
        b"%PDF-1.4\n" + b"<<" * 50_000 + b"\nstartxref\n9\n%%EOF",
        b"%PDF-1.4\ntrailer<</Root " + b"[" * 50_000,
        pdf(1).replace(b"/Count 1", b"/Count -9"),
        pdf(1).replace(b"/Count 1", b"/Count (a)"),
    ],
    ids=["head", "nothing", "cut", "loop", "deep", "deeper", "negative", "text"],
)
def test_of_broken_files_no_pages_are_known(data: bytes) -> None:
    assert word_for(data) == ""


def test_a_file_that_keeps_the_parser_busy_is_given_up() -> None:
    # Some forty seconds of work for the parser.
    entries = b"0000000010 00000 n \n" * 1_000_000
    data = b"%PDF-1.4\nxref\n0 1000000\n" + entries + b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"
    began = time.monotonic()
    assert pages_of(data, "a.pdf", seconds=1.0) is None
    assert time.monotonic() - began < 30
