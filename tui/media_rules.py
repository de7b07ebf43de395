"""Vendors' limits for images and documents, as data; where each is from stands in docs/attachments.md."""

from __future__ import annotations

from dataclasses import replace

from tui.chat.media import GIF, IMAGE_TYPES, JPEG, NO_LIMITS, PNG, MediaRules
from tui.generations import is_claude, is_native_claude

_MIB = 1024 * 1024
_SMALL_CONTEXT = 200_000
"""Up to this context a Claude takes a hundred images instead of six hundred."""
_LARGE_CONTEXT = 1_000_000
"""From this context on a Claude takes six hundred PDF pages instead of a hundred."""


def _encoded(size: int) -> int:
    """The base64 size of ``size`` bytes."""
    return -(-size // 3) * 4


_CLAUDE = MediaRules(
    image_size=10 * _MIB,
    side=8000,
    many=20,
    side_of_many=2000,
    images=600,
    pages=600,
    request_size=32 * _MIB,
    pdf_in_results=False,
)
_OPENAI = MediaRules(animated=False, images=1500, pdf_size=_encoded(50 * _MIB), request_size=512 * _MIB)
_GEMINI = MediaRules(
    image_types=IMAGE_TYPES - {GIF},
    images=3600,
    pdf_size=_encoded(50 * _MIB),
    pages=1000,
    request_size=100 * _MIB,
    pdf_in_results=False,
)
_BY_VENDOR = {
    "openai": _OPENAI,
    "azure": _OPENAI,
    "gemini": _GEMINI,
    "vertex": _GEMINI,
    "xai": MediaRules(image_types=frozenset({PNG, JPEG}), pdf=False, image_size=_encoded(20 * _MIB)),
    "deepseek": MediaRules(images_by_word_only=True, pdf=False),
    "sambanova": MediaRules(image_types=frozenset(), pdf=False),
}


def media_rules(vendor: str, generation: str, context: int | None = None) -> MediaRules:
    """The limits of a model at a vendor; ``context`` is its window in tokens, where told."""
    if not is_claude(generation):
        return _BY_VENDOR.get(vendor, NO_LIMITS)
    rules = replace(_CLAUDE, documents=is_native_claude(vendor, generation))
    if vendor in ("bedrock", "vertex"):
        rules = replace(rules, image_size=5 * _MIB, pdfs_count=True)
    if vendor == "bedrock":
        rules = replace(rules, request_size=20 * _MIB)
    if context is not None and context <= _SMALL_CONTEXT:
        rules = replace(rules, images=100)
    if context is not None and context < _LARGE_CONTEXT:
        rules = replace(rules, pages=100)
    return rules
