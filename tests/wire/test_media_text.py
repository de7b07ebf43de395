"""Names of attachments, text files as text, and what stands for one that is not shown."""

import pytest

from tests.attachments.samples import as_image, as_pdf, as_text, picture
from tui.chat.parts import Document, Image
from tui.wire.media_text import data_url, document_text, file_name, is_text, not_shown, told_document


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (as_text("hi", "notes.md"), "notes.md"),
        (as_text("hi", ""), "document.txt"),
        (Image("image/webp", ""), "image.webp"),
        (Document("application/pdf", ""), "document.pdf"),
        (Document("application/zip", "", " "), "document.bin"),
        (as_text("hi", "a\nb\x1b\ud800.md"), "a⏎b␛\ufffd.md"),
        (as_text("hi", "x" * 900), "x" * 200),
    ],
)
def test_every_attachment_has_a_name_on_one_line(part: Image | Document, name: str) -> None:
    assert file_name(part) == name


def test_a_text_file_stands_apart_with_its_name() -> None:
    assert told_document(as_text("a\nb")) == '<document name="notes.md">\na\nb\n</document>\n'
    assert told_document(as_text("a\n")) == '<document name="notes.md">\na\n</document>\n'
    odd = as_text("x", 'a"><b>.md')
    assert told_document(odd).startswith('<document name="a\'›‹b›.md">\n')


def test_what_no_text_can_be_read_from_is_told_so() -> None:
    assert document_text(Document("text/plain", "a")) == "(unreadable)"
    assert document_text(Document("text/plain", "/w==")) == "\ufffd"


def test_kinds() -> None:
    assert is_text(as_text("x"))
    assert not is_text(as_pdf(b""))
    assert not is_text(as_image(picture()))
    assert data_url(Image("image/png", "aGk=")) == "data:image/png;base64,aGk="


def test_what_stands_for_one_that_is_not_shown() -> None:
    assert not_shown(as_image(picture())) == "[image photo.png, 60×40, not shown to this model]"
    assert not_shown(as_pdf(b"", pages=1)) == "[document report.pdf, 1 page, not shown to this model]"
    assert not_shown(as_pdf(b"")) == "[document report.pdf, not shown to this model]"
