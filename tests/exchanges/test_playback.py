"""An answer after n frames is what the decoder makes of n frames, wherever one comes from."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.streams import CODECS, NAMES, dialect_of, frames, model_of, origin_of
from tui.chat.frame import Frame
from tui.chat.parts import Dialect
from tui.exchanges import playback
from tui.exchanges.playback import Playback, State
from tui.wire.codec import Decoder


def maker(dialect: Dialect, model: str = "claude-opus-4-5") -> Decoder:
    return CODECS[dialect].decoder(origin_of(dialect, model))


def fed(decoder: Decoder, taken: list[Frame]) -> State:
    """What feeding each frame once makes, frames that cannot be read passed over."""
    for frame in taken:
        try:
            list(decoder.feed(frame))
        except ValueError:
            continue
    return State(len(taken), decoder.finish(), decoder.done, decoder.error)


def long_stream(count: int) -> list[Frame]:
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    out = [Frame("content_block_start", json.dumps(start), 0.0)]
    for n in range(1, count):
        delta = {"type": "text_delta", "text": f"{n} "}
        data = {"type": "content_block_delta", "index": 0, "delta": delta}
        out.append(Frame("content_block_delta", json.dumps(data), n / 100))
    return out


@pytest.mark.parametrize("name", NAMES)
def test_every_cut_of_every_recording_to_and_fro(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "SPACING", 5)
    dialect, model, whole = dialect_of(name), model_of(name), frames(name)
    player = Playback(lambda: maker(dialect, model), whole)
    cuts = list(range(len(whole) + 1))
    for cut in [*cuts, *reversed(cuts), *random.Random(7).sample(cuts, len(cuts))]:
        assert player.at(cut) == fed(maker(dialect, model), whole[:cut])


@settings(max_examples=30)
@given(
    cuts=st.lists(st.integers(0, 600), min_size=1, max_size=5),
    broken=st.sets(st.integers(0, 599), max_size=3),
)
def test_any_way_through_a_long_stream_with_unreadable_frames(cuts: list[int], broken: set[int]) -> None:
    whole = long_stream(600)
    for at in broken:
        whole[at] = Frame("content_block_delta", '{"type": "content_block_delta", "index": {}}', whole[at].at)
    player = Playback(lambda: maker("messages"), whole)
    for cut in cuts:
        seen, true = player.at(cut), fed(maker("messages"), whole[:cut])
        assert (seen.frames, seen.reply, seen.done, seen.error) == (cut, true.reply, true.done, true.error)
        told = {each.number - 1 for each in seen.unread}
        # Without its start, every delta of the block is one that cannot be read.
        assert told == (set(range(cut)) if 0 in broken else {at for at in broken if at < cut})


def test_a_step_costs_the_way_from_a_kept_place_and_only_so_many_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playback, "MOST_KEPT", 8)
    whole = long_stream(10_000)
    fresh: list[Decoder] = []

    def make() -> Decoder:
        fresh.append(maker("messages"))
        return fresh[-1]

    player = Playback(make, whole)
    player.at(len(whole))
    assert len(player._kept) <= 8
    bites = 0
    while not player.toward(9_000, 1):
        bites += 1
    assert bites <= player._spacing <= 2048
    assert len(fresh) == 1, "going back far does not begin at the beginning"
    assert player.toward(9_001, 1), "one on is one frame"


def test_live_frames_are_followed_and_the_position_stays() -> None:
    whole = long_stream(600)
    player = Playback(lambda: maker("messages"), whole[:300])
    before = player.at(200)
    player.follow(whole)
    assert player.state == before
    assert player.at(999_999).frames == 600


def test_nesting_too_deep_to_be_kept_only_makes_the_way_longer() -> None:
    deep = "[" * 600 + "]" * 600
    start = '{"type":"content_block_start","index":0,"content_block":{"type":"odd","held":' + deep + "}}"
    whole = [Frame("content_block_start", start, 0.0), *long_stream(600)[1:]]
    player = Playback(lambda: maker("messages"), whole)
    assert player.at(600).frames == 600
    assert player.at(3).frames == 3
