"""Thinking blocks of the simulated Anthropic: sealing what is thought, and checking what comes back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from tui.sim.faces.anthropic_request import (
    BINDING_BETA,
    DOCS_HINT,
    Block,
    Request,
    Turn,
    block_fingerprint,
    fingerprint,
    refuse,
)
from tui.sim.seals import SealKind, Seals, digest

_MODIFIED = (
    "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "
    "These blocks "
    "must remain as they were in the original response."
)
_MOST_THOUGHTS = 12


@dataclass(slots=True)
class Minter:
    """Seals the thinking of one answer and makes its tool ids; each seal binds all that came before it."""

    seals: Seals
    request: Request
    message_id: str
    _prefix: _Prefix = field(init=False)
    _thoughts: int = 0
    _calls: int = 0
    _last_seal: str | None = None

    def __post_init__(self) -> None:
        self._prefix = _Prefix(self.request.body)
        for turn in self.request.turns:
            self._prefix.open_turn(turn)
            for block in turn.blocks:
                self._prefix.add(block.data)
        if self.request.turns[-1].role != "assistant":
            self._prefix.open("assistant")
        kept = list(self.request.thinking_blocks)
        self._last_seal = _seal_of(kept[-1].data) if kept else None

    def seal(self, hidden: str, *, redacted: bool) -> str:
        """The signature (or redacted data) for the next stretch of thinking."""
        facts: dict[str, Any] = {
            "text": digest(hidden),
            "omitted": self.request.thinking.omitted or not hidden.strip(),
            "message": self.message_id,
            "place": self._thoughts,
        }
        if self.request.generation.prefix_bound:
            facts |= {"after": _short(self._last_seal), **self._prefix.facts()}
        kind: SealKind = "redacted" if redacted else "thinking"
        self._last_seal = self.seals.seal(kind, self.request.generation.name, facts)
        self._thoughts += 1
        return self._last_seal

    def tool_id(self) -> str:
        """An id for the next tool call, from which the number of thoughts before it can be told."""
        self._calls += 1
        return _tool_id(self.message_id, self._thoughts, self._calls)

    def add(self, block: dict[str, Any]) -> None:
        """Count a finished block into what later seals of this answer bind."""
        self._prefix.add(block)


def verify(request: Request, seals: Seals) -> None:
    """Hold every thinking block against its seal and its place; may drop blocks when the request asks so.

    Raises the vendor's refusal, which names only the first fault.
    """
    loop = request.loop
    latest = {b.path for t in loop for b in t.blocks}
    facts: dict[str, dict[str, Any]] = {}
    for block in request.thinking_blocks:
        facts[block.path] = _genuine(block, request, seals, latest=block.path in latest)
    for turn in loop:
        if turn.role == "assistant":
            _unmodified(turn, facts)
    if request.thinking.manual:
        _starts_with_thinking(request)
    if request.generation.prefix_bound:
        _same_conversation(request, facts)


def _genuine(block: Block, request: Request, seals: Seals, *, latest: bool) -> dict[str, Any]:
    redacted = block.type == "redacted_thinking"
    found = seals.open("redacted" if redacted else "thinking", _seal_of(block.data))
    if found is None or found["model"] != request.generation.name:
        field_name = "data" if redacted else "signature"
        refuse(f"{block.path}: Invalid `{field_name}` in `{block.type}` block")
    text = block.data.get("thinking", "")
    told = redacted or digest(text) == found["text"] or (found["omitted"] and not text)
    if not told:
        refuse(f"{block.path}: {_MODIFIED if latest else 'Invalid `signature` in `thinking` block'}")
    return found


def _unmodified(turn: Turn, facts: dict[str, dict[str, Any]]) -> None:
    """In the open tool loop the thinking of each answer is complete and in its order."""
    seen: dict[str, int] = {}
    for block in turn.blocks:
        if block.is_thinking:
            fact = facts[block.path]
            if fact["place"] != seen.get(fact["message"], 0):
                refuse(f"{block.path}: {_MODIFIED}")
            seen[fact["message"]] = fact["place"] + 1
        elif block.type == "tool_use":
            for message, thoughts in seen.items():
                _call_keeps_thoughts(block, message, thoughts)


def _call_keeps_thoughts(block: Block, message: str, thoughts: int) -> None:
    for call in range(1, 9):
        for count in range(_MOST_THOUGHTS):
            if block.data["id"] == _tool_id(message, count, call) and count != thoughts:
                refuse(f"{block.path}: {_MODIFIED}")


def _starts_with_thinking(request: Request) -> None:
    first = next((t for t in request.loop if t.role == "assistant"), None)
    if first and first.blocks and not first.blocks[0].is_thinking:
        block = first.blocks[0]
        if not request.interleaves and any(b.is_thinking for b in first.blocks):
            refuse(
                f"{block.path}.type: If an assistant message contains any thinking blocks, the first "
                "block must "
                f"be `thinking` or `redacted_thinking`. Found `{block.type}`."
            )
        refuse(
            f"{block.path}.type: Expected `thinking` or `redacted_thinking`, but found `{block.type}`. When "
            "`thinking` is enabled, a final `assistant` message must start with a thinking block "
            "(preceeding the "
            "lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking "
            "blocks from "
            f"previous turns. To avoid this requirement, disable `thinking`. {DOCS_HINT}"
        )


def _same_conversation(request: Request, facts: dict[str, dict[str, Any]]) -> None:
    """Each block of a prefix-bound model stands after exactly what it was made after."""
    prefix = _Prefix(request.body)
    last: str | None = None
    for turn in request.turns:
        prefix.open_turn(turn)
        for block in turn.blocks:
            if block.is_thinking:
                change = prefix.change(facts[block.path])
                if last is not None and facts[block.path].get("after") != _short(last):
                    change = change or "An earlier `thinking` block is missing or was put back."
                if change:
                    _mismatch(request, block, change)
                else:
                    last = _seal_of(block.data)
            prefix.add(block.data)


def _mismatch(request: Request, block: Block, change: str) -> None:
    if request.thinking.drop_mismatched:
        request.dropped.add(block.path)
        dropped = {"type": "thinking_dropped", "path": block.path, "reason": "prefix_binding_mismatch"}
        request.transformations.append(dropped)
        return
    beta = (
        "" if BINDING_BETA in request.betas else
        f"That setting requires the `{BINDING_BETA}` value in the `anthropic-beta` header. "
    )  # fmt: skip
    refuse(
        f"{block.path}: Invalid `signature` in `{block.type}` block. The block is bound to a different "
        "conversation. Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "
        f'"drop_block". {beta}{change}'
    )


class _Prefix:
    """A running hash of everything before a point of the conversation, thinking and cache marks left out."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._system = fingerprint("system", body)
        self._tools = fingerprint("tools", body)
        self._messages = hashlib.sha256()

    def open_turn(self, turn: Turn) -> None:
        """Count the beginning of a turn."""
        self.open(turn.role)

    def open(self, role: str) -> None:
        """Count the beginning of a turn of ``role``."""
        self._messages.update(f"\n{role}:".encode())

    def add(self, block: dict[str, Any]) -> None:
        """Count one block, unless it is thinking: blocks may be removed from the front without harm."""
        if block.get("type") not in ("thinking", "redacted_thinking"):
            self._messages.update(block_fingerprint(block).encode())

    def facts(self) -> dict[str, str]:
        """What a seal made at this point binds."""
        messages = self._messages.hexdigest()[:24]
        return {"system": self._system[:16], "tools": self._tools[:16], "messages": messages}

    def change(self, bound: dict[str, Any]) -> str:
        """What differs between here and the place a block was made at; empty when nothing does."""
        here = self.facts()
        if bound.get("system") != here["system"]:
            return "The `system` prompt differs from the one the block was created with."
        if bound.get("tools") != here["tools"]:
            return "The `tools` list differs from the one the block was created with."
        if bound.get("messages") != here["messages"]:
            return "A message before the block differs from the one it was created after."
        return ""


def _seal_of(block: dict[str, Any]) -> str:
    return str(block.get("signature") or block.get("data") or "")


def _short(seal: str | None) -> str | None:
    return None if seal is None else digest(seal)[:16]


def _tool_id(message: str, thoughts: int, call: int) -> str:
    return "toolu_01" + hashlib.sha256(f"{message} {thoughts} {call}".encode()).hexdigest()[:22]
