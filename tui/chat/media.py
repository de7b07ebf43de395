"""What a vendor takes of images and documents, as plain limits; the data are in ``tui.media_rules``."""

from __future__ import annotations

from dataclasses import dataclass

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"
PDF = "application/pdf"
IMAGE_TYPES = frozenset({PNG, JPEG, GIF, WEBP})


@dataclass(frozen=True, slots=True)
class MediaRules:
    """Limits of one vendor for one request, its history included; None where no limit is known.

    Sizes of images and documents are those of their base64 text, in bytes; sides are in pixels.
    """

    image_types: frozenset[str] = IMAGE_TYPES
    animated: bool = True
    """Whether a moving GIF is taken."""
    images_by_word_only: bool = False
    """Images get through only where the catalog says the model sees; else they vanish without a word."""
    pdf: bool = True
    """Whether PDFs are taken at all, whatever the model."""
    documents: bool = False
    """On /v1/messages documents keep their names, and text files are documents of their own."""
    pdf_in_results: bool = True
    """On /v1/responses a PDF in a tool result gets through."""
    image_size: int | None = None
    pdf_size: int | None = None
    side: int | None = None
    many: int | None = None
    """With more images than this in a request, each may have at most ``side_of_many``."""
    side_of_many: int | None = None
    pdfs_count: bool = False
    """Whether a PDF counts as one of the many."""
    images: int | None = None
    pages: int | None = None
    """Pages of all PDFs of a request together."""
    request_size: int | None = None
    """Bytes of a whole request."""


NO_LIMITS = MediaRules()
"""Of a vendor nothing is known about."""
