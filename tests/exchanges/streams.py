"""Streams made for tests: one block of text, cut as the test wants it."""

import json
from collections.abc import Iterable

from tui.chat.frame import Frame


def frame(at: float, **data: object) -> Frame:
    """One event of the Messages format."""
    return Frame(str(data["type"]), json.dumps(data), at)


def text_stream(pieces: Iterable[str], every: float = 0.01) -> list[Frame]:
    """A whole answer of one text that came in these pieces, one ``every`` so many seconds."""
    usage = {"input_tokens": 12, "output_tokens": 1}
    out = [
        frame(0.0, type="message_start", message={"model": "claude-opus-4-5", "usage": usage}),
        frame(0.0, type="content_block_start", index=0, content_block={"type": "text", "text": ""}),
    ]
    for number, piece in enumerate(pieces, 2):
        delta = {"type": "text_delta", "text": piece}
        out.append(frame(number * every, type="content_block_delta", index=0, delta=delta))
    end = len(out) * every
    out += [
        frame(end, type="content_block_stop", index=0),
        frame(end, type="message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 34}),
        frame(end, type="message_stop"),
    ]
    return out
