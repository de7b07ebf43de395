"""What is said of an attachment in one line."""

from tests.attachments.samples import as_image, as_pdf, as_text, picture
from tui.attachments import Facts, describe
from tui.chat.parts import Document, Image


def test_images() -> None:
    data = picture("JPEG")
    assert describe(as_image(data, "image/jpeg", "a.jpg")) == Facts(
        "image", "jpeg", "a.jpg", len(data), 60, 40
    )
    assert describe(Image("image/png", "aGk=")) == Facts("image", "png", "image.png", 2)


def test_documents() -> None:
    assert describe(as_pdf(b"%PDF-1.4", pages=3)) == Facts("pdf", "pdf", "report.pdf", 8, pages=3)
    assert describe(as_text("hello", "a\nb.md")) == Facts("text", "text", "a⏎b.md", 5)
    assert describe(Document("application/zip", "", "")) == Facts("document", "zip", "document.bin", 0)
