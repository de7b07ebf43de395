"""What an answer's headers tell of what is left: of the key's budget, and of rate limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from tui.chat.frame import Headers
from tui.pricing import amount

By = Literal["proxy", "vendor"]
SPEND = "spend"

_VENDOR = "llm_provider-"
_ANTHROPIC = re.compile(
    r"anthropic-(?:priority-)?ratelimit-(?P<what>[a-z-]+?)-(?P<fact>limit|remaining|reset)"
)
_OPENAI = re.compile(r"x-ratelimit-(?P<fact>limit|remaining|reset)-(?P<what>[a-z0-9_-]+)")
_DESCRIBED = re.compile(
    r"x-ratelimit-(?P<of>[a-z0-9_:]+(?:-[a-z0-9_:]+)*?)-(?P<fact>limit|remaining)-(?P<what>[a-z0-9_-]+)"
)
_KEY_LEFT = re.compile(r"x-litellm-key-remaining-(?P<what>requests|tokens)-(?P<of>.+)")
_KEY_LIMITS = {"x-litellm-key-tpm-limit": "tokens", "x-litellm-key-rpm-limit": "requests"}
_KEY_SPEND, _KEY_BUDGET = "x-litellm-key-spend", "x-litellm-key-max-budget"
_OWNERS = {
    "api_key": "key",
    "model_per_key": "key and model",
    "model_per_team": "team and model",
    "team_member": "team member",
    "end_user": "end user",
}
"""The proxy's words for whose limit it is, as people say them."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Something limited; None where it was not told."""

    by: By
    of: str
    """Whose: ``key``, ``team``, ``key and model``, the model's name; empty at a vendor's."""
    what: str
    """``spend`` in US dollars, else requests, tokens, input tokens and so on."""
    remaining: Decimal | None = None
    limit: Decimal | None = None
    used: Decimal | None = None
    reset: str = ""
    """When it begins anew, as it was told: a time, or a span such as ``6m0s``."""
    headers: tuple[str, ...] = ()
    """Where it stood."""

    @property
    def share(self) -> Decimal | None:
        """What is left of it, from 0 to 1."""
        if self.remaining is None or not self.limit:
            return None
        return min(max(self.remaining / self.limit, Decimal(0)), Decimal(1))


@dataclass(slots=True)
class _Found:
    """Limits under the words they were told by, in the order they were first seen."""

    limits: dict[tuple[By, str, str], Limit] = field(default_factory=dict)

    def add(self, by: By, of: str, what: str, fact: str, name: str, value: str) -> None:
        """Take note of one header; a number that is none is left out."""
        key = (by, of, what)
        known = self.limits.get(key, Limit(by, of, what))
        known = replace(known, headers=(*known.headers, name))
        if fact == "reset":
            self.limits[key] = replace(known, reset=value.strip()[:40])
            return
        number = amount(value)
        if number is None:
            return
        if fact == "limit":
            known = replace(known, limit=number)
        elif fact == "used":
            known = replace(known, used=number)
        else:
            known = replace(known, remaining=number)
        self.limits[key] = known


def limits(headers: Headers) -> tuple[Limit, ...]:
    """Every limit the headers tell of, the proxy's before the vendor's.

    A proxy repeats its vendor's ``x-ratelimit-*`` under their own names; such a copy is not its own.
    """
    told = {name.lower(): value for name, value in headers}
    copies = {name.removeprefix(_VENDOR) for name in told if name.startswith(_VENDOR)}
    is_proxy = any(name.startswith(("x-litellm-", _VENDOR)) for name in told)
    found = _Found()
    for name, value in told.items():
        if name in copies:
            continue
        vendors = name.startswith(_VENDOR) or not is_proxy
        for of, what, fact in _facts(name.removeprefix(_VENDOR), vendors=vendors):
            found.add("vendor" if vendors else "proxy", of, what, fact, name, value)
    every = [_with_rest(limit) for limit in found.limits.values()]
    return tuple(sorted(every, key=lambda limit: (limit.by != "proxy", limit.what != SPEND)))


def _facts(name: str, *, vendors: bool) -> Iterator[tuple[str, str, str]]:
    """Whose, what and which fact a header is about; nothing for one that tells no limit."""
    if name in (_KEY_SPEND, _KEY_BUDGET):
        yield "key", SPEND, "used" if name == _KEY_SPEND else "limit"
    elif name in _KEY_LIMITS:
        yield "key", f"{_KEY_LIMITS[name]} a minute", "limit"
    elif found := _KEY_LEFT.fullmatch(name):
        yield f"key and {found['of']}", found["what"], "remaining"
    elif found := _ANTHROPIC.fullmatch(name):
        yield "", _spoken(found["what"]), found["fact"]
    elif found := _OPENAI.fullmatch(name):
        yield "" if vendors else "key or model", _spoken(found["what"]), found["fact"]
    elif not vendors and (found := _DESCRIBED.fullmatch(name)):
        yield _OWNERS.get(found["of"], _spoken(found["of"])), _spoken(found["what"]), found["fact"]


def _spoken(words: str) -> str:
    return words.replace("-", " ").replace("_", " ")


def _with_rest(limit: Limit) -> Limit:
    """What is left of a budget, which the proxy leaves to us to reckon."""
    if limit.remaining is None and limit.limit is not None and limit.used is not None:
        return replace(limit, remaining=max(limit.limit - limit.used, Decimal(0)))
    return limit
