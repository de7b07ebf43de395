"""Images and documents in a Gemini request, and the same parts in the chat dialect's words."""

from __future__ import annotations

from typing import Any

from tui.sim.faces.gemini_refusal import camel, refuse
from tui.sim.media import decoded, dimensions, pages_of, type_of

_IMAGES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
_MOST_BYTES = 100 * 1024 * 1024
_BROKEN_IMAGE = (
    "Unable to process input image. Please retry or report in "
    "https://developers.generativeai.google/guide/troubleshooting"
)


def check_media(contents: list[dict[str, Any]]) -> None:
    """Refuse inline data the vendor would not take; anything to be fetched is refused too."""
    size = 0
    for index, content in enumerate(contents):
        for number, part in enumerate(content["parts"]):
            if "fileData" in part:
                # Nothing here ever leaves this machine.
                refuse("Cannot fetch content from the provided URL.")
            path = f"contents[{index}].parts[{number}]"
            if "inlineData" in part:
                size += _check(camel(part["inlineData"]), f"{path}.inline_data")
            for place, inner in enumerate(shown_by(part)):
                within = f"{path}.function_response.parts[{place}].inline_data"
                size += _check(camel(inner["inlineData"]), within)
    if size > _MOST_BYTES:
        refuse(f"Request payload size exceeds the limit: {_MOST_BYTES} bytes.")


def shown_by(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts with inline data inside a function response."""
    inner = (part.get("functionResponse") or {}).get("parts") or []
    return [camel(entry) for entry in inner if "inlineData" in camel(entry)]


def as_chat(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The visible parts of a content as parts of a chat message."""
    made: list[dict[str, Any]] = []
    for part in parts:
        if part.get("text") and not part.get("thought"):
            made.append({"type": "text", "text": part["text"]})
        elif "inlineData" in part:
            inline = camel(part["inlineData"])
            url = f"data:{inline['mimeType']};base64,{inline['data']}"
            if inline["mimeType"].startswith("image/"):
                made.append({"type": "image_url", "image_url": {"url": url}})
            else:
                file = {"file_data": url, "filename": inline.get("displayName")}
                made.append({"type": "file", "file": file})
    return made


def _check(inline: dict[str, Any], path: str) -> int:
    """The size of one part of inline data that passes."""
    declared = inline.get("mimeType")
    if not isinstance(declared, str) or not declared:
        refuse(f"* GenerateContentRequest.{path}.mime_type: must not be empty.\n")
    data = decoded(inline.get("data"))
    if data is None:
        refuse(f"Invalid value at '{path}.data' (TYPE_BYTES), Base64 decoding failed.")
    if declared.startswith("image/"):
        if declared not in _IMAGES:
            refuse(f"Unsupported MIME type: {declared}")
        if type_of(data) is None and not declared.startswith("image/hei"):
            refuse(_BROKEN_IMAGE)
        if type_of(data) is not None and dimensions(data) is None:
            refuse(_BROKEN_IMAGE)
    elif declared == "application/pdf":
        if type_of(data) != declared or not pages_of(data):
            refuse("The document has no pages.")
    elif not declared.startswith(("text/", "audio/", "video/")) and declared != "application/json":
        refuse(f"Unsupported MIME type: {declared}")
    return len(data)
