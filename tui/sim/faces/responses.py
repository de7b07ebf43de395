"""``/v1/responses`` of OpenAI and xAI: output items with ids of their own, reasoning sealed in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from tui.sim.beats import Hold, Scene
from tui.sim.faces.chat_dialect import error_of
from tui.sim.faces.chat_params import thinks_at
from tui.sim.faces.chat_scene import scene_of
from tui.sim.faces.play import Played, play, refused, struck_stretch
from tui.sim.faces.responses_chat import as_chat
from tui.sim.faces.responses_making import Making, Sealer
from tui.sim.faces.responses_params import effort_of
from tui.sim.faces.responses_rules import Items, check_request
from tui.sim.pace import Pacer
from tui.sim.refusal import Broken, Refusal
from tui.sim.script import write
from tui.sim.seals import SealKind, digest
from tui.sim.state import SimState
from tui.sim.transport import JsonReply, Reply, SseEvent, StreamReply

_KEPT_RESPONSES = 200
_SEALS: dict[str, SealKind] = {"openai": "openai", "xai": "xai"}


async def answer(
    state: SimState, body: dict[str, Any], vendor: str = "openai", organisation: str = ""
) -> Reply:
    """Answer one request strictly; raises ``Refusal``, ``Page`` or ``Broken``.

    ``organisation`` is whose key asked: what one has sealed or stored is nobody else's.
    """
    sealer = Sealer(state.seals, _SEALS[vendor], organisation)
    items = check_request(body, sealer.fault, _stored(state, organisation), vendor)
    chat = as_chat(items, body)
    attempt = state.attempt(f"{vendor} responses", body["model"], items)
    scene = scene_of(chat, thinks=_thinks(vendor, body), attempt=attempt)
    beats = write(scene)
    refuse = refused(beats)
    if refuse is not None:
        raise Refusal(refuse.status, error_of(refuse.type, refuse.message), refuse.headers)
    if isinstance(beats[0], Hold):
        await asyncio.Event().wait()
    seed = _seed(scene)
    playing = play(beats, Pacer(state.speed, seed), seed, body.get("max_output_tokens"))
    making = Making(body, chat, sealer, digest([items, attempt]), struck_stretch(beats))
    if body.get("stream"):
        return StreamReply(_stream(state, items, making, playing, organisation))
    async for played in playing:
        making.take(played)
    if making.failed is not None:
        raise Refusal(500, making.failed)
    if not making.done:
        raise Broken
    _store(state, items, making, organisation)
    return JsonReply(making.response())


def _seed(scene: Scene) -> str:
    return f"{scene.seed}.{scene.turn}.{scene.step}"


def _thinks(vendor: str, body: dict[str, Any]) -> bool:
    return vendor == "xai" or thinks_at(body["model"], effort_of(body))


async def _stream(
    state: SimState, items: Items, making: Making, playing: AsyncIterator[Played], organisation: str
) -> AsyncIterator[SseEvent]:
    number = 0
    for word in ("response.created", "response.in_progress"):
        yield _event(word, number, {"response": making.response()})
        number += 1
    async for played in playing:
        for word, fields in making.take(played):
            yield _event(word, number, fields)
            number += 1
    _store(state, items, making, organisation)


def _event(word: str, number: int, fields: dict[str, Any]) -> SseEvent:
    return SseEvent({"type": word, "sequence_number": number, **fields}, word)


def _stored(state: SimState, organisation: str) -> dict[str, Items]:
    return state.responses.setdefault(organisation, {})


def _store(state: SimState, items: Items, making: Making, organisation: str) -> None:
    """Keep a finished conversation for ``previous_response_id``, unless the request said not to."""
    response = making.response()
    if response["store"] is False or response["status"] not in ("completed", "incomplete"):
        return
    kept = _stored(state, organisation)
    kept[making.id] = [*items, *response["output"]]
    while len(kept) > _KEPT_RESPONSES:
        del kept[next(iter(kept))]
