"""The rows of the model picker: what each model is, which ones a filter keeps, in which order; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui.chat.catalog import Catalog, ModelCard
from tui.chat.route import Route
from tui.errors import UsageError
from tui.probing.report import Report
from tui.ui.figures import per_million, short_count
from tui.ui.preferences import Preferences
from tui.ui.probe_rows import SEEN, badge, summary

BADGES = (("reasoning", "thinking"), ("tools", "tools"), ("vision", "vision"))
"""Capability as the catalog calls it, and as the picker does."""
CHAT_MODES = (None, "chat", "responses", "completion")


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as text by column."""

    name: str
    vendor: str
    upstream: str
    endpoint: str
    context: str
    price: str
    badges: tuple[str, ...]
    wildcard: bool = False
    probed: str = ""
    """What a probe saw of it, in a line; empty where none was made."""

    @property
    def fields(self) -> str:
        """All columns as one lower-case text to filter over."""
        return " ".join(
            (self.name, self.vendor, self.upstream, self.endpoint, self.context, self.price, *self.badges)
        ).lower()


def rows_of(
    catalog: Catalog, resolve: Callable[[str, Catalog], Route], reports: Mapping[str, Report] | None = None
) -> list[ModelRow]:
    """A row for each chat model, in the proxy's order; ``reports`` are what probes saw, by model."""
    seen = reports or {}
    return [
        _row(card, catalog, resolve, seen.get(card.id)) for card in catalog.cards if card.mode in CHAT_MODES
    ]


def _row(
    card: ModelCard, catalog: Catalog, resolve: Callable[[str, Catalog], Route], report: Report | None
) -> ModelRow:
    try:
        route = None if card.wildcard else resolve(card.id, catalog)
    except UsageError:
        route = None
    upstreams = list(dict.fromkeys(d.upstream for d in card.deployments if d.upstream))
    upstream = (
        f"{len(upstreams)} upstreams: {', '.join(upstreams)}" if len(upstreams) > 1 else "".join(upstreams)
    )
    price = card.price or (route.price if route else None)
    return ModelRow(
        name=card.id,
        vendor=route.vendor if route else "",
        upstream=upstream or (route.upstream if route and route.upstream else ""),
        endpoint=route.endpoint if route else "",
        context=short_count(card.context),
        price=f"{per_million(price.input)} / {per_million(price.output)}" if price else "?",
        badges=_badges(card, report),
        probed="" if report is None else f"tried out over {report.endpoint}: {summary(report)}",
        wildcard=card.wildcard,
    )


def _badges(card: ModelCard, report: Report | None) -> tuple[str, ...]:
    """What the proxy claims, marked with what was seen; also what was seen and is not claimed."""
    shown = ((badge(word, report), card.supports.get(key)) for key, word in BADGES)
    return tuple(text for text, claimed in shown if claimed or text[-1] in SEEN)


def picked(rows: Sequence[ModelRow], query: str, preferences: Preferences) -> list[ModelRow]:
    """The rows a query keeps: every word in some field, favourites first, then recent ones, then by fit."""
    words = query.lower().split()
    favourites = set(preferences.favourites)
    recents = {name: place for place, name in enumerate(preferences.recents)}
    found: list[tuple[tuple[int, bool, int, int, int], ModelRow]] = []
    for place, row in enumerate(rows):
        fit = _fit(words, row)
        if fit is not None:
            loose, distance = fit
            key = (loose, row.name not in favourites, recents.get(row.name, len(recents)), distance, place)
            found.append((key, row))
    found.sort(key=lambda item: item[0])
    return [row for _, row in found]


def _fit(words: Iterable[str], row: ModelRow) -> tuple[int, int] | None:
    """How loosely the words fit (0 literally, 1 by letters), how far into the name; None: not at all."""
    loose = distance = 0
    for word in words:
        at = row.name.lower().find(word)
        if at >= 0:
            distance += at
        elif word in row.fields:
            distance += 100
        else:
            spread = _letters(word, row.name.lower())
            if spread is None:
                return None
            loose, distance = 1, distance + spread
    return loose, distance


def _letters(word: str, name: str) -> int | None:
    """Cells over which the letters of ``word`` are spread in ``name``, in order; None when not there.

    Greedy and linear: a matcher that tries all placements hangs on names a proxy may list.
    """
    at, first = -1, 0
    for number, letter in enumerate(word):
        at = name.find(letter, at + 1)
        if at < 0:
            return None
        if number == 0:
            first = at
    return at - first
