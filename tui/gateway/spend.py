"""What a proxy tells about costs beside its answers: its price list, its spend logs, the key's own limits.

All are free GETs, made only when asked for. Most keys may read some of them only, and a proxy without
a database none but the list: refusals are normal, and kept with their reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from tui.chat.catalog import Price, Refusal
from tui.chat.parts import Json
from tui.gateway.catalog_parse import price_told
from tui.gateway.client import Endpoint
from tui.gateway.lookup import Told, ask, connection, proxy_headers
from tui.resolver import root_of
from tui.truth.lookups import Allowance, KeyInfo, LogRow, PriceList

PRICES = "/public/litellm_model_cost_map"
_AS_LOADED = f"{PRICES}?catalog_only=true"
KEY = "/key/info"
TEAM = "/team/info"
LOGS = "/spend/logs"
_MOST_MODELS = 500


async def fetch_prices(
    base_url: str, endpoint: Endpoint, deployments: frozenset[str], version: str | None = None
) -> PriceList | Refusal:
    """The proxy's public price list (2.4 MB, no key needed); ``deployments`` are the ids of its catalog."""
    async with connection(endpoint) as client:
        told = await ask(client, root_of(base_url), _AS_LOADED, endpoint.headers, 60.0)
    return await asyncio.to_thread(_prices, told, deployments, version)


def _prices(told: Told, deployments: frozenset[str], version: str | None) -> PriceList | Refusal:
    if not told.ok or not isinstance(told.body, dict):
        return _refused(told, PRICES, "the answer is not a price list")
    prices: dict[str, Price] = {}
    for name, entry in told.body.items():
        price = price_told(entry) if isinstance(entry, dict) else None
        if price is not None:
            prices[name] = price
    # A proxy too old for the parameter lists deployments too, and prices they were registered with.
    return PriceList(prices, not (deployments & told.body.keys()), version)


async def fetch_key(base_url: str, endpoint: Endpoint) -> KeyInfo:
    """What the key in use may spend and has spent, and its team where it has one."""
    root = root_of(base_url)
    async with connection(endpoint) as client:
        headers = await proxy_headers(endpoint)
        told = await ask(client, root, KEY, headers, 20.0)
        info = _object(_object(told.body).get("info"))
        if not told.ok or not info:
            return KeyInfo((), (_refused(told, KEY, "the answer says nothing of the key"),))
        own = _allowance("key", info)
        team = info.get("team_id")
        if not isinstance(team, str) or not team:
            return KeyInfo((own,))
        asked = f"{TEAM}?team_id={quote(team, safe='')}"
        told = await ask(client, root, asked, headers, 20.0)
    info = _object(_object(told.body).get("team_info"))
    if not told.ok or not info:
        return KeyInfo((own,), (_refused(told, TEAM, "the answer says nothing of the team"),))
    return KeyInfo((own, _allowance("team", info)))


async def fetch_log(base_url: str, endpoint: Endpoint, ids: Sequence[str]) -> LogRow:
    """The rows the spend logs hold under the first of ``ids`` (call id, answer id) that they know."""
    root, said = root_of(base_url), "the answer brought no id to look it up by"
    async with connection(endpoint) as client:
        headers = await proxy_headers(endpoint)
        for id in ids:
            told = await ask(client, root, f"{LOGS}?request_id={quote(id, safe='')}", headers, 20.0)
            rows = told.body if isinstance(told.body, list) else None
            if not told.ok or rows is None:
                refusal = _refused(told, LOGS, "the answer is not a list of rows")
                return LogRow(None, f"{LOGS}: {_status(refusal)}{refusal.says}")
            mine = [row for row in rows if isinstance(row, dict) and id in _ids(row)]
            if mine:
                return _row(mine, id)
            said = f"{LOGS} has no row for {id} yet; proxies write them some seconds later"
    return LogRow(None, said)


def _row(rows: list[dict[str, Json]], id: str) -> LogRow:
    spends = [_dollars(row.get("spend")) for row in rows]
    known = [spend for spend in spends if spend is not None]
    if not known:
        return LogRow(None, f"{LOGS} has {id} without a spend")
    tokens = [f"{_count(row, 'prompt_tokens')} in, {_count(row, 'completion_tokens')} out" for row in rows]
    count = f"{len(rows)} rows" if len(rows) > 1 else "the row"
    return LogRow(sum(known, Decimal(0)), f"{LOGS}: spend of {count} for {id} ({'; '.join(tokens[:3])})")


def _ids(row: Mapping[str, Json]) -> tuple[Json, ...]:
    """Every id a row goes by; proxies before the call id was kept have only the first."""
    return row.get("request_id"), row.get("litellm_call_id")


def _allowance(of: str, info: Mapping[str, Any]) -> Allowance:
    table = _object(info.get("litellm_budget_table"))

    def told(name: str) -> Json:
        own = info.get(name)
        return table.get(name) if own is None else own

    models = info.get("models")
    names = [name for name in models if isinstance(name, str)] if isinstance(models, list) else []
    return Allowance(
        of,
        _text(info.get(f"{of}_alias")) or _text(info.get("key_name" if of == "key" else "team_id")),
        spend=_dollars(info.get("spend")),
        budget=_dollars(told("max_budget")),
        resets=_text(told("budget_reset_at")),
        period=_text(told("budget_duration")),
        models=tuple(names[:_MOST_MODELS]),
        tpm=_whole(told("tpm_limit")),
        rpm=_whole(told("rpm_limit")),
        blocked=info.get("blocked") is True,
        expires=_text(info.get("expires")),
    )


def _refused(told: Told, path: str, else_says: str) -> Refusal:
    says = else_says if told.status == 200 else told.refusal.says or else_says
    return Refusal(path, told.status, says)


def _status(refusal: Refusal) -> str:
    return "" if refusal.status is None else f"{refusal.status}, "


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value[:200] if isinstance(value, str) else ""


def _count(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else "?"


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _dollars(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) if value >= 0 else None
