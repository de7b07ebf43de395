"""The models of one server, read from its discovery routes; refusals there are normal and recorded.

Ordinary keys may read some of the routes only, so all are asked at once and the richest answer
counts: ``/model/info``, else ``/model_group/info``, else ``/v1/models``. The poorer lists still
add the names and wildcards which the richest hides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tui.chat.catalog import Catalog, Deployment, ModelCard, ServerKind
from tui.gateway import catalog_parse, failures
from tui.gateway.client import Endpoint
from tui.gateway.detect import Detected
from tui.gateway.lookup import Told, anthropic_headers, ask, connection, proxy_headers
from tui.resolver import root_of

INFO = "/model/info"
GROUPS = "/model_group/info"
MODELS = "/v1/models"
_WITH_WILDCARDS = f"{MODELS}?return_wildcard_routes=true"
_ALL_PAGES = f"{MODELS}?limit=1000"


@dataclass(frozen=True, slots=True)
class _List:
    path: str
    told: Told
    cards: tuple[ModelCard, ...]


async def fetch_catalog(
    base_url: str,
    endpoint: Endpoint,
    server: Detected,
    *,
    seconds: float = 30.0,
    now: Callable[[], float] = time.time,
) -> Catalog:
    """Every model the key may see, as far as the server tells; times out per route after ``seconds``.

    CallFailed when nothing answers or every route refuses the key; any other refusal is only recorded.
    """
    root = root_of(base_url)
    async with connection(endpoint) as client:
        if server.kind == "litellm":
            headers = await proxy_headers(endpoint)
            asked = [INFO, GROUPS, _WITH_WILDCARDS]
        elif server.kind == "anthropic":
            headers, asked = await anthropic_headers(endpoint), [_ALL_PAGES]
        else:
            headers, asked = await proxy_headers(endpoint), [MODELS]
        told = await asyncio.gather(*(ask(client, root, path, headers, seconds) for path in asked))
    _raise_when_hopeless(told)
    return catalog_of(told, server.kind, version=server.version, fetched_at=now())


def catalog_of(
    told: Sequence[Told], server: ServerKind, *, version: str | None = None, fetched_at: float = 0.0
) -> Catalog:
    """The catalog in what the routes answered; whatever they answered, this does not fail."""
    lists = [_read(t) for t in told]
    usable = [found for found in lists if found.told.ok and found.cards]
    answered = [found for found in lists if _is_list(found.told)]
    refusals = tuple(found.told.refusal for found in lists if found not in answered)
    if not answered:
        return Catalog((), False, fetched_at, refusals, "", server, version)
    source = (usable or answered)[0]
    cards = _with_wildcards(_joined(usable), source)
    hidden = catalog_parse.wildcard_deployments(cards)
    complete = server == "litellm" and not hidden and not any(card.wildcard for card in cards)
    return Catalog(cards, complete, fetched_at, refusals, source.path, server, version)


def _read(told: Told) -> _List:
    path = told.path.partition("?")[0]
    readers = {INFO: catalog_parse.from_model_info, GROUPS: catalog_parse.from_group_info}
    reader = readers.get(path, catalog_parse.from_models)
    return _List(path, told, reader(told.body) if told.ok else ())


def _is_list(told: Told) -> bool:
    return told.ok and isinstance(told.body, dict) and isinstance(told.body.get("data"), list)


def _raise_when_hopeless(told: Sequence[Told]) -> None:
    if all(t.status is None for t in told):
        raise failures.from_exception(told[0].error or ConnectionError("no answer"), "connect")
    if all(t.status == 401 or "no_db_connection" in t.text for t in told):
        # A proxy without a database answers 400 instead of 401 to a key it does not know.
        refused = next((t for t in told if t.status == 401), told[0])
        raise failures.from_response(401, dict(refused.headers), refused.text, refused.path)


def _joined(lists: Sequence[_List]) -> tuple[ModelCard, ...]:
    """Every card once, as the richest list has it, with gaps filled from the poorer ones."""
    cards: dict[str, ModelCard] = {}
    for found in lists:
        for card in found.cards:
            known = cards.get(card.id)
            cards[card.id] = card if known is None else _filled(known, card)
    return tuple(cards.values())


def _filled(card: ModelCard, other: ModelCard) -> ModelCard:
    """``card`` with what only ``other`` tells; a group's price stands in where its deployments differ."""
    return replace(
        card,
        deployments=card.deployments or other.deployments,
        mode=card.mode or other.mode,
        context=card.context or other.context,
        max_output=card.max_output or other.max_output,
        price=card.price or other.price,
    )


def _with_wildcards(cards: tuple[ModelCard, ...], source: _List) -> tuple[ModelCard, ...]:
    """Wildcards with the deployment that is listed only behind the names it was spelled out to."""
    shared = catalog_parse.wildcard_deployments(source.cards)
    return tuple(
        replace(card, deployments=_behind(card.id, source.cards, shared))
        if card.wildcard and not any(d.upstream for d in card.deployments)
        else card
        for card in cards
    )


def _behind(pattern: str, cards: Sequence[ModelCard], shared: frozenset[str]) -> tuple[Deployment, ...]:
    """The wildcard's deployment with its upstream as a pattern too, judged by one name it covers."""
    before, _, after = pattern.partition("*")
    for card in cards:
        fits = card.id.startswith(before) and card.id.endswith(after) and card.id != pattern
        star = card.id.removeprefix(before).removesuffix(after)
        for deployment in card.deployments if fits and "*" not in after else ():
            if deployment.id in shared and deployment.upstream and deployment.upstream.endswith(star + after):
                upstream = deployment.upstream.removesuffix(star + after) + "*" + after
                return (replace(deployment, upstream=upstream, price=None, base=None),)
    return ()
