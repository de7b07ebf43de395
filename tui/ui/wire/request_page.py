"""The Request page: what was sent, to read, as a tree, and to the byte."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.chat.json_slices import load_in_slices
from tui.chat.parts import Json
from tui.clean import visible
from tui.ui.beside import beside
from tui.ui.transcript.blocks.figures import size
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.widgets.keys import Key
from tui.ui.wire.calm import collector_rests
from tui.ui.wire.page import Page
from tui.ui.wire.pretty import Drawn, copied_of, drawn
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section
from tui.ui.wire.sought import SoughtSheet
from tui.ui.wire.tree_view import TreeView

LARGE = 1_000_000
"""Bytes from which reading a request takes long enough to be said."""
MODES = ("pretty", "tree", "raw")
"""The ways to look at it, in the order ``v`` goes through them."""


@dataclass(slots=True)
class Made:
    """What was made of a request, each when it was first looked at."""

    pretty: Drawn | None = None
    value: Json = None
    has_value: bool = False
    raw: tuple[Section, ...] = ()
    trouble: str = ""
    """Why it cannot be taken apart."""


class RequestPage(Page):
    """Everything slow is done in a thread; each way to look is made when it is first wanted."""

    TITLE = "Request"

    DEFAULT_CSS = """
    RequestPage .told { height: auto; color: $foreground-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.mode = "pretty"
        self._told = Static(classes="told", markup=False)
        self.pretty = SoughtSheet()
        self.values = TreeView()
        self.raw = SoughtSheet()
        self._seen: Seen | None = None
        self._made = Made()
        self._words = ""
        self._shown: dict[str, int] = {}
        """Of each way to look, what it was filled with."""

    def compose(self) -> ComposeResult:
        """What there is to say about it, above whatever way to look."""
        yield self._told
        yield self.pretty
        yield self.values
        yield self.raw

    def on_mount(self) -> None:
        """One way to look is open."""
        self._open()

    @property
    def _view(self) -> SoughtSheet | TreeView:
        if self.mode == "tree":
            return self.values
        return self.pretty if self.mode == "pretty" else self.raw

    def show(self, seen: Seen) -> None:
        """Show a request; one that is shown stays as it is, for a request does not change."""
        before, self._seen = self._seen, seen
        if before is not None and before.exchange.id == seen.exchange.id and _body(before) == _body(seen):
            return
        self._made, self._shown = Made(), {}
        self._make()

    def _open(self) -> None:
        for view in (self.pretty, self.values, self.raw):
            view.display = view is self._view

    def _make(self) -> None:
        """Bring the open way to look up to date."""
        self._open()
        seen = self._seen
        if seen is None or self._shown.get(self.mode) == id(self._made):
            return
        if not _body(seen):
            self._say("What was sent is not known.", warning=True)
        else:
            if len(_body(seen)) > LARGE:
                self._say(f"reading {size(len(_body(seen)))} …")
            beside(self, partial(self._fill, seen, self._made, self.mode), "request", exclusive=True)

    async def _fill(self, seen: Seen, made: Made, mode: str) -> None:
        large = len(_body(seen)) > LARGE
        try:
            if mode == "pretty":
                pretty = made.pretty
                if pretty is None:
                    with collector_rests(rests=large):
                        pretty = made.pretty = await asyncio.to_thread(_drawn, seen)
                self._say("")
                await self.pretty.fill(pretty.sections)
            elif mode == "tree":
                if not made.has_value:
                    with collector_rests(rests=large):
                        made.value = await asyncio.to_thread(load_in_slices, _body(seen))
                    made.has_value = True
                self._say("")
                self.values.take(made.value)
            else:
                made.raw = made.raw or await asyncio.to_thread(raw_sections, _body(seen))
                self._say(made.trouble, warning=True)
                await self.raw.fill(made.raw)
        except ValueError as error:
            made.trouble = f"This is no JSON object, so it is shown as it is: {visible(str(error), 200)}"
            self.mode = "raw"
            self._make()
            return
        self._shown[mode] = id(made)
        if self._words:
            self._view.find(self._words)

    def _say(self, text: str, *, warning: bool = False) -> None:
        self._told.update(Content.styled(text, "$text-warning" if warning else "$foreground-muted"))
        self._told.display = bool(text)

    # Keys

    @property
    def keys(self) -> tuple[Key, ...]:
        """Another way to look, and folding where it folds."""
        after = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
        fold = () if self.mode == "raw" else (Key("Enter", "fold", "press('enter')"),)
        every = (Key("a", "fold all", "press('a')"),) if self.mode == "pretty" else ()
        return (Key("v", after, "press('v')"), *fold, *every)

    def press(self, key: str) -> bool:
        """``v`` looks another way, Enter folds and unfolds, ``a`` does so with everything."""
        if key == "v":
            self.mode = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
            self._make()
        elif key in ("enter", "space") and self.mode == "tree":
            self.values.toggle()
        elif key in ("enter", "space") and self.mode == "pretty":
            self._toggle()
        elif key == "a" and self.mode == "pretty":
            self._toggle_all()
        else:
            return False
        return True

    def _toggle(self) -> None:
        """Fold or unfold what the cursor is on; the door shows what is known already, or hides it."""
        section, made = self.pretty.section, self._made.pretty
        if section is None or made is None:
            return
        if section is made.door:
            section.folded = not section.folded
            self.pretty.refill(made.sections)
        elif section.text is not None:
            self.pretty.fold(section, not section.folded)

    def _toggle_all(self) -> None:
        """Unfold every piece that is seen; fold them where all are unfolded."""
        seen = [one for one in self.pretty.sections if one.text is not None]
        folded = all(not one.folded for one in seen)
        for one in seen:
            one.folded = folded
        self.pretty.refill()

    def move(self, key: str) -> None:
        """Scroll, or move the cursor."""
        self._view.move(key)

    def find(self, words: str) -> None:
        """Look for words in everything, folded or not."""
        self._words = words
        made = self._made.pretty
        if words and self.mode == "pretty" and made is not None and made.door and made.door.folded:
            made.door.folded = False
            self.pretty.refill(made.sections)
        self._view.find(words)

    def find_next(self, step: int) -> None:
        """To the next match, or the one before."""
        self._view.find_next(step)

    @property
    def found(self) -> str:
        """How the search stands."""
        return self._view.found

    @property
    def copied(self) -> str:
        """The piece or the value the cursor is on, else the body."""
        if self.mode == "tree" and self.values.here > 0:
            value = self.values.row.value
            return copied_of(value)
        section = self.pretty.section
        if self.mode == "pretty" and section is not None and section.text is not None:
            return copied_of(section.value)
        return "" if self._seen is None else as_text(_body(self._seen))


def _body(seen: Seen) -> bytes:
    return b"" if seen.wire is None else seen.wire.body


def _drawn(seen: Seen) -> Drawn:
    """In a thread."""
    before = seen.before
    comparable = before is not None and before.route.dialect == seen.exchange.route.dialect
    body = seen.before_wire.body if comparable and seen.before_wire is not None else None
    name = "" if before is None else f"the request before (turn {before.turn})"
    return drawn(_body(seen), seen.exchange.route.dialect, body or None, name)


def as_text(body: bytes) -> str:
    """The bytes as text; what is no UTF-8 as an escape."""
    return body.decode("utf-8", "backslashreplace")


def raw_sections(body: bytes) -> tuple[Section, ...]:
    """The body as one text behind one line about it."""

    def head(_: Section, width: int, palette: Palette) -> list[Line]:
        return [Line((Piece(f"{len(body):,} bytes as they were sent"[:width], palette.dim, False),))]

    text = as_text(body)
    return (Section(head, "", lambda: text, size=len(text), folded=False, indent=0),)
