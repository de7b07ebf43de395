"""When each part of an answer was being made, as its frames arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.chat.events import PartDelta, PartFinished, PartKind, PartStarted
from tui.chat.frame import Frame
from tui.wire.codec import Decoded, Decoder


@dataclass(slots=True)
class Stretch:
    """One part; times in seconds since the request went out."""

    kind: PartKind
    label: str
    """The tool's name, or the type of a part nobody knows."""
    start: float
    end: float
    """Its last news so far."""
    characters: int = 0
    """Of what it showed: thinking, text or arguments."""


class Stretches:
    """Reads the frames of one exchange once, in bites; more may be added while it runs."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._frames: Sequence[Frame] = ()
        self._read = 0
        self._by_index: dict[int, Stretch] = {}
        self._last = -1

    @property
    def read(self) -> int:
        """How many frames were read."""
        return self._read

    @property
    def found(self) -> tuple[Stretch, ...]:
        """The parts so far, in the order they began."""
        return tuple(self._by_index.values())

    def follow(self, frames: Sequence[Frame]) -> None:
        """Take the same frames with what came since."""
        self._frames = frames

    def advance(self, most: int) -> bool:
        """Read at most ``most`` more frames; whether all are read."""
        for frame in self._frames[self._read : self._read + most]:
            self._read += 1
            try:
                for told in self._decoder.feed(frame):
                    self._take(told)
            except ValueError:
                # What cannot be read belongs to no part; the table and the playback show it.
                continue
        return self._read >= len(self._frames)

    def _take(self, told: Decoded) -> None:
        if isinstance(told, PartStarted):
            self._by_index[told.index] = Stretch(told.kind, told.label, told.at, told.at)
        stretch = self._by_index.get(told.index)
        if stretch is None:
            return
        if isinstance(told, PartDelta):
            stretch.characters += len(told.text)
        elif isinstance(told, PartFinished) and told.index != self._last:
            # Some formats end every part only with the answer; what came last tells when it was over.
            return
        stretch.end, self._last = told.at, told.index
