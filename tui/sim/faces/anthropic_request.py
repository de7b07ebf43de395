"""An Anthropic request read once: its turns, blocks, thinking and betas, for all the rules to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from tui.sim.generations import Generation
from tui.sim.refusal import Refusal
from tui.sim.seals import digest

BINDING_BETA = "thinking-binding-controls-2026-08-01"
INTERLEAVED_BETA = "interleaved-thinking-2025-05-14"
THINKING_BLOCKS = ("thinking", "redacted_thinking")
_DOCS = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
DOCS_HINT = f"Please consult our documentation at {_DOCS}"


def refuse(
    message: str,
    *,
    status: int = 400,
    type: str = "invalid_request_error",
    headers: Mapping[str, str] | None = None,
) -> NoReturn:
    """Raise the refusal in Anthropic's shape; the request id is a hash of the sentence."""
    request_id = "req_011C" + hashlib.sha256(message.encode("utf-8", "replace")).hexdigest()[:20]
    error = {"type": type, "message": message}
    body = {"type": "error", "error": error, "request_id": request_id}
    raise Refusal(status, body, {"request-id": request_id, **(headers or {})})


@dataclass(frozen=True, slots=True)
class Block:
    """One content block and where it stands in the request."""

    path: str
    data: dict[str, Any]

    @property
    def type(self) -> str:
        """The block's ``type``; empty when it has none."""
        return str(self.data.get("type", ""))

    @property
    def is_thinking(self) -> bool:
        """Whether it is thinking or redacted thinking."""
        return self.type in THINKING_BLOCKS


@dataclass(frozen=True, slots=True)
class Turn:
    """Neighbouring messages of one role, merged as the API merges them."""

    role: str
    path: str
    """Where the first of its messages stands, such as ``messages.2``."""
    blocks: tuple[Block, ...]

    @property
    def answers_tools(self) -> bool:
        """Whether it is a user turn made of tool results only."""
        return self.role == "user" and bool(self.blocks) and all(b.type == "tool_result" for b in self.blocks)


@dataclass(frozen=True, slots=True)
class Thinking:
    """The request's thinking as the API understands it."""

    type: str | None
    """``thinking.type`` as sent; None when the request has none."""
    on: bool
    manual: bool
    budget: int | None
    omitted: bool
    """Thinking comes back without its text."""
    drop_mismatched: bool | None = None
    """``block_binding``: drop blocks bound elsewhere instead of refusing; None when not said."""


@dataclass(slots=True)
class Request:
    """One request that has passed the rules of form; later rules may drop thinking blocks from it."""

    body: dict[str, Any]
    generation: Generation
    model: str
    betas: frozenset[str]
    version: str
    thinking: Thinking
    turns: tuple[Turn, ...]
    transformations: list[dict[str, Any]] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    """Paths of thinking blocks the model does not get to see."""

    @property
    def loop(self) -> tuple[Turn, ...]:
        """The turns since the user's last own words, when a tool loop is open; else nothing."""
        return self.turns[self.opened + 1 :] if self.turns[-1].answers_tools else ()

    @property
    def opened(self) -> int:
        """Index of the turn with the user's last own words; -1 when there is none."""
        own = (i for i, t in enumerate(self.turns) if t.role == "user" and not t.answers_tools)
        return max(own, default=-1)

    @property
    def interleaves(self) -> bool:
        """Whether the model may think between tool calls."""
        how = self.generation.interleaves
        return how == "always" or (how == "beta" and INTERLEAVED_BETA in self.betas)

    @property
    def thinking_blocks(self) -> Iterator[Block]:
        """All thinking blocks that are not dropped, in order."""
        for turn in self.turns:
            yield from (b for b in turn.blocks if b.is_thinking and b.path not in self.dropped)


def turns_of(messages: list[dict[str, Any]]) -> tuple[Turn, ...]:
    """Merge neighbouring messages of one role; text content becomes one text block."""
    turns: list[Turn] = []
    for index, message in enumerate(messages):
        path = f"messages.{index}"
        content = message["content"]
        blocks: tuple[Block, ...]
        if isinstance(content, str):
            blocks = (Block(f"{path}.content", {"type": "text", "text": content}),)
        else:
            blocks = tuple(Block(f"{path}.content.{i}", b) for i, b in enumerate(content))
        if turns and turns[-1].role == message["role"]:
            last = turns[-1]
            turns[-1] = Turn(last.role, last.path, last.blocks + blocks)
        else:
            turns.append(Turn(message["role"], path, blocks))
    return tuple(turns)


def fingerprint(part: Literal["system", "tools"], body: Mapping[str, Any]) -> str:
    """A hash of the system prompt or the tools, cache marks left out."""
    value = body.get(part)
    if isinstance(value, str):
        value = [{"type": "text", "text": value}]
    return digest([_bare(item) for item in value or []])


def block_fingerprint(block: Mapping[str, Any]) -> str:
    """A hash of one block by what the model sees of it, cache marks left out."""
    return digest(_bare(block))


def _bare(item: Mapping[str, Any]) -> dict[str, Any]:
    bare = {k: v for k, v in item.items() if k not in ("cache_control", "citations") and v is not None}
    if bare.get("type") == "custom":
        del bare["type"]
    if bare.get("type") == "tool_result":
        if not bare.get("is_error"):
            bare.pop("is_error", None)
        content = bare.get("content", [])
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        bare["content"] = [_bare(c) for c in content]
    return bare
