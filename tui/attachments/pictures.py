"""Decodes pictures: small copies for the screen, smaller ones to send; Pillow comes when first needed.

A picture comes from anywhere. What unpacks to too much is not decoded, and every way in which
decoding fails ends in one answer.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from tui.chat.media import GIF, JPEG, PNG, WEBP
from tui.chat.parts import Image
from tui.errors import UsageError
from tui.wire.media_text import file_name, pixels

if TYPE_CHECKING:
    import PIL.Image

MOST_PIXELS = 80_000_000
"""Decoded at once; a square of 8,000 pixels a side has fewer."""
_FORMATS = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP"}
_ENDINGS = {PNG: ".png", JPEG: ".jpg", WEBP: ".webp"}
_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Pixels:
    """A small picture, row by row, four bytes a pixel: red, green, blue, and how much of it is seen."""

    width: int
    height: int
    data: bytes


def small_copy(image: Image, width: int, height: int) -> Pixels | None:
    """The picture within ``width`` x ``height`` pixels, the first of several; None if it cannot be decoded.

    Takes up to a second: call it in a thread.
    """
    try:
        picture = _decoded(image, (width, height)).convert("RGBA")
    except Exception:
        # Decoders of hostile files fail in every way there is.
        return None
    return Pixels(picture.width, picture.height, picture.tobytes())


def shrunk(image: Image, max_px: int) -> Image:
    """The picture with no side above ``max_px``, itself if it has none; UsageError if it cannot be decoded.

    A JPEG stays one; whatever may have transparent places stays able to. Takes up to a second.
    """
    if max(pixels(image) or (max_px + 1,)) <= max_px:
        return image
    kind = PNG if image.media_type == GIF else image.media_type
    name = str(PurePath(file_name(image)).with_suffix(_ENDINGS.get(kind, "")))
    out = BytesIO()
    try:
        picture = _decoded(image, (max_px, max_px))
        if kind == JPEG and picture.mode not in ("L", "RGB"):
            picture = picture.convert("RGB")
        picture.save(out, _FORMATS[kind], quality=_QUALITY)
    except Exception as error:
        raise UsageError("attachment", f"{file_name(image)} cannot be made smaller: {error}") from None
    return replace(image, media_type=kind, data=base64.b64encode(out.getvalue()).decode("ascii"), name=name)


def _decoded(image: Image, most: tuple[int, int]) -> PIL.Image.Image:
    """The picture upright and no larger than ``most``; raises whatever a decoder may raise."""
    import PIL.Image

    width, height = pixels(image) or (0, 0)
    if width * height > MOST_PIXELS:
        raise ValueError(f"it has {width}×{height} pixels")
    data = BytesIO(base64.b64decode(image.data))
    with PIL.Image.open(data, formats=[_FORMATS[image.media_type]]) as file:
        # A JPEG is unpacked at a fraction of its size, where that is enough.
        file.draft("RGB", most)
        file.load()
        picture = _in_eight_bits(file)
    tiny = max(most) < 200
    picture.thumbnail(most, PIL.Image.Resampling.BOX if tiny else PIL.Image.Resampling.LANCZOS)
    return _upright(picture)


def _in_eight_bits(file: PIL.Image.Image) -> PIL.Image.Image:
    """A copy in a mode that can be scaled: palettes and deep or printers' colours are converted."""
    if file.mode.startswith("I"):
        return file.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in file.info or file.mode in ("LA", "La", "PA", "RGBa", "RGBA"):
        return file.convert("RGBA")
    return file.convert("L" if file.mode in ("1", "L") else "RGB")


def _upright(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The picture turned as the camera was held; as it is where that cannot be told."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture
