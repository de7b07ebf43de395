"""What the view of costs shows: a line over all, bars by day, a row a model, day, endpoint or session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from tui.chat.figures import money, usd
from tui.chat.spend import Spend, SpendKey, saved_text, share_text
from tui.clean import cells, visible

Sort = Literal["key", "cost", "calls", "saved"]
SORTS: tuple[Sort, ...] = ("key", "cost", "calls", "saved")
RANGES: tuple[int | None, ...] = (7, 30, 90, None)
"""Days, today among them; None is all there is."""
DELETED = "deleted sessions"
HEIGHT = 4
"""Rows of the bars."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ALONG = "▏▎▍▌▋▊▉█"
_BAR = 12
_KEY = 12
"""Cells the name of a row has at the least."""


class Chart(NamedTuple):
    """Bars, the newest at the right, and what stands below them."""

    rows: tuple[str, ...]
    below: str


def range_text(days: int | None) -> str:
    """How a range is called."""
    return "all" if days is None else f"{days} days"


def headline(total: Spend) -> str:
    """Everything together, in one line."""
    if not total.calls:
        return "nothing was spent"
    known = "cost unknown" if total.cost.usd is None else money(total.cost)
    parts = [f"{known} in {total.calls:,} call{'s' * (total.calls != 1)}"]
    if total.unknown:
        parts[0] += f" ({total.unknown:,} unknown)"
    parts.append(f"cached {share_text(total.cached_share)}")
    parts.append(f"saved {saved_text(total)}")
    parts.append(f"reasoning {share_text(total.reasoning_share)}")
    return " · ".join(parts)


def chart(days: Sequence[Spend], span: int | None, today: date, width: int) -> Chart:
    """A bar for each day, or for as many days together as the width asks for; unknown costs have none."""
    spent = {spend.key: spend.cost.usd or Decimal(0) for spend in days}
    first = today - timedelta(days=span - 1) if span is not None else _first(days, today)
    count = (today - first).days + 1
    together = -(-count // width)
    # From the newest back, so that the last bar is whole.
    bars = -(-count // together)
    sums = [Decimal(0)] * bars
    for back in range(count):
        sums[bars - 1 - back // together] += spent.get((today - timedelta(days=back)).isoformat(), Decimal(0))
    wide = max(1, min(3, width // bars))
    most = max(sums)
    levels = [_level(value, most) for value in sums]
    rows = tuple("".join(_cell(level, HEIGHT - 1 - row, wide) for level in levels) for row in range(HEIGHT))
    each = "a day" if together == 1 else f"{together} days"
    told = not days or any(spend.cost.usd is not None for spend in days)
    highest = f"the highest {usd(most)}" if told else "no cost is known"
    return Chart(rows, f"{first:%d %b} – {today:%d %b}, a bar is {each}, {highest}")


def ordered(rows: Sequence[Spend], sort: Sort, by: SpendKey) -> list[Spend]:
    """The rows with the most first; by name, days with the newest first."""
    orders: dict[Sort, Callable[[Spend], object]] = {
        "key": lambda row: row.key,
        "cost": lambda row: -1 if row.cost.usd is None else row.cost.usd,
        "calls": lambda row: row.calls,
        "saved": lambda row: Decimal("-Infinity") if row.saved is None else row.saved,
    }
    return sorted(rows, key=orders[sort], reverse=sort != "key" or by == "day")  # type: ignore[arg-type]


def header(by: SpendKey, sort: Sort, width: int) -> str:
    """The names of the columns, the one that sorts marked."""
    names = {"key": by, "cost": "cost", "calls": "calls", "saved": "saved"}
    marked = {name: f"{word}▾" if name == sort else word for name, word in names.items()}
    return _laid(
        marked["key"], marked["calls"], marked["cost"], "cached", marked["saved"], "reasoning", "", width
    )


def line(row: Spend, most: Decimal, width: int) -> str:
    """A row for ``width`` cells, with a bar beside the cost as far as there is room."""
    cost = "?" if row.cost.usd is None else money(row.cost)
    if row.unknown and row.cost.usd is not None and not row.cost.at_least:
        cost = f"≥ {cost}"
    return _laid(
        _name(row),
        f"{row.calls:,}",
        cost,
        share_text(row.cached_share),
        saved_text(row),
        share_text(row.reasoning_share),
        _along(row.cost.usd or Decimal(0), most),
        width,
    )


def table(rows: Sequence[Spend], by: SpendKey) -> str:
    """The rows to be copied: tab-separated, exact, unknown left empty."""
    lines = ["\t".join((by, "title", "calls", "unknown", "usd", "cached", "saved", "reasoning"))]
    for row in rows:
        told = (row.cost.usd, row.cached_share, row.saved, row.reasoning_share)
        cost, cached, saved, reasoning = map(_exact, told)
        name, title = visible(row.key or DELETED), visible(row.title)
        lines.append(
            "\t".join((name, title, str(row.calls), str(row.unknown), cost, cached, saved, reasoning))
        )
    return "\n".join(lines)


def _name(row: Spend) -> str:
    return f"{row.key}  {row.title}".strip() if row.key else DELETED


def _laid(
    name: str, calls: str, cost: str, cached: str, saved: str, reasoning: str, bar: str, width: int
) -> str:
    """Columns for ``width`` cells: the bar goes first where there is no room, then the reasoning."""
    columns = [f"{calls:>7}", f"{cost:>12}", f"{cached:>7}", f"{saved:>10}"]
    taken = sum(map(len, columns)) + len(columns)
    if width - taken - _KEY >= 10:
        columns.append(f"{reasoning:>9}")
        taken += 10
    if width - taken - _KEY >= _BAR + 1:
        columns.append(f"{bar:<{_BAR}}")
        taken += _BAR + 1
    room = max(width - taken, _KEY)
    shown = visible(name, room)
    return " ".join((shown + " " * (room - cells(shown)), *columns))


def _first(days: Sequence[Spend], today: date) -> date:
    told = [spend.key for spend in days if spend.key]
    try:
        return min(date.fromisoformat(min(told)), today) if told else today
    except ValueError:
        return today


def _level(value: Decimal, most: Decimal) -> int:
    """The height of a bar in eighths of a row; whatever was spent is seen."""
    return 0 if not value or not most else max(1, int(value / most * HEIGHT * 8))


def _cell(level: int, row: int, wide: int) -> str:
    eighths = min(max(level - row * 8, 0), 8)
    gap = wide > 1
    return _EIGHTHS[eighths] * (wide - gap) + " " * gap


def _along(value: Decimal, most: Decimal) -> str:
    eighths = 0 if not value or not most else max(1, int(value / most * _BAR * 8))
    return "█" * (eighths // 8) + (_ALONG[eighths % 8 - 1] if eighths % 8 else "")


def _exact(value: Decimal | float | None) -> str:
    return "" if value is None else f"{value:.9f}".rstrip("0").rstrip(".")
