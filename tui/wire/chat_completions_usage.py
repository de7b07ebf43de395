"""Token counts of a chat answer in disjoint buckets."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.usage import Usage
from tui.wire.fields import count_in, details_in


def usage_of(told: dict[str, Json]) -> Usage | None:
    """What ``usage`` told; its ``prompt_tokens`` include the cached ones, ours do not. None for nothing."""
    details = details_in(told, "prompt_tokens_details")
    prompt = count_in(told, "prompt_tokens")
    read = _first(
        count_in(told, "cache_read_input_tokens"),
        count_in(details, "cached_tokens"),
        count_in(told, "prompt_cache_hit_tokens"),
    )
    write_5m, write_1h = _writes(told, details)
    fresh = None
    if prompt is not None:
        cached = (read or 0) + (write_5m or 0) + (write_1h or 0)
        fresh = prompt - cached if cached <= prompt else prompt
    inputs = (fresh, read, write_5m, write_1h)
    if not any(inputs):
        # A request is never empty: a zero is a placeholder.
        inputs = (None, None, None, None)
    output = count_in(told, "completion_tokens")
    reasoning = count_in(details_in(told, "completion_tokens_details"), "reasoning_tokens")
    total = count_in(told, "total_tokens")
    if total is not None and prompt is not None and output is not None and reasoning:
        # Some vendors count reasoning beside the completion instead of within it.
        output += reasoning if total == prompt + output + reasoning else 0
    usage = Usage(*inputs, output=output, reasoning=reasoning)
    return None if usage == Usage() else usage


def _writes(told: dict[str, Json], details: dict[str, Json]) -> tuple[int | None, int | None]:
    total = _first(count_in(told, "cache_creation_input_tokens"), count_in(details, "cache_creation_tokens"))
    split = details_in(details, "cache_creation_token_details") or details_in(told, "cache_creation")
    write_1h = count_in(split, "ephemeral_1h_input_tokens")
    write_5m = count_in(split, "ephemeral_5m_input_tokens")
    if write_1h is None or total is None:
        return (total if write_5m is None else write_5m), write_1h
    return max(total - write_1h, 0), min(write_1h, total)


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)
