"""Gemini's generateContent and streamGenerateContent, strict about thought signatures."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from tui.sim.beats import Call, Fail, Say, Stop, Think
from tui.sim.faces import gemini_rules
from tui.sim.faces.chat_rules import json_object
from tui.sim.faces.chat_scene import prompt_tokens, scene_of
from tui.sim.faces.gemini_config import check_config
from tui.sim.faces.gemini_media import as_chat, shown_by
from tui.sim.faces.gemini_refusal import camel, error_body, refuse
from tui.sim.faces.gemini_rules import check_request, facts_of
from tui.sim.faces.play import End, Piece, Played, cut_at, play, refused
from tui.sim.generations import generation_of
from tui.sim.pace import Pacer, count_tokens
from tui.sim.refusal import Broken, Refusal
from tui.sim.script import write
from tui.sim.seals import Seals, digest
from tui.sim.state import Exchange, SimState
from tui.sim.transport import JsonReply, Reply, SseEvent, StreamReply

DEGRADED = "gemini dummy signature"
"""The counter of requests in which a dummy stood in for a thought signature."""
_FINISH = {"end": "STOP", "tool_use": "STOP", "max_tokens": "MAX_TOKENS", "refusal": "SAFETY"}
_CODES = {"rate_limit_error": 429, "overloaded_error": 503}


def authorise(key: str) -> None:
    """Any key will do but none, and those with ``wrong`` in them."""
    if not key:
        refuse("Method doesn't allow unregistered callers (callers without established identity).", 403)
    if "wrong" in key:
        refuse("API key not valid. Please pass a valid API key.")


async def answer(state: SimState, model: str, method: str, exchange: Exchange) -> Reply:
    """Answer the request in ``exchange`` strictly; raises ``Refusal``, ``Page`` or ``Broken``."""
    generation = generation_of(model)
    if generation is None or generation.vendor != "gemini":
        refuse(f"models/{model} is not found for API version v1beta.", 404)
    if method not in ("generateContent", "streamGenerateContent"):
        refuse(f"models/{model} does not support {method}.", 404)
    seals = state.seals
    body, degraded = check_request(exchange.body, model, seals)
    check_config(camel(body.get("generationConfig") or {}), generation)
    if degraded:
        state.count(DEGRADED)
        exchange.notes.append("degraded: dummy thought signature")
    chat = _as_chat(body, model)
    attempt = state.attempt("gemini", model, body["contents"])
    scene = scene_of(chat, thinks=True, attempt=attempt)
    beats = write(scene)
    refusal = refused(beats)
    if refusal is not None:
        raise Refusal(refusal.status, error_body(refusal.message, refusal.status), refusal.headers)
    seed = f"{scene.seed}.{scene.turn}.{scene.step}"
    config = camel(body.get("generationConfig") or {})
    limit = config.get("maxOutputTokens")
    beats, _ = cut_at(beats, config.get("stopSequences") or [])
    playing = play(beats, Pacer(state.speed, seed), seed, limit)
    making = _Making(body, chat, seals, generation.name, digest([body["contents"], attempt]))
    if method == "streamGenerateContent":
        return StreamReply(_stream(making, playing))
    return JsonReply(await _whole(making, playing))


async def _stream(making: _Making, playing: AsyncIterator[Played]) -> AsyncIterator[SseEvent]:
    async for played in playing:
        match played:
            case Piece(_, beat, text) if making.shown(beat):
                yield SseEvent(making.chunk([making.text_part(beat, text)]))
            case End(_, beat):
                part = making.end(played)
                if part is not None and isinstance(beat, Call):
                    yield SseEvent(making.chunk([part]))
            case Fail(type, message):
                yield SseEvent(error_body(message, _CODES.get(type, 500)))
                return
            case Stop(word):
                # The signature of an answer without calls comes last, on a part with nothing else in it.
                signed = [{"text": "", "thoughtSignature": making.signature()}] if making.signs_text else []
                yield SseEvent(making.chunk(signed or [{"text": ""}], making.finish(_FINISH[word])))


async def _whole(making: _Making, playing: AsyncIterator[Played]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    finish = ""
    async for played in playing:
        match played:
            case End():
                part = making.end(played)
                if part is not None:
                    parts.append(part)
            case Fail(type, message):
                code = _CODES.get(type, 500)
                raise Refusal(code, error_body(message, code))
            case Stop(word):
                finish = making.finish(_FINISH[word])
    if not finish:
        raise Broken
    if making.signs_text and parts and "thought" not in parts[-1]:
        parts[-1]["thoughtSignature"] = making.signature()
    return making.chunk(parts, finish)


class _Making:
    """One answer in the making: its signatures, its tokens, and the shape of its chunks."""

    def __init__(
        self, body: dict[str, Any], chat: dict[str, Any], seals: Seals, model: str, mark: str
    ) -> None:
        self._seals = seals
        self._chat = chat
        self._model = model
        self._mark = mark
        config = camel(camel(body.get("generationConfig") or {}).get("thinkingConfig") or {})
        self._thoughts_shown = bool(config.get("includeThoughts"))
        self._calls = 0
        self._malformed = False
        self._said = 0
        self._thought = 0

    def shown(self, beat: Think | Say | Call) -> bool:
        """Whether pieces of this stretch are streamed: calls come whole, thoughts only when asked for."""
        return isinstance(beat, Say) or (
            isinstance(beat, Think) and self._thoughts_shown and not beat.redacted
        )

    def text_part(self, beat: Think | Say | Call, text: str) -> dict[str, Any]:
        """A part with text, marked when it is a thought."""
        return {"text": text, "thought": True} if isinstance(beat, Think) else {"text": text}

    def end(self, end: End) -> dict[str, Any] | None:
        """Count a finished stretch; gives its whole part, None when nothing of it is shown."""
        if isinstance(end.beat, Think):
            self._thought += count_tokens(end.text) or 24
        else:
            self._said += count_tokens(end.text)
        if not isinstance(end.beat, Call):
            return self.text_part(end.beat, end.text) if self.shown(end.beat) and end.text else None
        if not json_object(end.text):
            self._malformed = True
            return None
        return self._call_part(end.beat.name, json.loads(end.text))

    def finish(self, word: str) -> str:
        """The finish reason, given the script's; a call that was no JSON never gets out."""
        return "MALFORMED_FUNCTION_CALL" if self._malformed else word

    @property
    def signs_text(self) -> bool:
        """Whether the signature goes on the text, there being no call to carry it."""
        return self._thought > 0 and self._calls == 0 and not self._malformed

    def signature(self) -> str:
        """The signature of a part that is no call."""
        return self._seals.seal("gemini", self._model, {**facts_of({}), "answer": self._mark})

    def chunk(self, parts: list[dict[str, Any]], finish: str | None = None) -> dict[str, Any]:
        """One response object; without ``finish`` it is a piece of a stream."""
        candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if finish is not None:
            candidate["finishReason"] = finish
        return {
            "candidates": [candidate],
            "usageMetadata": self._usage(),
            "modelVersion": self._model,
            "responseId": self._mark[:22],
        }

    def _call_part(self, name: str, args: dict[str, Any]) -> dict[str, Any]:
        part: dict[str, Any] = {"functionCall": {"name": name, "args": args}}
        if int(self._mark[0], 16) % 2:
            # Answers of this vendor come with ids and without.
            part["functionCall"]["id"] = f"{self._mark[:7]}{self._calls}"
        if self._calls == 0:
            facts = {**facts_of(part), "answer": self._mark}
            part["thoughtSignature"] = self._seals.seal("gemini", self._model, facts)
        self._calls += 1
        return part

    def _usage(self) -> dict[str, Any]:
        total, cached = prompt_tokens(self._chat)
        usage: dict[str, Any] = {
            "promptTokenCount": total,
            "candidatesTokenCount": self._said,
            "totalTokenCount": total + self._said + self._thought,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}],
        }
        if self._thought:
            usage["thoughtsTokenCount"] = self._thought
        if cached:
            usage["cachedContentTokenCount"] = cached
        return usage


