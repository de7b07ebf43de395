"""How cells look, each look as one character: rows compare as strings, changes of look are kept ready."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style

_SGR = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""The codes of a style's attributes, by their bit."""
_INKED = sum(1 << bit for bit in (3, 6, 8, 9, 10, 11, 12))
"""Underlines, reverse, strike and frames: attributes that show on a blank."""
_FIRST, MOST = 0xF0000, 50_000
"""The looks are numbered in a plane of private characters; pictures have thousands of them."""


class Look(NamedTuple):
    """What of a style can be seen."""

    attributes: int = 0
    color: Color | None = None
    background: Color | None = None
    link: str | None = None


class Looks:
    """Every look met so far, and the sequences that lead from one to another on one kind of terminal."""

    def __init__(self, colors: ColorSystem) -> None:
        self._colors = colors
        self._signs: dict[Look, str] = {}
        self._looks: list[Look] = []
        self._changes: dict[tuple[str, str], str] = {}
        self._blanks: dict[str, str] = {}
        self.nothing = self._sign(Look())
        """The look after a reset."""

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._looks) > MOST or len(self._changes) > 4 * MOST

    def of(self, segments: Iterable[Segment]) -> tuple[str, str]:
        """A row's characters, and as many characters that say how each of them looks."""
        texts: list[str] = []
        looks: list[str] = []
        for text, style, _ in segments:
            sign = self.nothing if style is None else self._sign(_look(style))
            texts.append(text)
            blank = self._blanks.get(sign, sign)
            core = text.rstrip(" ")
            # The colour of what is not drawn differs from run to run; it must not count as a change.
            before = len(core) - len(core.lstrip(" "))
            looks.append(blank * before + sign * (len(core) - before) + blank * (len(text) - len(core)))
        return "".join(texts), "".join(looks)

    def change(self, before: str, after: str) -> str:
        """The sequence after which the terminal draws in the look ``after``."""
        known = self._changes.get((before, after))
        if known is None:
            known = self._changes[before, after] = self._sequence(self._look(before), self._look(after))
        return known

    def blank_in(self, sign: str, current: str) -> bool:
        """Whether a blank of the look ``sign`` can be drawn in the ``current`` one."""
        return self._blanks.get(current) == sign

    def _look(self, sign: str) -> Look:
        return self._looks[ord(sign) - _FIRST]

    def _sign(self, look: Look) -> str:
        sign = self._signs.get(look)
        if sign is None:
            sign = chr(_FIRST + len(self._looks))
            self._signs[look] = sign
            self._looks.append(look)
            if not look.attributes & _INKED and look.link is None:
                self._blanks[sign] = self._sign(Look(background=look.background))
        return sign

    def _sequence(self, before: Look, after: Look) -> str:
        codes: list[str] = []
        if (
            before.attributes & ~after.attributes
            or _gone(before.color, after.color)
            or _gone(before.background, after.background)
        ):
            codes.append("0")
            before = Look(link=before.link)
        added = after.attributes & ~before.attributes
        codes += [code for bit, code in enumerate(_SGR) if added & 1 << bit]
        if after.color is not None and after.color != before.color:
            codes += _codes(after.color, self._colors, foreground=True)
        if after.background is not None and after.background != before.background:
            codes += _codes(after.background, self._colors, foreground=False)
        link = ""
        if before.link != after.link:
            link = f"\x1b]8;{after.link or ';'}\x1b\\"
        return link + (f"\x1b[{';'.join(codes)}m" if codes else "")


def _gone(before: Color | None, after: Color | None) -> bool:
    """Whether a colour has to be taken back, which only a reset can."""
    return before is not None and after is None


def _look(style: Style) -> Look:
    link = f"id={style._link_id};{style._link}" if style._link else None
    return Look(style._attributes & style._set_attributes, style._color, style._bgcolor, link)


@lru_cache(maxsize=1024)
def _codes(color: Color, system: ColorSystem, *, foreground: bool) -> tuple[str, ...]:
    return tuple(color.downgrade(system).get_ansi_codes(foreground))
