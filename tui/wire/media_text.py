"""How attachments are told: their names, text files as text, and what stands for one that is not shown."""

from __future__ import annotations

import base64

from tui.chat.media import IMAGE_TYPES, PDF
from tui.chat.parts import Attachment, Document, Image, Text
from tui.clean import visible
from tui.wire.image_header import encoded, image_size

_LONGEST_NAME = 200
_ENDINGS = {kind: kind.partition("/")[2] for kind in IMAGE_TYPES} | {PDF: "pdf"}


def is_text(part: Text | Attachment) -> bool:
    """Whether an attachment is a text file, which every model can be told."""
    return isinstance(part, Document) and part.media_type.startswith("text/")


def file_name(part: Attachment) -> str:
    """The attachment's name on one line; a made one where it has none."""
    kind = "image" if isinstance(part, Image) else "document"
    ending = _ENDINGS.get(part.media_type, "txt" if is_text(part) else "bin")
    return visible(part.name).strip()[:_LONGEST_NAME] or f"{kind}.{ending}"


def document_text(part: Document) -> str:
    """What a text file says; what is no UTF-8 in it is replaced."""
    try:
        return base64.b64decode(part.data).decode("utf-8", "replace")
    except ValueError:
        # Only an imported history can hold what is no base64.
        return "(unreadable)"


def told_document(part: Document) -> str:
    """A text file with its name, for where there are no documents but text."""
    text = document_text(part)
    end = "" if text.endswith("\n") else "\n"
    # Some roads join neighbouring texts without anything between them: the last line break parts them.
    return f'<document name="{_quotable(part)}">\n{text}{end}</document>\n'


def data_url(part: Attachment) -> str:
    """The attachment as a ``data:`` URL."""
    return f"data:{part.media_type};base64,{part.data}"


def not_shown(part: Attachment) -> str:
    """What a model is told in place of an attachment it cannot be shown; depends on the part alone."""
    facts = [f"{_kind(part)} {file_name(part)}"]
    if isinstance(part, Document) and part.pages:
        facts.append("1 page" if part.pages == 1 else f"{part.pages} pages")
    elif isinstance(part, Image) and (size := pixels(part)):
        facts.append(f"{size[0]}×{size[1]}")
    return f"[{', '.join(facts)}, not shown to this model]"


def pixels(part: Attachment) -> tuple[int, int] | None:
    """Width and height of an image, where its header tells them."""
    try:
        return image_size(encoded(part.data))
    except ValueError:
        return None


def _kind(part: Attachment) -> str:
    return "image" if isinstance(part, Image) else "document"


def _quotable(part: Document) -> str:
    return file_name(part).translate({ord('"'): "'", ord("<"): "‹", ord(">"): "›"})
