"""What each text in a vendor's JSON is, told by the name of its field and by what it stands in."""

from __future__ import annotations

from typing import Literal

from tui.chat.parts import Json

Kind = Literal["name", "text", "remark", "arguments", "seal", "media"]

_SEALS = frozenset(
    {
        "encrypted_content",
        "encrypted_index",
        "reasoning_opaque",
        "signature",
        "thinking_signature",
        "thoughtSignature",
        "thought_signature",
        "thought_signatures",
    }
)
_SEALED = frozenset({"redacted_thinking", "reasoning.encrypted"})
"""Types of blocks whose ``data`` is a seal."""
_MEDIA = frozenset({"b64_json", "file_data", "partial_image_b64"})
_ARGUMENTS = frozenset({"arguments", "partial_json"})
_FILES = frozenset({"document", "file", "input_file", "text", "url"})
_NAMES = frozenset(
    {
        "cache_control",
        "container",
        "detail",
        "display",
        "effort",
        "event",
        "finish_reason",
        "format",
        "id",
        "include",
        "media_type",
        "mimeType",
        "mime_type",
        "mode",
        "modalities",
        "model",
        "object",
        "param",
        "phase",
        "prompt_cache_key",
        "reasoning_effort",
        "request_id",
        "role",
        "safety_identifier",
        "service_tier",
        "status",
        "stop_reason",
        "summary_type",
        "system_fingerprint",
        "tool_choice",
        "truncation",
        "ttl",
        "type",
        "verbosity",
    }
)


def kind_of(key: str, value: str, holder: dict[str, Json], parent: str) -> Kind:
    """What the text ``value`` at ``key`` of ``holder`` is; ``parent`` is the name the holder stands under."""
    of = holder.get("type")
    if key in _SEALS or (key == "data" and of in _SEALED):
        return "seal"
    if key in _MEDIA or value.startswith("data:") or (key == "result" and of == "image_generation_call"):
        return "media"
    if (
        key == "data"
        and of != "text"
        and (of == "base64" or {"media_type", "mimeType", "format"} & holder.keys())
    ):
        return "media"
    if key in _ARGUMENTS:
        return "arguments"
    if key == "delta" and isinstance(of, str):
        return "arguments" if "arguments" in of else "media" if "audio.delta" in of else "text"
    if key in _NAMES or key.endswith(("_id", "_ids")):
        return "name"
    if key == "name":
        return "text" if of in _FILES or "role" in holder else "name"
    if parent == "error" or of == "error" or key == "error":
        return "name" if key == "code" else "remark"
    if key in ("effort", "summary") and parent == "reasoning":
        return "name"
    return "text"
