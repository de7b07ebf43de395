"""At which frame of a stream words stood in the answer for the first time, each time they came."""

from __future__ import annotations

from collections.abc import Sequence

from tui.chat.events import PartDelta
from tui.chat.frame import Frame
from tui.wire.codec import Decoder


class Sightings:
    """Reads the frames of one exchange once, in bites; more may be added while it runs."""

    def __init__(self, decoder: Decoder, words: str) -> None:
        self._decoder = decoder
        self._needle = words.casefold()
        self._frames: Sequence[Frame] = ()
        self._read = 0
        self._tails: dict[int, str] = {}
        """The last text of each part, in which the words may have begun."""
        self.found: list[int] = []
        """After how many frames each of them stood there."""

    def follow(self, frames: Sequence[Frame]) -> None:
        """Take the same frames with what came since."""
        self._frames = frames

    @property
    def is_over(self) -> bool:
        """Whether all frames are read."""
        return self._read >= len(self._frames)

    def advance(self, most: int) -> bool:
        """Read at most ``most`` more frames; whether all are read."""
        for frame in self._frames[self._read : self._read + most]:
            self._read += 1
            try:
                for told in self._decoder.feed(frame):
                    if isinstance(told, PartDelta) and self._needle:
                        self._look(told.index, told.text)
            except ValueError:
                # What cannot be read brought no words.
                continue
        return self.is_over

    def _look(self, part: int, text: str) -> None:
        needle = self._needle
        text = self._tails.get(part, "") + text.casefold()
        start = 0
        while (at := text.find(needle, start)) >= 0:
            self.found.append(self._read)
            start = at + len(needle)
        # What was counted is not counted again as the beginning of the next.
        keep = max(start, len(text) - len(needle) + 1)
        self._tails[part] = text[keep:]
