"""An answer after some of its frames as rows, made from the end: what is out of sight costs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import chop_cells

from tui.chat.figures import count
from tui.chat.frame import Frame
from tui.chat.parts import AssistantPart, Foreign, Reasoning, Text, ToolCall
from tui.clean import clean, cut, expand_tabs, visible
from tui.exchanges.playback import State
from tui.ui.transcript.line import Piece
from tui.ui.transcript.palette import PLAIN
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.frame_words import as_sent
from tui.ui.wire.lines_view import Row

_MUTED = "$foreground-muted"
_STATES = {
    "signed": "sealed",
    "redacted": "redacted",
    "omitted": "omitted (sealed)",
    "unsigned": "unsealed",
}


def from_end(state: State, width: int) -> Iterator[Row]:
    """The rows of the answer, the last one first."""
    parts = state.reply.parts
    for index in range(len(parts) - 1, -1, -1):
        part, is_open = parts[index], index in state.reply.unfinished
        text, style = _text(part)
        yield from _wrapped_from_end(text, style, width)
        yield Row(cut(f"{'▾' if is_open else '■'} {_head(part, text, is_open)}", width), "bold $text-primary")
        if index:
            yield Row("")


def _head(part: AssistantPart, text: str, is_open: bool) -> str:
    size = f"{len(text):,} characters"
    growing = "open" if is_open else "finished"
    if isinstance(part, Reasoning):
        seal = "no seal yet" if is_open and part.state == "unsigned" else _STATES[part.state]
        return f"thinking · {growing} · {size} · {seal}"
    if isinstance(part, ToolCall):
        return f"call {visible(part.name)} · {growing} · {size}"
    if isinstance(part, Foreign):
        return f"{visible(part.label)} · {growing}"
    return f"text · {growing} · {size}"


def _text(part: AssistantPart) -> tuple[str, str]:
    if isinstance(part, ToolCall):
        return part.arguments, "$text-accent"
    if isinstance(part, Reasoning):
        return part.text, _MUTED
    if isinstance(part, Text):
        return part.text, ""
    return "", ""


def _wrapped_from_end(text: str, style: str, width: int) -> Iterator[Row]:
    """The rows of a text from its last to its first, a few screens laid out at a time."""
    bite = max(2000, 20 * width)
    end = len(text)
    while end > 0:
        start = max(0, end - bite)
        if start:
            # From the start of a line, so that rows break where they would anyway.
            newline = text.find("\n", start, end - 1)
            start = newline + 1 if newline >= 0 else start
        rows: list[Row] = []
        for source in clean(text[start:end].removesuffix("\n")).split("\n"):
            rows += (Row(line.text, style) for line in wrap([Piece(source, PLAIN.text)], width))
        yield from reversed(rows)
        end = start


def of_frame(frame: Frame, width: int, height: int) -> list[Row]:
    """The frame as it came, as far as there is room; the page of frames has all of it."""
    most = width * height
    head = Frame(frame.event, frame.data[:most], frame.at)
    rows: list[Row] = []
    for line in clean(as_sent(head)).split("\n"):
        rows += (Row(piece) for piece in chop_cells(expand_tabs(line), width) or [""])
    if len(rows) > height or len(frame.data) > most:
        rows[max(0, height - 1) :] = [Row(cut("… goes on: Frames shows all of it", width), _MUTED)]
    return rows


def said(state: State) -> str:
    """Everything the answer says so far, as plain text."""
    blocks = []
    for index, part in enumerate(state.reply.parts):
        text, _ = _text(part)
        blocks.append(f"[{_head(part, text, index in state.reply.unfinished)}]\n{clean(text)}")
    return "\n\n".join(blocks)


def ends(state: State) -> list[Row]:
    """What is known beside the parts: the stop, what was counted, an error, what could not be read."""
    reply = state.reply
    rows: list[Row] = []
    words = [_stop(state)]
    usage = reply.usage
    if usage is not None:
        told = (
            ("in", usage.input),
            ("cached", usage.cache_read),
            ("written", _sum(usage.cache_write_5m, usage.cache_write_1h)),
            ("out", usage.output),
            ("thinking", usage.reasoning),
        )
        words += [f"{name} {count(tokens)}" for name, tokens in told if tokens is not None]
    if reply.stream_cost is not None:
        words.append(f"cost {visible(reply.stream_cost, 20)}")
    rows.append(Row(" · ".join(words), _MUTED))
    if state.error is not None:
        told_error = state.error.get("message") if isinstance(state.error, dict) else state.error
        rows.append(Row(f"✗ error: {visible(str(told_error or state.error))}", "bold $text-error"))
    if state.unread:
        last, more = state.unread[-1], len(state.unread) - 1
        others = f" (and {more:,} before)" if more else ""
        says = f"⚠ frame {last.number:,} cannot be read: {visible(last.says)}{others}"
        rows.append(Row(says, "bold $text-warning"))
    return rows


def _sum(first: int | None, second: int | None) -> int | None:
    return second if first is None else first + (second or 0)


def _stop(state: State) -> str:
    reply = state.reply
    if reply.stop is None:
        return "no stop yet" if not state.done else "ended without a stop"
    raw = f" ({visible(reply.stop_raw)})" if reply.stop_raw and reply.stop_raw != reply.stop else ""
    return f"stop {reply.stop}{raw}" + ("" if state.done else ", the last word not yet")
