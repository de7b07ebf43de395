"""A proxy's price list on disk, so that its 2.4 MB go over the line once for each version of the proxy.

A file that cannot be read counts as absent, one that cannot be written is not missed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from tui.chat.serial_route import price_from_json, price_to_json
from tui.resolver import root_of
from tui.truth.lookups import PriceList

_FORMAT = 1


def save_prices(directory: Path, base_url: str, listed: PriceList) -> None:
    """Keep the list under the proxy's address and version; without a version it is not kept."""
    if listed.version is None:
        return
    prices = {name: price_to_json(price) for name, price in listed.prices.items()}
    text = json.dumps({"format": _FORMAT, "as_loaded": listed.as_loaded, "prices": prices})
    with contextlib.suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=directory, prefix=".prices-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
            os.replace(beside, _file(directory, base_url, listed.version))
        except OSError:
            Path(beside).unlink(missing_ok=True)


def load_prices(directory: Path, base_url: str, version: str | None) -> PriceList | None:
    """The list kept of this version of the proxy; None when there is none that can be read."""
    if version is None:
        return None
    try:
        data = json.loads(_file(directory, base_url, version).read_text(encoding="ascii"))
        if data["format"] != _FORMAT:
            return None
        prices = {name: price_from_json(price) for name, price in data["prices"].items()}
        return PriceList(prices, data["as_loaded"] is True, version)
    except (OSError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _file(directory: Path, base_url: str, version: str) -> Path:
    name = hashlib.sha256(f"{root_of(base_url)} {version}".encode()).hexdigest()[:32]
    return directory / f"prices-{name}.json"
