"""The list of the session picker: one line a session, with the words that were found marked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.ui.session_rows import SessionRow, columns, found_in

MATCH = "bold underline $text-accent"
"""How a word that was found looks; without colours it is still bold and underlined."""
GONE = "strike $foreground-muted"
"""How a session looks that was taken out of the list shown."""


def marked(text: str, words: Sequence[str], style: str = "") -> Content:
    """Clean ``text`` with the places marked where words of it begin with one of ``words``."""
    content = Content.styled(text, style) if style else Content(text)
    for start, end in found_in(text, words):
        content = content.stylize(MATCH, start, end)
    return content


def line_of(row: SessionRow, width: int, words: Sequence[str] = (), *, gone: bool = False) -> Content:
    """The line of a session for ``width`` cells."""
    return Content.assemble(*(_piece(name, text, words, gone=gone) for name, text in columns(row, width)))


def _piece(name: str, text: str, words: Sequence[str], *, gone: bool) -> Content:
    if name == "title":
        shown = text.rstrip()
        said = Content.styled(shown, GONE) if gone else marked(shown, words)
        return Content.assemble(said, " " * (len(text) - len(shown)))
    styles = {} if gone else {"lead": "$text-accent", "cost": "", "marks": "$text-secondary"}
    return Content.styled(text, styles.get(name, "$foreground-muted"))


class SessionList(OptionList):
    """One line a session; the first click marks a session, the next one on it chooses it."""

    can_focus = False

    def fill(self, lines: Sequence[tuple[str, Content]], highlight: str | None) -> None:
        """Show other sessions, by id; ``highlight`` keeps its mark if it is among them."""
        self.set_options([Option(line, id=id) for id, line in lines])
        ids = [id for id, _ in lines]
        if ids:
            self.highlighted = ids.index(highlight) if highlight in ids else 0

    def on_click(self, event: events.Click) -> None:
        """A click beside the mark only moves it: what follows can be seen before it is opened."""
        clicked = event.style.meta.get("option")
        if clicked is not None and clicked != self.highlighted:
            event.prevent_default()
            self.highlighted = clicked

    def row_on_screen(self) -> int | None:
        """Where the marked line stands, in rows from the list's top; None when it is scrolled away."""
        if self.highlighted is None:
            return None
        row = self.highlighted - self.scroll_offset.y
        return row if 0 <= row < self.size.height else None


class TitleField(Input):
    """Stands over a line of the list while its title is being written."""

    def stand(self, x: int, y: int, width: int) -> None:
        """Take a place, in cells from the form's corner."""
        self.styles.offset = (x, y)
        self.styles.width = width
