"""What the Cost page says of an exchange, line by line; no Textual."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tui.chat.catalog import Refusal
from tui.chat.record import Exchange, Wire
from tui.chat.usage import Figure, FigureSource
from tui.clean import clean
from tui.truth.figures import looked_up
from tui.truth.limits import SPEND, Limit, limits
from tui.truth.lookups import Allowance, KeyInfo, LogRow, PriceList
from tui.truth.reconcile import NAMES, Reconciliation, of, upstream_of
from tui.ui.figures import count, money, usd
from tui.ui.wire.seen import Seen

Kind = Literal["title", "counts", "agrees", "differs", "none", "finding", "fact"]
MARKS: dict[Kind, str] = {"counts": "✓", "agrees": "✓", "differs": "≠", "none": "·", "finding": "⚠"}
_FIRST_FRAMES = 3
"""The answer's own id stands in one of so many frames."""
_MOST_MODELS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A title, or a name with what is to be said of it."""

    kind: Kind
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked up of the proxy so far."""

    prices: PriceList | Refusal | None = None
    row: LogRow | None = None
    key: KeyInfo | None = None
    asking: bool = False


def reconciled(seen: Seen, found: Found) -> Reconciliation:
    """The figures of an exchange with those looked up."""
    exchange, wire = seen.exchange, seen.wire or Wire()
    listed = found.prices if isinstance(found.prices, PriceList) else None
    served = exchange.served
    upstream = upstream_of(served, seen.catalog, exchange.route) if served is not None else None
    more = looked_up(exchange.usage, listed, upstream, found.row)
    return of(exchange, seen.catalog, wire.headers, listed, more)


def rows(seen: Seen, found: Found) -> list[Row]:
    """Everything the page says, in its order."""
    exchange = seen.exchange
    if exchange.state == "open":
        return [Row("title", "Cost", "known when the answer has ended"), *_left(seen, found)]
    made = reconciled(seen, found)
    out = [Row("title", "Cost", _total(exchange, made))]
    out += [Row("fact", "because", made.why)] if made.why else []
    out += [Row("title", "Figures", "side by side"), *_figures(made, found)]
    if made.mismatches:
        out.append(Row("title", "What does not fit"))
        for finding in made.mismatches:
            mend = f" → {finding.mend}" if finding.mend else ""
            out.append(Row("finding", finding.cls, clean(finding.says + mend)))
    if made.remarks:
        out += [Row("title", "Not in any figure"), *(Row("fact", "", clean(says)) for says in made.remarks)]
    return [*out, *_left(seen, found)]


def _total(exchange: Exchange, made: Reconciliation) -> str:
    if made.counts is None or made.counts.usd is None:
        return "unknown" if exchange.cost.usd is None else money(exchange.cost)
    return f"{usd(made.counts.usd)} · the {NAMES[made.counts.source]} counts"


def _figures(made: Reconciliation, found: Found) -> Iterator[Row]:
    if not made.figures:
        yield Row("none", "no figure", "nothing was told of what it cost")
    told = {figure.source: figure for figure in made.figures}
    unread: dict[FigureSource, object] = {"price-list": found.prices, "proxy-log": found.row}
    for source, name in NAMES.items():
        if source in told:
            yield Row(_kind(made, told[source]), name, _figure(told[source]))
        elif source in unread:
            yield Row("none", name, _unread(unread[source], asking=found.asking))


def _kind(made: Reconciliation, figure: Figure) -> Kind:
    if figure is made.counts:
        return "counts"
    agrees = made.agrees(figure)
    return "none" if agrees is None else "agrees" if agrees else "differs"


def _figure(figure: Figure) -> str:
    says = clean(figure.says)
    return f"—  {says}" if figure.usd is None else f"${figure.usd:f}  {says}"


def _unread(seen: object, *, asking: bool) -> str:
    if asking:
        return "asking …"
    if isinstance(seen, Refusal):
        return f"—  {seen.path}: {_status(seen)}{clean(seen.says)}"
    return "not looked up; u asks the proxy, free of charge"


def _status(refusal: Refusal) -> str:
    return "" if refusal.status is None else f"{refusal.status}, "


def ids_of(exchange: Exchange, wire: Wire | None) -> list[str]:
    """What the spend logs may know an exchange by: the proxy's call id, else the answer's own."""
    ids = [exchange.served.call_id] if exchange.served and exchange.served.call_id else []
    for frame in (wire or Wire()).frames[:_FIRST_FRAMES]:
        try:
            data = json.loads(frame.data)
        except (ValueError, RecursionError):
            continue
        body = data if isinstance(data, dict) else {}
        inner = next((body[key] for key in ("message", "response") if isinstance(body.get(key), dict)), body)
        if isinstance(inner.get("id"), str) and inner["id"] and inner["id"] not in ids:
            ids.append(inner["id"][:300])
    return ids