def _as_chat(body: dict[str, Any], model: str) -> dict[str, Any]:
    """The same conversation in the chat dialect, for the scene and the count of tokens."""
    messages: list[dict[str, Any]] = []
    system = body.get("systemInstruction")
    if system:
        messages.append({"role": "system", "content": _text(system["parts"])})
    open_ids: list[str] = []
    for index, content in enumerate(body["contents"]):
        responses = gemini_rules.responses_of(content)
        for id, response in zip(open_ids, responses, strict=True):
            result = response.get("response") or {}
            said = result.get("content", result.get("result", result))
            text = said if isinstance(said, str) else json.dumps(said)
            shown = as_chat(shown_by({"functionResponse": response}))
            told = [{"type": "text", "text": text}, *shown] if shown else text
            messages.append({"role": "tool", "tool_call_id": id, "content": told})
        calls = gemini_rules.calls_of(content)
        open_ids = [f"{index}.{number}" for number in range(len(calls))]
        tool_calls = [
            {"id": id, "function": {"name": c["functionCall"]["name"], "arguments": "{}"}}
            for id, c in zip(open_ids, calls, strict=True)
        ]
        if content["role"] == "model":
            message: dict[str, Any] = {"role": "assistant", "content": _text(content["parts"])}
            messages.append({**message, "tool_calls": tool_calls} if tool_calls else message)
        elif len(responses) < len(content["parts"]):
            messages.append({"role": "user", "content": as_chat(content["parts"])})
    declared = [d for tool in body.get("tools") or [] for d in camel(tool).get("functionDeclarations") or []]
    tools = [{"name": d["name"], "parameters": d.get("parameters") or {}} for d in declared]
    calling = camel(camel(body.get("toolConfig") or {}).get("functionCallingConfig") or {})
    allowed = list(calling.get("allowedFunctionNames") or ())
    choice: Any = {"NONE": "none", "ANY": "required"}.get(str(calling.get("mode")))
    if choice == "required" and len(allowed) == 1:
        choice = {"type": "function", "function": {"name": allowed[0]}}
    return {
        "model": model,
        "messages": messages,
        "tools": tools or None,
        "tool_choice": choice,
        "response_format": _format(camel(body.get("generationConfig") or {})),
    }


def _format(config: dict[str, Any]) -> dict[str, Any] | None:
    """The wanted format in the chat dialect's words."""
    if config.get("responseMimeType") != "application/json":
        return None
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    if not isinstance(schema, dict):
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"schema": schema}}


def _text(parts: list[dict[str, Any]]) -> str:
    return "\n".join(p["text"] for p in parts if p.get("text") and not p.get("thought"))
