"""Frames come back exactly, up to the last batch that was written."""

from hypothesis import given
from hypothesis import strategies as st

from tests.chat.records import EXTREMES
from tui.chat.frame import Frame
from tui.store.framelog import FrameLog, unpacked

_texts = st.text(st.characters()) | st.sampled_from(EXTREMES) | st.just("\udc80" * 3)
_frames = st.builds(Frame, _texts, _texts, st.floats(allow_nan=False))


@given(st.lists(st.lists(_frames, max_size=5), max_size=6), st.data())
def test_frames_come_back_up_to_any_batch(batches: list[list[Frame]], data: st.DataObject) -> None:
    log = FrameLog()
    stretches = [log.packed(batch) for batch in batches]
    upto = data.draw(st.integers(0, len(batches)))
    assert unpacked(stretches[:upto]) == tuple(frame for batch in batches[:upto] for frame in batch)


@given(st.lists(_frames, min_size=1, max_size=5), st.data())
def test_a_damaged_end_leaves_what_is_whole(frames: list[Frame], data: st.DataObject) -> None:
    stretch = FrameLog().packed(frames)
    read = unpacked([stretch[: data.draw(st.integers(0, len(stretch)))]])
    assert read == tuple(frames[: len(read)])


def test_huge_data() -> None:
    frames = (Frame("delta", "x" * 5_000_000, 0.1), Frame("", "", 0.2))
    assert unpacked([FrameLog().packed(frames)]) == frames


def test_alike_frames_share_what_is_alike_also_over_batches() -> None:
    data = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word"}}'
    log = FrameLog()
    sizes = [len(log.packed([Frame("content_block_delta", data, n / 50)])) for n in range(20)]
    assert max(sizes[1:]) < 40