# What is left


def _left(seen: Seen, found: Found) -> Iterator[Row]:
    told = limits(seen.wire.headers) if seen.wire is not None else ()
    yield Row("title", "Left", "by the headers of this answer" if told else "its headers tell no limits")
    yield from (Row("fact", limit_name(limit), limit_words(limit)) for limit in told)
    if found.key is not None:
        yield Row("title", "Key", "as the proxy says now")
        yield from key_rows(found.key)


def limit_name(limit: Limit) -> str:
    """Whose limit it is and on what."""
    whose = "vendor's" if limit.by == "vendor" else f"{limit.of}'s"
    return clean(f"{whose} {limit.what}")


def limit_words(limit: Limit) -> str:
    """What is left, of how much, until when, and which headers say so."""
    spend = limit.what == SPEND
    parts = []
    if limit.remaining is not None:
        of = f" of {_number(limit.limit, spend=spend)}" if limit.limit is not None else ""
        share = f" ({_percent(limit.share)})" if limit.share is not None else ""
        parts.append(f"{_number(limit.remaining, spend=spend)}{of} left{share}")
    elif limit.limit is not None:
        parts.append(f"{_number(limit.limit, spend=spend)} at most")
    if limit.used is not None:
        parts.append(f"{_number(limit.used, spend=spend)} spent")
    if spend and limit.limit is None:
        parts.append("no budget told")
    if limit.reset:
        parts.append(f"anew {clean(limit.reset)}")
    return f"{' · '.join(parts)}  {', '.join(map(clean, limit.headers))}"


def _percent(share: Decimal) -> str:
    """In whole percent; only all of it is 100, and only nothing is 0."""
    least, most = (1 if share > 0 else 0), (99 if share < 1 else 100)
    return f"{min(max(round(share * 100), least), most)} %"


def _number(value: Decimal | None, *, spend: bool) -> str:
    if value is None:
        return "?"
    if spend:
        return usd(value)
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:f}"


def key_rows(info: KeyInfo) -> list[Row]:
    """What ``/key/info`` and ``/team/info`` say, and what they refuse."""
    out = [row for allowance in info.allowances for row in _allowance(allowance)]
    refused = ((one.path, f"{_status(one)}{clean(one.says)}") for one in info.refusals)
    out += [Row("none", path, says) for path, says in refused]
    if info.refusals:
        out.append(Row("none", "", "that is usual: many keys may not ask, and many proxies have no database"))
    return out


def _allowance(told: Allowance) -> Iterator[Row]:
    name = f"{told.of} {clean(told.name)}".strip()
    if told.budget is None:
        spent = "" if told.spend is None else f"{usd(told.spend)} spent · "
        yield Row("fact", name, f"{spent}no budget")
    else:
        limit = Limit("proxy", told.of, SPEND, None, told.budget, told.spend)
        left = max(told.budget - (told.spend or Decimal(0)), Decimal(0))
        spent = "" if told.spend is None else f" · {usd(told.spend)} spent"
        share = f" ({_percent(left / limit.limit)})" if limit.limit else ""
        yield Row("fact", name, f"{usd(left)} of {usd(told.budget)} left{share}{spent}")
    if told.period or told.resets:
        yield Row("fact", "", " · ".join(filter(None, (_each(told), _anew(told)))))
    rates = [f"{count(n)} {what} a minute" for n, what in ((told.rpm, "requests"), (told.tpm, "tokens")) if n]
    if rates:
        yield Row("fact", "", " · ".join(rates))
    yield Row("fact", "", f"models: {_models(told.models)}")
    if told.blocked:
        yield Row("finding", "blocked", "an administrator has blocked it")
    if told.expires:
        yield Row("fact", "", f"expires {clean(told.expires)}")


def _each(told: Allowance) -> str:
    return f"every {clean(told.period)}" if told.period else ""


def _anew(told: Allowance) -> str:
    return f"anew {clean(told.resets)}" if told.resets else ""


def _models(names: Sequence[str]) -> str:
    if not names:
        return "all"
    more = f" and {len(names) - _MOST_MODELS} more" if len(names) > _MOST_MODELS else ""
    return clean(", ".join(names[:_MOST_MODELS])) + more
