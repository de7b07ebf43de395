"""Images and documents in an Anthropic request (A11): their form, size, measure and number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui.sim.faces.anthropic_request import Request, refuse
from tui.sim.media import Medium, decoded, pages_of, seen, type_of

_IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_MANY_IMAGES = 20
_MEBI = 1024 * 1024
_MOST_PIXELS, _MOST_PIXELS_OF_MANY = 8000, 2000
_SMALL_CONTEXT = 200_000
_MOST_SMALL, _MOST_LARGE = 100, 600


def media_of(block: dict[str, Any]) -> Iterator[Medium]:
    """What a block shows, or the blocks inside a tool result; of blocks that passed the check."""
    for _path, inner in _media_blocks(block, ""):
        medium = _medium(inner)
        if medium is not None:
            yield medium


def check_media(request: Request) -> None:
    """Refuse a request with an image or document the vendor would not take, or with too many of them."""
    blocks = [pair for t in request.turns for b in t.blocks for pair in _media_blocks(b.data, b.path)]
    for path, block in blocks:
        _check_source(block, path)
    images = [(path, block) for path, block in blocks if block["type"] == "image"]
    pages = 0
    most = _MOST_SMALL if request.generation.context <= _SMALL_CONTEXT else _MOST_LARGE
    for path, block in blocks:
        if block["type"] == "document" and block["source"]["type"] == "base64":
            pages += _pdf_pages(block, path)
            if pages > most:
                refuse(f"{path}.pdf.source.base64.data: A maximum of {most} PDF pages may be provided.")
    if len(images) > most:
        refuse(f"messages: Too much media: {pages} document pages + {len(images)} images > {most}")
    # On Bedrock documents count as images do.
    counted = len(blocks) if _on_bedrock(request) else len(images)
    for path, block in images:
        _check_image(block, path, many=counted > _MANY_IMAGES, bedrock=_on_bedrock(request))


def _on_bedrock(request: Request) -> bool:
    return "anthropic." in request.model


def _media_blocks(block: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if block.get("type") in ("image", "document"):
        yield path, block
    elif block.get("type") == "tool_result" and isinstance(block.get("content"), list):
        for index, inner in enumerate(block["content"]):
            yield from _media_blocks(inner, f"{path}.tool_result.content.{index}")


def _check_source(block: dict[str, Any], path: str) -> None:
    kind, source = block["type"], block["source"]
    where = f"{path}.{kind}.source.{source['type']}"
    match source["type"]:
        case "url":
            # Nothing here ever leaves this machine.
            refuse("Unable to download the file. Please verify the URL and try again.")
        case "file":
            refuse(f"File not found: {source.get('file_id')}", status=404, type="not_found_error")
        case "text" if source.get("media_type") != "text/plain":
            refuse(f"{where}.media_type: Input should be 'text/plain'")
        case "text" if not isinstance(source.get("data"), str) or not source["data"]:
            refuse(f"{where}.data: Field required")
        case "base64" if kind == "document" and source["media_type"] != "application/pdf":
            refuse(f"{where}.media_type: Input should be 'application/pdf'")
        case "base64" if kind == "image" and source["media_type"] not in _IMAGE_TYPES:
            refuse(f"{where}.media_type: Input should be {_listed(_IMAGE_TYPES)}")
        case "base64" if decoded(source["data"]) is None:
            refuse(f"{where}.data: Invalid base64 data")
        case "text" | "content" if kind == "image":
            refuse(
                f"{path}.image.source: Input tag {source['type']!r} found using 'type' does not match any "
                "of the expected tags: 'base64', 'file', 'url'"
            )


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(repr(w) for w in words[:-1])} or {words[-1]!r}"


def _pdf_pages(block: dict[str, Any], path: str) -> int:
    data = decoded(block["source"]["data"]) or b""
    pages = pages_of(data) if type_of(data) == "application/pdf" else 0
    if not pages:
        refuse(f"{path}.pdf.source.base64.data: The PDF specified was not valid.")
    return pages


def _check_image(block: dict[str, Any], path: str, *, many: bool, bedrock: bool) -> None:
    source = block["source"]
    where = f"{path}.image.source.base64"
    most = 5 if bedrock else 10
    if len(source["data"]) > most * _MEBI:
        refuse(
            f"{where}: image exceeds {most} MB maximum: {len(source['data'])} bytes > {most * _MEBI} bytes"
        )
    data = decoded(source["data"]) or b""
    found = type_of(data)
    if found not in _IMAGE_TYPES:
        refuse("Could not process image")
    if found != source["media_type"]:
        refuse(
            f"{where}: The image was specified using the {source['media_type']} media type, but the image "
            f"appears to be a {found} image"
        )
    medium = seen("image", found, data)
    if medium.width is None or medium.height is None:
        refuse("Could not process image")
    longest = max(medium.width, medium.height)
    if longest > _MOST_PIXELS:
        refuse(f"{where}.data: At least one of the image dimensions exceed max allowed size: 8000 pixels")
    if many and longest > _MOST_PIXELS_OF_MANY:
        refuse(
            f"{where}.data: At least one of the image dimensions exceed max allowed size for many-image "
            "requests: 2000 pixels"
        )


def _medium(block: dict[str, Any]) -> Medium | None:
    source, kind = block["source"], block["type"]
    name = block.get("title")
    if source["type"] == "text":
        return seen("document", "text/plain", source["data"].encode("utf-8", "surrogatepass"), name)
    data = decoded(source.get("data")) if source["type"] == "base64" else None
    return None if data is None else seen(kind, source["media_type"], data, name)
