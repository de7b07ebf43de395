"""The cost figures of one step held against each other: which one counts and why, and what does not fit.

Findings are of the classes ``cost-mismatch`` (two figures differ), ``price-polluted`` (the price in use
is another deployment's), ``unknown-price`` (nobody has a price, so a zero is no price) and
``cost-not-told`` (the proxy gave no figure of its own).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tui.chat.catalog import Catalog, Deployment
from tui.chat.finding import Finding
from tui.chat.frame import Headers
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.chat.usage import Figure, FigureSource
from tui.pricing import agree, computed, price_of
from tui.truth.figures import STREAMED, WHOLE, ZERO, counting, of_exchange, total
from tui.truth.lookups import PriceList
from tui.truth.pollution import POLLUTED, polluted
from tui.truth.reasons import ORIGINAL, Evidence, header, why_not_ours

MISMATCH = "cost-mismatch"
UNKNOWN = "unknown-price"
WHY: dict[FigureSource, str] = {
    "proxy-header": "the proxy's own figure for this answer, which its budgets count",
    "proxy-stream": "the proxy's own figure, made after the last token",
    "proxy-log": "the answer brought no figure; this is what the proxy booked",
    "computed": "the proxy told no figure, so tokens at its listed prices stand in",
    "price-list": "",
}
NAMES: dict[FigureSource, str] = {
    "proxy-header": "response header",
    "proxy-stream": "streamed usage",
    "computed": "tokens × price",
    "price-list": "price list",
    "proxy-log": "spend log",
}
"""How each figure is called on the screen."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The figures of a step side by side."""

    figures: tuple[Figure, ...]
    counts: Figure | None
    """None where nothing is known, or only a lower bound."""
    why: str
    mismatches: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    """What the figures do not hold, without being wrong."""

    def agrees(self, figure: Figure) -> bool | None:
        """Whether ``figure`` says the same as the one that counts; None where one of them says nothing."""
        if figure.usd is None or self.counts is None or self.counts.usd is None:
            return None
        return agree(figure.usd, self.counts.usd)


def evidence_of(
    exchange: Exchange, catalog: Catalog, headers: Headers = (), listed: PriceList | None = None
) -> Evidence:
    """What is known of an exchange that can explain its figures."""
    served, route = exchange.served or Served(), exchange.route
    own = deployment_of(served, catalog)
    upstream = upstream_of(served, catalog, route)
    siblings = tuple(
        (card.id, other.price, other.own_price)
        for card in catalog.cards
        for other in card.deployments
        if other.price is not None
        and (other.base or other.upstream) == upstream
        and other.id != served.model_id
    )
    _, price = listed.price_of(upstream) if listed is not None else (None, None)
    return Evidence(
        usage=exchange.usage,
        price=price_of(served, catalog, route),
        own_price=own is not None and own.own_price,
        siblings=siblings if own is not None else (),
        listed=price,
        as_loaded=listed is None or listed.as_loaded,
        headers=headers,
        streamed=any(f.source == "proxy-header" and f.says == STREAMED for f in exchange.figures),
        retries=served.attempted_retries,
        fallbacks=served.attempted_fallbacks,
        model=served.model or upstream or route.requested,
    )


def deployment_of(served: Served, catalog: Catalog) -> Deployment | None:
    """The deployment that answered, as the catalog has it; None where nobody can tell."""
    if served.model_id is None:
        return None
    every = (deployment for card in catalog.cards for deployment in card.deployments)
    return next((deployment for deployment in every if deployment.id == served.model_id), None)


def upstream_of(served: Served, catalog: Catalog, route: Route) -> str | None:
    """What the proxy called, as its configuration names it."""
    own = deployment_of(served, catalog)
    if own is not None and own.upstream is not None and "*" not in own.upstream:
        return own.base or own.upstream
    return served.model or route.upstream


def of(
    exchange: Exchange,
    catalog: Catalog,
    headers: Headers = (),
    listed: PriceList | None = None,
    looked_up: tuple[Figure, ...] = (),
) -> Reconciliation:
    """The figures of an exchange as they were kept, with those looked up since, held against each other."""
    evidence = evidence_of(exchange, catalog, headers, listed)
    return reconcile((*of_exchange(exchange, catalog), *looked_up), evidence, cut=exchange.cost.at_least)


def odd_costs(exchange: Exchange, catalog: Catalog, headers: Headers) -> tuple[Finding, ...]:
    """What does not fit in the figures of an exchange that has just ended, or that nobody knows its price."""
    found = of(exchange, catalog, headers).mismatches
    return tuple(finding for finding in found if finding.cls in (MISMATCH, POLLUTED, UNKNOWN))


