"""Where one is in a stream, without a screen: moves, and playing by a clock."""

from tests.exchanges.streams import text_stream
from tui.exchanges.frames import FrameTable
from tui.ui.wire.scrubber import Scrubber

FRAMES = text_stream(["a", "b", "c", "d"], every=1.0)
"""Nine frames: two at 0 s, four at 2 to 5 s, three at 6 s."""


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def scrubber() -> tuple[Scrubber, Clock]:
    clock = Clock()
    made = Scrubber(clock)
    made.reset(FRAMES)
    return made, clock


def test_playing_takes_what_had_come_by_then_and_ends_with_the_last() -> None:
    made, clock = scrubber()
    made.play()
    steps = []
    for now in (100.0, 101.9, 102.0, 105.5, 106.0):
        clock.now = now
        assert made.plays
        made.tick()
        steps.append(made.wanted)
    assert steps == [2, 2, 3, 6, 9]
    assert not made.plays


def test_it_goes_on_from_where_one_is_and_a_move_ends_it() -> None:
    made, clock = scrubber()
    made.go(4)
    made.play()
    clock.now = 101.0
    made.tick()
    assert (made.wanted, made.played) == (5, 4.0)
    made.go(2)
    clock.now = 200.0
    made.tick()
    assert made.wanted == 2


def test_moves_stay_within_the_stream() -> None:
    made, _ = scrubber()
    for step, expected in ((1, 9), (-1, 8)):
        made.tenth(step)
        assert made.wanted == expected
    made.go(-5)
    assert made.wanted == 0
    table = FrameTable("messages", FRAMES)
    places = []
    while not (made.change(1, table, 2) and made.wanted == 9):
        places.append(made.wanted)
    assert places[:3] == [1, 2, 3]
    assert made.change(-1, table, 100)
    assert made.wanted == 8


def test_who_is_at_the_end_stays_there_while_frames_come() -> None:
    made = Scrubber(Clock())
    made.reset(FRAMES[:3])
    made.follow(FRAMES[:5])
    assert made.wanted == 5
    made.go(4)
    made.follow(FRAMES)
    assert made.wanted == 4
