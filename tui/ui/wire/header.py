"""The lines above the pages: which exchange is shown, how it went, and the names of the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.clean import visible
from tui.ui.figures import money
from tui.ui.transcript.blocks.figures import size, span
from tui.ui.wire.rows import badges, state_of, took
from tui.ui.wire.seen import Seen

GAP = " · "


def facts(seen: Seen, now: float) -> list[tuple[str, str]]:
    """What is told of an exchange and in which style, the most telling first."""
    exchange = seen.exchange
    word, style = state_of(exchange)
    parts = [
        (f"{exchange.turn}.{seen.step}", "bold $text-primary"),
        (word, style),
        (visible(exchange.route.wire_model, 40), "bold"),
        (exchange.route.endpoint, ""),
    ]
    if exchange.purpose != "turn":
        parts.insert(1, (exchange.purpose, "bold $text-accent"))
    seconds = took(exchange, now)
    if seconds is not None:
        parts.append((span(seconds), ""))
    if seen.wire is not None:
        came = sum(len(frame.data) for frame in seen.wire.frames)
        parts.append((f"↑ {size(len(seen.wire.body))} ↓ {size(came)}", "$foreground-muted"))
    if exchange.state != "open" or exchange.cost.usd is not None:
        parts.append((money(exchange.cost), ""))
    parts += [
        (badge if place else f"⚠ {badge}", "bold $text-warning")
        for place, badge in enumerate(badges(exchange))
    ]
    return parts


class ExchangeLine(Widget):
    """Names the exchange that is shown; in a narrow terminal it takes a second line."""

    DEFAULT_CSS = "ExchangeLine { height: auto; max-height: 3; width: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self._told = [Content("reading …")]

    def tell(self, seen: Seen | None, now: float) -> None:
        """Name another exchange, or the same one as it goes on."""
        if seen is None:
            told = [Content.styled("There is nothing to show of this exchange.", "$foreground-muted")]
        else:
            told = [Content.styled(text, style) for text, style in facts(seen, now)]
        if told != self._told:
            self._told = told
            self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """A line, or more in a narrow terminal."""
        return len(packed(self._told, width))

    def render(self) -> RenderResult:
        """The facts, none of them torn apart."""
        return Content("\n").join(packed(self._told, self.size.width))


def packed(pieces: Sequence[Content], width: int) -> list[Content]:
    """``pieces`` in as many lines as ``width`` asks for."""
    lines: list[Content] = []
    for piece in pieces:
        if lines and lines[-1].cell_length + len(GAP) + piece.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], GAP, piece)
        else:
            lines.append(piece)
    return lines


class PageTabs(Widget):
    """One line that names the pages, the open one in brackets; a click opens another."""

    DEFAULT_CSS = "PageTabs { height: 1; width: 100%; }"

    open: reactive[int] = reactive(0)
    """The number of the page that is open."""

    @dataclass
    class Chosen(Message):
        """The name of a page was clicked."""

        page: int

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = titles

    def render(self) -> RenderResult:
        """The names."""
        pieces = []
        for number, title in enumerate(self._titles):
            mine = number == self.open
            text = Content.styled(
                f"[{title}]" if mine else f" {title} ", "bold" if mine else "$foreground-muted"
            )
            pieces.append(text.stylize(Style.from_meta({"@click": f"choose({number})"})))
        return Content("").join(pieces)

    def action_choose(self, page: int) -> None:
        """Open a page."""
        self.post_message(self.Chosen(page))
