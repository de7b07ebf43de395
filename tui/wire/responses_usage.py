"""Token counts of a Responses answer in disjoint buckets."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.usage import Usage
from tui.wire.fields import count_in, details_in


def usage_of(told: dict[str, Json]) -> Usage | None:
    """What ``usage`` told; its ``input_tokens`` include the cached ones, ours do not. None for nothing."""
    details = details_in(told, "input_tokens_details")
    total = count_in(told, "input_tokens")
    read = count_in(details, "cached_tokens")
    # How long a write is kept is never told here; the default is assumed.
    write = count_in(details, "cache_write_tokens")
    fresh = None
    if total is not None:
        cached = (read or 0) + (write or 0)
        fresh = total - cached if cached <= total else total
    inputs = (fresh, read, write)
    if not any(inputs):
        # A request is never empty: a zero is a placeholder.
        inputs = (None, None, None)
    reasoning = count_in(details_in(told, "output_tokens_details"), "reasoning_tokens")
    usage = Usage(*inputs, output=count_in(told, "output_tokens"), reasoning=reasoning)
    return None if usage == Usage() else usage