def reconcile(figures: tuple[Figure, ...], evidence: Evidence, *, cut: bool = False) -> Reconciliation:
    """Which of ``figures`` counts and why, and every difference between them with its likely reason."""
    if cut and total(figures, "proxy-stream") is None and total(figures, "proxy-log") is None:
        why = "the answer was cut before its tokens were counted: what is shown is the least it cost"
        return Reconciliation(figures, None, why, (), _remarks(evidence))
    counts = counting(figures)
    found: list[Finding] = []
    if counts is None:
        unpriced = evidence.price is None or not evidence.price.known
        if figures and unpriced:
            found.append(_unknown(evidence.model, figures))
        why = "nobody told a price, so nobody knows" if unpriced else "nobody told the tokens or a figure"
        return Reconciliation(figures, None, why if figures else "", tuple(found), _remarks(evidence))
    if counts.source == "computed":
        found.append(_not_told(figures, evidence))
    pollution = polluted(counts.usd, evidence)
    if pollution is not None:
        found.append(pollution)
    for figure in figures:
        if figure is not counts and figure.usd is not None and counts.usd is not None:
            found += _differs(counts, figure, evidence, excused=pollution is not None)
    return Reconciliation(figures, counts, WHY[counts.source], tuple(found), _remarks(evidence))


def _unknown(model: str, figures: tuple[Figure, ...]) -> Finding:
    zeros = [NAMES[f.source] for f in figures if f.usd is None and f.says.endswith(ZERO)]
    zero = f" The 0 of its {' and '.join(zeros)} means unknown, not free." if zeros else ""
    return Finding(
        UNKNOWN,
        f"The proxy has no price for {model}.{zero}",
        mend="ask for input_cost_per_token and output_cost_per_token in its model_info",
    )


def _not_told(figures: tuple[Figure, ...], evidence: Evidence) -> Finding:
    whole = any(f.source == "proxy-stream" and f.says == WHOLE for f in figures)
    source: FigureSource = "proxy-header" if whole else "proxy-stream"
    says = next((f.says for f in figures if f.source == source), "no figure came with it")
    if whole and (evidence.retries or evidence.fallbacks):
        says += ", as is usual on /v1/messages after a retry or a fallback"
        mend = ""
    elif whole:
        mend = "a newer proxy tells it"
    else:
        mend = "`include_cost_in_streaming_usage: true` in litellm_settings"
    return Finding("cost-not-told", f"The proxy told no cost of its own: {says}.", mend=mend)


def _differs(counts: Figure, other: Figure, evidence: Evidence, *, excused: bool) -> list[Finding]:
    """What is to be said of ``other`` beside the figure that counts; nothing where they agree."""
    a, b = counts.usd or Decimal(0), other.usd or Decimal(0)
    if agree(a, b):
        return []
    by = f" ({(b - a) / a * 100:+.1f} %)" if a else ""
    says = f"{_name(other)} says ${b:f}, {_name(counts)} ${a:f}{by}"
    if other.source == "price-list":
        # Another price than the public one is what most contracts are about.
        return [] if excused or not _same_price_meant(evidence) else [_mismatch(says, _of_list(evidence))]
    if other.source == "proxy-log" or counts.source == "proxy-log":
        return [_mismatch(says, _of_log(a, b, evidence))]
    if other.source == "computed":
        if excused:
            return []
        return [_mismatch(says, why_not_ours(a, evidence))]
    return [_mismatch(says, why_not_ours(a, evidence) or why_not_ours(b, evidence))]


def _same_price_meant(evidence: Evidence) -> bool:
    """Whether the deployment should cost what the list says: it names no price of its own."""
    return not evidence.own_price


def _of_list(evidence: Evidence) -> str:
    price, listed = evidence.price, evidence.listed
    if price is None or listed is None:
        return "the price list knows the model, the deployment that answered has no price of its own"
    names = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
    pairs = [(name.replace("_", " "), getattr(price, name), getattr(listed, name)) for name in names]
    odd = [
        f"{name} {_rate(ours)} here, {_rate(theirs)} in the list"
        for name, ours, theirs in pairs
        if ours is not None and theirs is not None and ours != theirs
    ]
    if odd:
        return f"the deployment has prices of its own: {'; '.join(odd)}"
    return "long-context tier: the two have other prices above a threshold" if price != listed else ""


def _rate(each: Decimal) -> str:
    return f"${(each * 1_000_000).normalize():f}/M"


def _of_log(a: Decimal, b: Decimal, evidence: Evidence) -> str:
    if evidence.retries:
        return f"{evidence.retries} retries of the proxy: the answer's figure is that of the last attempt"
    ours = computed(evidence.usage, evidence.price)
    if ours is not None and (agree(a, ours) or agree(b, ours)):
        return "one of them is tokens × price exactly; the other was made by other prices or token counts"
    return why_not_ours(b, evidence)


def _mismatch(says: str, reason: str) -> Finding:
    return Finding(
        MISMATCH,
        f"{says}: {reason}." if reason else f"{says}. Nothing known explains it.",
        mend="" if reason else "compare the prices of /model/info with those of the proxy's configuration",
    )


def _name(figure: Figure) -> str:
    return NAMES[figure.source]


def _remarks(evidence: Evidence) -> tuple[str, ...]:
    remarks = []
    if evidence.retries:
        times = "once" if evidence.retries == 1 else f"{evidence.retries} times"
        remarks.append(
            f"the proxy tried {times} more than it answered; what vendors charge for those is in no figure"
        )
    if evidence.streamed and header(evidence, ORIGINAL) is not None:
        remarks.append(
            f"{ORIGINAL} and its kin say {header(evidence, ORIGINAL)} on a stream: "
            "sent before any token, so no figure"
        )
    return tuple(remarks)
