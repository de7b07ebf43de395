"""How a frame is written on the screen: its row, its times, the frame itself as it came."""

from __future__ import annotations

from textual.content import Content

from tui.chat.frame import WHOLE_BODY, Frame
from tui.clean import cells, cut
from tui.exchanges.frames import FrameRow
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.reader import heading, source

RAW_MOST = 200_000
"""The most characters of a frame that are shown; a copy has all of it."""
_MUTED = "$foreground-muted"
_STYLES = {"error": "bold $text-error", "not JSON": "bold $text-error", "ping": _MUTED}


def milliseconds(seconds: float | None) -> str:
    """Exact to a tenth of a millisecond."""
    return "" if seconds is None else f"{seconds * 1000:,.1f}"


def columns(width: int) -> Content:
    """The names of the columns."""
    number, at, gap, size, kind = _cells(width)
    head = f" {'frame':>{number}} {'ms':>{at}} {'gap ms':>{gap}} {'bytes':>{size}}"
    text = f"{head}  {'kind':<{kind}} what is in it"
    return Content.styled(cut(text, width), _MUTED)


def _cells(width: int) -> tuple[int, int, int, int, int]:
    """The cells of number, time, gap, size and kind; what does not fit pushes the rest aside."""
    return (6, 9, 8, 7, 19) if width < 100 else (7, 11, 10, 9, 30)


def line(row: FrameRow, width: int, slow: float) -> Content:
    """A row of the table; a gap of more than ``slow`` seconds stands out."""
    number, at, before, bytes, room = _cells(width)
    kind = cut(row.kind, room)
    waited = row.gap is not None and row.gap >= slow > 0
    head = f"{row.number:>{number},} {milliseconds(row.at):>{at}} "
    gap, size = f"{milliseconds(row.gap):>{before}}", f" {row.size:>{bytes},}  "
    used = cells(head + gap + size) + room + 1
    return Content.assemble(
        (head, _MUTED),
        (gap, "bold $text-warning" if waited else ""),
        (size, _MUTED),
        (kind, _STYLES.get(row.kind, "$text-accent")),
        " " * (room - cells(kind) + 1),
        cut(row.gist, max(0, width - used)),
    )


def as_sent(frame: Frame) -> str:
    """The frame as it stood on the wire; an answer that was no stream as it is."""
    if frame.event == WHOLE_BODY:
        return frame.data
    name = [f"event: {frame.event}"] if frame.event else []
    return "\n".join([*name, *(f"data: {piece}" for piece in frame.data.split("\n"))])


def raw(frame: Frame) -> list[DrawnBlock]:
    """The frame to read, cut where it is longer than anybody reads."""
    text = as_sent(Frame(frame.event, frame.data[:RAW_MOST], frame.at))
    blocks = source("raw", text)
    left = len(frame.data) - RAW_MOST
    if left > 0:
        blocks.append(heading("left", f"… {left:,} more characters; y copies all of them"))
    return blocks
