"""Server-sent events kept as text, as frames again."""

from __future__ import annotations

import re

from tui.chat.frame import WHOLE_BODY, Frame

_LINE_END = re.compile(r"\r\n|\n|\r")


def frames_of(body: str, at: float) -> tuple[Frame, ...]:
    """The frames of an answer's body; one that is no stream is one frame. ``at`` is when all was there."""
    if not body.strip():
        return ()
    if not is_stream(body):
        return (Frame(WHOLE_BODY, body, at),)
    out: list[Frame] = []
    event, data = "", list[str]()
    for line in (*_LINE_END.split(body.removeprefix("\ufeff")), ""):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if event or data:
                out.append(Frame(event, "\n".join(data), at))
            event, data = "", []
        elif name == "event":
            event = value
        elif name == "data":
            data.append(value)
    return tuple(out)


def is_stream(body: str) -> bool:
    """Whether a body is server-sent events, by its first line."""
    return body.lstrip("\ufeff\r\n \t").startswith(("event:", "data:", ":", "id:", "retry:"))
