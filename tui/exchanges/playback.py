"""What an answer had become after any number of its frames, by the decoder that reads it live.

The decoder is kept as it stood every so often; to go anywhere is to take it up there and feed the
rest. There are at most ``MOST_KEPT`` such places, so a long answer keeps them further apart.
"""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.chat.frame import Frame
from tui.chat.parts import Json
from tui.wire.codec import Decoder, Reply

SPACING = 256
"""Frames between two places where the decoder is kept, at first."""
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Unread:
    """A frame that is not what its format allows, and why."""

    number: int
    """Counts from 1."""
    says: str


@dataclass(frozen=True, slots=True)
class State:
    """An answer after so many of its frames."""

    frames: int
    reply: Reply
    """Its parts, finished and open, what it was stopped by and what was counted."""
    done: bool
    """Whether its last word had come."""
    error: Json = None
    """The error object that came instead, if one had."""
    unread: tuple[Unread, ...] = ()
    """Frames before this point that could not be read; they changed nothing."""


class Playback:
    """Goes to and fro in the frames of one exchange; more may be added while it runs."""

    def __init__(self, make: Callable[[], Decoder], frames: Sequence[Frame] = ()) -> None:
        self._make = make
        self._frames = frames
        self._decoder = make()
        self._position = 0
        self._kept: dict[int, bytes] = {}
        self._spacing = SPACING
        self._unread: dict[int, Unread] = {}

    def __len__(self) -> int:
        return len(self._frames)

    def follow(self, frames: Sequence[Frame]) -> None:
        """Take the same frames with what came since."""
        self._frames = frames

    @property
    def frames(self) -> Sequence[Frame]:
        """All frames there are to go through."""
        return self._frames

    @property
    def position(self) -> int:
        """How many frames have been taken."""
        return self._position

    @property
    def state(self) -> State:
        """The answer as it stands here."""
        decoder, here = self._decoder, self._position
        unread = tuple(self._unread[n] for n in sorted(self._unread) if n <= here)
        return State(here, decoder.finish(), decoder.done, decoder.error, unread)

    def at(self, frames: int) -> State:
        """The answer after that many frames."""
        while not self.toward(frames, SPACING):
            pass
        return self.state

    def toward(self, frames: int, most: int) -> bool:
        """Take at most ``most`` frames on the way there; whether it is reached."""
        wanted = max(0, min(frames, len(self._frames)))
        self._jump(wanted)
        for _ in range(min(most, wanted - self._position)):
            self._feed()
        return self._position == wanted

    def _jump(self, wanted: int) -> None:
        """Take up the decoder where it was kept, if that is behind us or nearer."""
        places = sorted(self._kept)
        behind = bisect_right(places, wanted)
        nearest = places[behind - 1] if behind else 0
        if wanted < self._position or nearest > self._position:
            self._position = nearest
            # Only what this object pickled itself is ever read.
            self._decoder = pickle.loads(self._kept[nearest]) if nearest else self._make()  # noqa: S301

    def _feed(self) -> None:
        frame = self._frames[self._position]
        self._position += 1
        try:
            for _ in self._decoder.feed(frame):
                pass
        except ValueError as error:
            self._unread[self._position] = Unread(self._position, str(error))
        if self._position % self._spacing == 0 and self._position not in self._kept:
            self._keep()

    def _keep(self) -> None:
        try:
            self._kept[self._position] = pickle.dumps(self._decoder, pickle.HIGHEST_PROTOCOL)
        except RecursionError:
            # JSON nested so deeply that only its parser bears it: the way from further back is longer.
            return
        if len(self._kept) > MOST_KEPT:
            self._spacing *= 2
            self._kept = {at: held for at, held in self._kept.items() if at % self._spacing == 0}
