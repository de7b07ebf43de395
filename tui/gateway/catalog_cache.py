"""The last known models of each server on disk, so that a slow proxy holds nobody up.

Callers show the stored catalog at once and refresh it in the background. A file that cannot be
read counts as absent, one that cannot be written is not missed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from tui.chat.catalog import Catalog, Deployment, ModelCard, Price, Refusal, ServerKind
from tui.resolver import root_of

_FORMAT = 1
_BUCKETS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")


class _Odd(Exception):
    """A stored value has another type than it was written with."""


def save_cached(directory: Path, base_url: str, catalog: Catalog) -> None:
    """Keep ``catalog`` for ``base_url``; the swap is atomic, and failing to write is silent."""
    text = json.dumps({"format": _FORMAT, "root": root_of(base_url), **asdict(catalog)}, default=str)
    with contextlib.suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=directory, prefix=".catalog-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
            os.replace(beside, _file(directory, base_url))
        except OSError:
            Path(beside).unlink(missing_ok=True)


def load_cached(directory: Path, base_url: str) -> Catalog | None:
    """The catalog kept for ``base_url``; None when there is none that can be read."""
    try:
        data = json.loads(_file(directory, base_url).read_text(encoding="ascii"))
        if data["format"] != _FORMAT or data["root"] != root_of(base_url):
            return None
        return _catalog(data)
    except (
        OSError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        _Odd,
    ):
        return None


def _file(directory: Path, base_url: str) -> Path:
    return directory / f"catalog-{hashlib.sha256(root_of(base_url).encode()).hexdigest()[:32]}.json"


def _catalog(data: Any) -> Catalog:
    server = _text(data["server"])
    if server not in get_args(ServerKind):
        raise _Odd
    return Catalog(
        cards=tuple(_card(each) for each in _list(data["cards"])),
        complete=data["complete"] is True,
        fetched_at=float(data["fetched_at"]),
        refusals=tuple(
            Refusal(_text(each["path"]), _whole(each["status"]), _text(each["says"]))
            for each in _list(data["refusals"])
        ),
        source=_text(data["source"]),
        server=cast("ServerKind", server),
        version=_maybe_text(data["version"]),
    )


def _card(data: Any) -> ModelCard:
    supports = data["supports"]
    if not all(value in (True, False, None) for value in supports.values()):
        raise _Odd
    return ModelCard(
        id=_text(data["id"]),
        deployments=tuple(_deployment(each) for each in _list(data["deployments"])),
        mode=_maybe_text(data["mode"]),
        context=_whole(data["context"]),
        max_output=_whole(data["max_output"]),
        price=_price(data["price"]),
        supports=dict(supports),
    )


def _deployment(data: Any) -> Deployment:
    words = {name: _maybe_text(data[name]) for name in ("id", "upstream", "vendor", "api_base", "base")}
    return Deployment(
        **words,
        thinking=data["thinking"],
        price=_price(data["price"]),
        own_price=data.get("own_price") is True,
        drops=tuple(_text(each) for each in _list(data.get("drops", []))),
    )


def _price(data: Any) -> Price | None:
    if data is None:
        return None
    dollars: dict[str, Any] = {bucket: _dollars(data[bucket]) for bucket in _BUCKETS}
    return Price(**dollars, above=tuple(_tiers(data["above"])))


def _tiers(data: Any) -> Iterator[tuple[int, Price]]:
    for tokens, told in _list(data):
        tier, above = _price(told), _whole(tokens)
        if tier is not None and above is not None:
            yield above, tier


def _dollars(value: Any) -> Decimal | None:
    dollars = None if value is None else Decimal(_text(value))
    if dollars is not None and not (dollars.is_finite() and dollars >= 0):
        raise _Odd
    return dollars


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Odd
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Odd
    return value


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise _Odd
    return value
