"""Emphasis, code, links and breaks within a paragraph, as styled pieces per source line."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token
from rich.style import Style

from tui.clean import clean
from tui.ui.transcript.line import Piece
from tui.ui.transcript.palette import BOLD, ITALIC, STRIKE, Palette

_MARKS = {"strong": BOLD, "em": ITALIC, "s": STRIKE}


def inline(tokens: Sequence[Token] | None, base: Style, palette: Palette) -> list[list[Piece]]:
    """The pieces of an inline token's children, one list for each line broken on purpose."""
    run = _Run(base, palette)
    for token in tokens or ():
        run.take(token)
    return run.lines


class _Run:
    def __init__(self, base: Style, palette: Palette) -> None:
        self.palette = palette
        self.lines: list[list[Piece]] = [[]]
        self.styles = [base]
        self.links: list[tuple[str, int]] = []
        """Open links: the address, and how much text stood on the line when it opened."""
        self.shown = ""

    def put(self, text: str, style: Style | None = None) -> None:
        # Entities may decode to characters that were cleaned from the source.
        for number, part in enumerate(clean(text).split("\n")):
            if number:
                self.lines.append([])
            if part:
                self.shown += part
                self.lines[-1].append(Piece(part, style or self.styles[-1]))

    def take(self, token: Token) -> None:
        kind = token.type
        if kind == "text":
            self.put(token.content)
        elif kind == "code_inline":
            self.put(token.content, self.styles[-1] + self.palette.inline_code)
        elif kind in ("softbreak", "hardbreak"):
            # Models break lines where they mean it; joining them would undo verses and addresses.
            self.lines.append([])
        elif kind == "link_open":
            self.links.append((str(token.attrs.get("href", "")), len(self.shown)))
            self.styles.append(self.styles[-1] + self.palette.link)
        elif kind == "link_close":
            self.styles.pop()
            self._address(*self.links.pop())
        elif kind == "image":
            self.put(f"image: {token.content}" if token.content else "image")
            self._address(str(token.attrs.get("src", "")), len(self.shown))
        elif kind.endswith("_open"):
            self.styles.append(self.styles[-1] + _MARKS.get(kind[:-5], Style.null()))
        elif kind.endswith("_close"):
            self.styles.pop()
        else:
            self.put(token.content)

    def _address(self, url: str, start: int) -> None:
        """The address behind its text: a reader sees where a link goes, the terminal makes nothing of it."""
        if url and url.removeprefix("mailto:") != self.shown[start:]:
            self.put(f" ({url})", self.styles[-1] + self.palette.dim)
