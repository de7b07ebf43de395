"""The foot of a form: its keys and what they do; a click on one does the same."""

from __future__ import annotations

from typing import NamedTuple

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

GAP = "  "


class Key(NamedTuple):
    """One key of a form."""

    shown: str
    """How the key is written, such as ``^S``."""
    does: str
    """What it does, in a word or two; empty when the key after it tells."""
    action: str
    """The action of the screen a click runs, such as ``cancel`` or ``step(1)``."""


def key_lines(keys: tuple[Key, ...], width: int, before: Content | str = "") -> list[Content]:
    """``before`` and the keys, in as many lines as ``width`` asks for; no key is torn apart."""
    pieces = [before if isinstance(before, Content) else Content(before)] if before else []
    for key in keys:
        does = f" {key.does}" if key.does else ""
        words = Content.assemble((key.shown, "bold $text-primary"), (does, "$foreground-muted"))
        pieces.append(words.stylize(Style.from_meta({"@click": f"screen.{key.action}"})))
    lines = [pieces[0]] if pieces else []
    for piece in pieces[1:]:
        if lines[-1].cell_length + len(GAP) + piece.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], GAP, piece)
        else:
            lines.append(piece)
    return lines


class Keys(Widget):
    """Shows the keys that work in a form now."""

    def __init__(self, *keys: Key, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys
        self._before: Content | str = ""

    def tell(self, *keys: Key, before: Content | str = "") -> None:
        """Show other keys, behind what stands before them."""
        self._keys, self._before = keys, before
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """A line, or more in a narrow terminal."""
        return max(1, len(key_lines(self._keys, width, self._before)))

    def render(self) -> RenderResult:
        """The lines for the present width."""
        return Content("\n").join(key_lines(self._keys, self.size.width, self._before))
