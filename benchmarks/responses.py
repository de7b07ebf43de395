"""The known answer as the events of ``/v1/responses``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any


def responses(model: str, said: list[str]) -> Iterator[bytes]:
    """One answer, a message with one text, ``said`` piece by piece."""
    numbers = count()

    def event(kind: str, **data: Any) -> bytes:
        told = {"type": kind, "sequence_number": next(numbers), **data}
        return f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode()

    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    text = "".join(said)
    part = {"type": "output_text", "annotations": [], "text": text}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    head = {"id": "resp_1", "object": "response", "created_at": 1, "model": model}
    begun = {**head, "status": "in_progress", "output": []}
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    yield event(
        "response.output_item.added", output_index=0, item={**item, "status": "in_progress", "content": []}
    )
    yield event("response.content_part.added", **place, part={**part, "text": ""})
    for piece in said:
        yield event("response.output_text.delta", **place, delta=piece, logprobs=[])
    yield event("response.output_text.done", **place, text=text, logprobs=[])
    yield event("response.content_part.done", **place, part=part)
    yield event("response.output_item.done", output_index=0, item=item)
    usage = {
        "input_tokens": 12,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": len(said),
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 12 + len(said),
    }
    yield event(
        "response.completed", response={**head, "status": "completed", "output": [item], "usage": usage}
    )
