"""The header line: who will answer or answers, over which road, through which proxy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.clean import visible

if TYPE_CHECKING:
    from tui.chat.route import Route

GAP = 2
TITLE_FROM = 16
"""Cells a title needs to be worth showing."""
PICK, SWITCH = (Style.from_meta({"@click": f"screen.{action}"}) for action in ("pick_model", "endpoint"))
"""A click on the model lets another be picked, one on the road takes the next."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header says."""

    proxy: str = ""
    simulated: bool = False
    version: str | None = None
    """The proxy's version, when told."""
    route: Route | None = None
    reachable: bool | None = None
    """None until the proxy answered or failed."""
    badge: str = ""
    note: str = ""
    """Stands in for the route while there is none."""
    title: str = ""
    """The session's, where there is room for it."""
    keeping: str = ""
    """``temporary`` or ``not saved``; empty where the session is kept."""


def heading_line(heading: Heading, width: int) -> Content:
    """The header for ``width`` cells: what it must say first, names are shortened before facts go."""
    right = _proxy(heading, narrow=width < 100)
    room = max(width - right.cell_length - GAP - 2, 20)
    left = _left(heading, room)
    left = Content.assemble(left, _title(heading.title, room - left.cell_length))
    pad = max(width - left.cell_length - right.cell_length - 2, 1)
    return Content.assemble(" ", left, " " * pad, right, " ").truncate(width)


def _left(heading: Heading, room: int) -> Content:
    route = heading.route
    if route is None:
        return Content.assemble(
            ("sightline", "bold $primary"), "   ", (visible(heading.note, room - 12), "$foreground-muted")
        )
    asked, upstream = visible(route.requested), visible(_upstream(route))
    road = f" · {route.provider} · {route.endpoint}"
    badge = f"  {visible(heading.badge)}" if heading.badge else ""
    for brand, shown_upstream in (("sightline   ", upstream), ("", upstream), ("", "")):
        arrow = f" ▸ {shown_upstream}" if shown_upstream and not asked.endswith(shown_upstream) else ""
        if len(brand + asked + arrow + road + badge) <= room:
            break
    else:
        arrow, spare = "", room - len(road)
        own = asked.rpartition("/")[2]
        if own != asked:
            # Many models share what stands before the slash.
            asked = f"…/{own}" if len(own) + 2 <= spare - len(badge) else own
        badge = visible(badge, max(spare - min(len(asked), 10), 12)) if badge else ""
        asked = visible(asked, max(spare - len(badge), 8))
    return Content.assemble(
        (brand, "bold $primary"),
        Content.assemble((asked, "bold"), (arrow, "$text-secondary")).stylize(PICK),
        Content.styled(road, "$foreground-muted").stylize(SWITCH),
        (badge, "bold $text-warning"),
    )


def _title(title: str, room: int) -> Content:
    """The session's title in the room that is left; too little of it would say nothing."""
    shown = visible(title, room - 4) if room >= TITLE_FROM + 4 else ""
    return Content.styled(f"   {shown}", "italic $foreground-muted") if shown else Content("")


def _upstream(route: Route) -> str:
    """The upstream model without the proxy's provider prefix; the road is said elsewhere."""
    return (route.upstream or "").rpartition("/")[2]


def _proxy(heading: Heading, *, narrow: bool) -> Content:
    sign, style = {
        True: ("●", "$text-success"),
        False: ("✗", "$text-error"),
        None: ("○", "$foreground-muted"),
    }[heading.reachable]
    name = "simulated" if heading.simulated else visible(heading.proxy, 18 if narrow else 40)
    untold = heading.version is None or (narrow and (heading.simulated or heading.badge or heading.keeping))
    return Content.assemble(
        (f"{heading.keeping}  " if heading.keeping else "", "bold $text-warning"),
        (name, "bold $text-accent" if heading.simulated else ""),
        " ",
        (sign, style),
        ("" if untold else f" {visible(heading.version or '', 20)}", "$foreground-muted"),
    )


class HeaderBar(Widget):
    """One line on top of the screen."""

    heading: reactive[Heading] = reactive(Heading())
    """What it says."""

    def render(self) -> RenderResult:
        """The line for the present width."""
        return heading_line(self.heading, self.size.width)
