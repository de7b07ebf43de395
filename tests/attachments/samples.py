"""Pictures and PDFs made on the spot: ordinary ones of every sort, and what hostile people send."""

import base64
from io import BytesIO
from typing import Any

import PIL.Image
from pypdf import PdfWriter

from tui.chat.parts import Document, Image

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK")


def picture(
    format: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture file with a gradient."""
    gradient = PIL.Image.linear_gradient("L").resize(size)
    if mode == "I;16":
        image = gradient.convert("I").point(lambda value: value * 256).convert("I;16")
    elif mode == "P":
        image = gradient.convert("RGB").quantize(16)
    else:
        image = gradient.convert(mode)
    return saved(image, format, **options)


def saved(image: PIL.Image.Image, format: str, **options: Any) -> bytes:
    """``image`` as a file."""
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def every_picture() -> dict[str, bytes]:
    """A picture of each format in each mode the format has, by a name."""
    found = {}
    for format, modes in {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "GIF": ("L", "P", "RGB"),
        "WEBP": ("RGB", "RGBA"),
    }.items():
        for mode in modes:
            found[f"{format} {mode}"] = picture(format, mode=mode)
    found["PNG palette with a transparent colour"] = picture(mode="P", transparency=0)
    found["JPEG progressive"] = picture("JPEG", progressive=True)
    found["JPEG with EXIF"] = picture("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0" + b"\0" * 60_000)
    found["WEBP lossless"] = picture("WEBP", lossless=True)
    found["WEBP lossless with alpha"] = picture("WEBP", mode="RGBA", lossless=True, exact=True)
    found["GIF moving"] = moving_gif()
    return found


def moving_gif(pictures: int = 3, size: tuple[int, int] = (60, 40)) -> bytes:
    """A GIF of several pictures."""
    first = PIL.Image.linear_gradient("L").resize(size)
    others = [first.rotate(30 * number) for number in range(1, pictures)]
    return saved(first, "GIF", save_all=True, append_images=others)


def noise(format: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that does not pack."""
    return saved(PIL.Image.effect_noise(size, 90).convert("RGB"), format)


def pdf(pages: int = 1, **encryption: str) -> bytes:
    """A PDF of blank pages, locked if a password is given."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if encryption:
        writer.encrypt(**encryption, algorithm="RC4-128")  # type: ignore[arg-type]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def as_image(data: bytes, media_type: str = "image/png", name: str = "photo.png") -> Image:
    """A picture file as an attachment."""
    return Image(media_type, base64.b64encode(data).decode(), name)


def as_pdf(data: bytes, name: str = "report.pdf", pages: int | None = None) -> Document:
    """A PDF file as an attachment."""
    return Document("application/pdf", base64.b64encode(data).decode(), name, pages)


def as_text(text: str, name: str = "notes.md") -> Document:
    """A text file as an attachment."""
    return Document("text/plain", base64.b64encode(text.encode()).decode(), name)
