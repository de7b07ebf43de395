"""Words are seen at the frame that completes them, however they were cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchanges.streams import text_stream
from tests.wire.streams import CODECS, origin_of
from tui.chat.frame import Frame
from tui.chat.parts import Text
from tui.exchanges.playback import Playback
from tui.exchanges.sightings import Sightings
from tui.wire.codec import Decoder


def decoder() -> Decoder:
    return CODECS["messages"].decoder(origin_of("messages", "claude-opus-4-5"))


def seen(frames: list[Frame], words: str, bite: int = 3) -> list[int]:
    sightings = Sightings(decoder(), words)
    sightings.follow(frames[: len(frames) // 2])
    sightings.advance(10_000)
    sightings.follow(frames)
    while not sightings.advance(bite):
        pass
    return sightings.found


@given(
    st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=30),
    st.text("ab", min_size=1, max_size=3),
)
def test_each_time_at_the_frame_where_the_text_so_far_holds_one_more(pieces: list[str], words: str) -> None:
    frames = text_stream(pieces)
    player = Playback(decoder, frames)
    expected: list[int] = []
    for n in range(1, len(frames) + 1):
        text = "".join(p.text for p in player.at(n).reply.parts if isinstance(p, Text))
        expected += [n] * (text.count(words) - len(expected))
    assert seen(frames, words) == expected


@pytest.mark.parametrize("words", ["HELLO", "hello wor"])
def test_case_does_not_count_and_a_broken_frame_is_passed_over(words: str) -> None:
    frames = text_stream(["hel", "lo wo", "rld"])
    frames.insert(2, Frame("content_block_delta", "<html>", 0.0))
    assert len(seen(frames, words)) == 1
