"""Whether the price a deployment is billed at is really another's.

Some proxies keep one price for each upstream model: a price set for one deployment is then that of
all others of the same model, in the list and in the bills.
"""

from __future__ import annotations

from decimal import Decimal

from tui.chat.catalog import Price
from tui.chat.finding import Finding
from tui.pricing import agree, computed
from tui.truth.reasons import Evidence

POLLUTED = "price-polluted"
_USUAL = frozenset(map(Decimal, (2, 4, 5, 8, 10, 20, 40)))
"""How many times dearer fresh input is than cached, in the price lists of the vendors."""


def polluted(billed: Decimal | None, evidence: Evidence) -> Finding | None:
    """What gives it away that the price in use is another deployment's; None when nothing does."""
    price = evidence.price
    if price is None or not price.known or not evidence.siblings:
        return None
    if not evidence.own_price and evidence.listed is not None and not _same(price, evidence.listed):
        names = [name for name, other, own in evidence.siblings if _same(price, other)]
        if names:
            return _said(evidence, names, f"the price list says {_words(evidence.listed)}")
    by_other = _billed_as_other(billed, evidence)
    if by_other is not None:
        name, other = by_other
        return _said(evidence, [name], f"it lists {_words(price)} for this one", price=other)
    owners = [name for name, other, own in evidence.siblings if own and _same(price, other)]
    if owners and not evidence.own_price and evidence.listed is None and not _usual(price):
        return _said(evidence, owners, "this one names no price of its own")
    return None


def _billed_as_other(billed: Decimal | None, evidence: Evidence) -> tuple[str, Price] | None:
    """The deployment whose price makes the bill, where its own does not."""
    ours = computed(evidence.usage, evidence.price)
    if not billed or ours is None or agree(billed, ours):
        return None
    for name, other, _own in evidence.siblings:
        theirs = computed(evidence.usage, other)
        if theirs is not None and agree(billed, theirs):
            return name, other
    return None


def _said(evidence: Evidence, names: list[str], evidently: str, price: Price | None = None) -> Finding:
    where = ", ".join(dict.fromkeys(names))
    at = _words(price or evidence.price or Price())
    return Finding(
        POLLUTED,
        f"{evidence.model} is billed at {at}, the price of {where}, and {evidently}: on this proxy a price "
        "set for one deployment seems to have become that of all of its model.",
        mend="ask for prices of their own, in the model_info of each deployment of this model",
    )


def _same(a: Price, b: Price) -> bool:
    return (a.input, a.output) == (b.input, b.output)


def _usual(price: Price) -> bool:
    """Whether cached input stands to fresh as in a vendor's list; one overwritten by hand rarely does."""
    if not price.input or not price.cache_read:
        return False
    return price.input / price.cache_read in _USUAL


def _words(price: Price) -> str:
    sides = (price.input or Decimal(0), price.output or Decimal(0))
    return " / ".join(f"${(each * 1_000_000).normalize():f}" for each in sides) + " per M in / out"
