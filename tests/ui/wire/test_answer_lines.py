"""The answer's rows from its end: the same as from its start, and only as many as are asked for."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.exchanges.streams import frame, text_stream
from tests.wire.streams import CODECS, origin_of
from tui.chat.frame import Frame
from tui.clean import cells
from tui.exchanges.playback import Playback, State
from tui.ui.transcript.line import Piece
from tui.ui.transcript.palette import PLAIN
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.answer_lines import ends, from_end, of_frame, said


def after(frames: list[Frame]) -> State:
    player = Playback(lambda: CODECS["messages"].decoder(origin_of("messages", "claude-opus-4-5")), frames)
    return player.at(len(frames))


@given(st.lists(st.text("ab \n\té文", max_size=300), max_size=30), st.integers(8, 90))
def test_rows_are_those_of_the_whole_text(pieces: list[str], width: int) -> None:
    text = "".join(pieces) * 3
    rows = list(from_end(after(text_stream([text])), width))[::-1]
    expected = [
        row.text
        for source in text.removesuffix("\n").split("\n")
        for row in wrap([Piece(source, PLAIN.text)], width)
    ]
    assert [row.text for row in rows[1:]] == (expected if text else [])
    assert rows[0].text.startswith("■ text")


def test_one_endless_line_costs_only_what_is_seen_of_it() -> None:
    state = after(text_stream(["x" * 5_000_000]))
    rows = list(islice(from_end(state, 80), 40))
    assert len(rows) == 40
    assert all(cells(row.text) <= 80 for row in rows)


def test_seals_calls_and_what_is_open_are_told() -> None:
    frames = [
        frame(0.1, type="content_block_start", index=0, content_block={"type": "thinking", "thinking": "hm"}),
        frame(0.2, type="content_block_start", index=1, content_block={"type": "odd\x1b[31m", "x": 1}),
        frame(
            0.3,
            type="content_block_start",
            index=2,
            content_block={"type": "tool_use", "id": "t", "name": "run"},
        ),
        frame(
            0.4,
            type="content_block_delta",
            index=2,
            delta={"type": "input_json_delta", "partial_json": '{"a'},
        ),
    ]
    shown = "\n".join(row.text for row in from_end(after(frames), 60))
    assert "thinking · open · 2 characters · no seal yet" in shown
    assert "call run · open · 3 characters" in shown
    assert "\x1b" not in shown + said(after(frames))
    assert ends(after(frames))[0].text == "no stop yet"


def test_an_error_and_unread_frames_stand_at_the_end() -> None:
    frames = [
        Frame("content_block_delta", "<html>", 0.1),
        Frame("content_block_delta", "[]", 0.1),
        Frame("error", '{"error": {"message": "Over\\u001bloaded"}}', 0.2),
    ]
    told = [row.text for row in ends(after(frames))]
    assert any(text.startswith("✗ error: Over") for text in told)
    assert any("frame 2 cannot be read" in text and "1 before" in text for text in told)
    assert not any("\x1b" in text for text in told)


@given(st.text(max_size=400), st.integers(8, 40), st.integers(1, 9))
def test_a_frame_fits_the_room_there_is(data: str, width: int, height: int) -> None:
    rows = of_frame(Frame("ping", data, 0.0), width, height)
    assert len(rows) <= height
    assert all(cell_len(row.text) <= width and "\n" not in row.text for row in rows)
