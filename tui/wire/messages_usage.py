"""Token counts of a Messages answer in disjoint buckets."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.usage import Usage
from tui.wire.fields import count_in, details_in


def usage_of(start: dict[str, Json], end: dict[str, Json] | None) -> Usage | None:
    """What ``message_start`` and ``message_delta`` (or a whole body, as ``end``) told; None for nothing.

    Without an end, output is unknown: the start's ``output_tokens`` is a placeholder.
    """
    told = {**start, **{key: value for key, value in (end or {}).items() if value is not None}}
    write = count_in(told, "cache_creation_input_tokens")
    split = details_in(told, "cache_creation")
    write_5m, write_1h = (count_in(split, f"ephemeral_{ttl}_input_tokens") for ttl in ("5m", "1h"))
    if write_5m is None and write_1h is None:
        write_5m = write
    elif write is not None and (write_5m or 0) + (write_1h or 0) != write:
        # The split is told at the start only; if the total moved since, the rest is of the default kind.
        write_5m, write_1h = max(write - (write_1h or 0), 0), min(write_1h or 0, write)
    inputs = (count_in(told, "input_tokens"), count_in(told, "cache_read_input_tokens"), write_5m, write_1h)
    if not any(inputs):
        # A request is never empty: zeros are placeholders of bridges that do not know yet.
        inputs = (None, None, None, None)
    details = details_in(told, "output_tokens_details") if end else {}
    reasoning = count_in(details, "thinking_tokens")
    if reasoning is None:
        reasoning = count_in(details, "reasoning_tokens")
    usage = Usage(*inputs, output=count_in(end or {}, "output_tokens"), reasoning=reasoning)
    return None if usage == Usage() else usage
