"""The rules a whole Anthropic request must keep: envelope, roles, pairing of tool calls, cache marks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tui.sim.faces.anthropic_blocks import check_block, check_system, check_tools
from tui.sim.faces.anthropic_cache import total_tokens
from tui.sim.faces.anthropic_format import OLDER_BETA, check_format
from tui.sim.faces.anthropic_media import check_media
from tui.sim.faces.anthropic_params import check_params, thinking_of
from tui.sim.faces.anthropic_request import Request, Turn, refuse, turns_of
from tui.sim.generations import Generation, generation_of

_FIELDS = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "stream",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "metadata",
        "service_tier",
        "cache_control",
        "output_config",
        "inference_geo",
        "container",
    }
)
_BETA_FIELDS = {
    "context_management": "context-management-2025-06-27",
    "mcp_servers": "mcp-client-2025-11-20",
    "output_format": OLDER_BETA,
}
_KNOWN_BETAS = (
    "interleaved-thinking-",
    "thinking-binding-controls-",
    "context-management-",
    "mcp-client-",
    "prompt-caching-",
    "fine-grained-tool-streaming-",
    "context-1m-",
    "output-128k-",
    "effort-",
    "extended-cache-ttl-",
    "token-efficient-tools-",
    "structured-outputs-",
    "advanced-tool-use-",
    "mid-conversation-",
)


def check(body: Any, betas: frozenset[str], version: str, *, counting: bool = False) -> Request:
    """Read a request and hold it against every rule but those about seals.

    ``counting``: the request asks for its token count, where ``max_tokens`` is not needed. Raises the
    vendor's refusal with the sentence the real API is known for.
    """
    _betas(betas)
    if not isinstance(body, dict):
        refuse("Input should be a valid dictionary or object to extract fields from")
    if counting:
        body = {"max_tokens": 64_000, **body}
    generation = _envelope(body, betas)
    for index, message in enumerate(body["messages"]):
        _message(message, index, last=index == len(body["messages"]) - 1, generation=generation)
    check_system(body.get("system"))
    check_tools(body.get("tools"))
    thinking = thinking_of(body, generation, betas)
    _tool_choice(body)
    check_format(body)
    _small_words(body)
    check_params(body, generation, thinking, version)
    _context_management(body, thinking.on)
    turns = turns_of(body["messages"])
    request = Request(body, generation, str(body["model"]), betas, version, thinking, turns)
    _order(request)
    _cache_marks(body)
    _pairing(turns)
    check_media(request)
    _length(request)
    return request


def _betas(betas: frozenset[str]) -> None:
    for beta in sorted(betas):
        if not beta.startswith(_KNOWN_BETAS):
            refuse(
                f"Unexpected value(s) `{beta}` for the `anthropic-beta` header. Please consult our "
                "documentation at docs.claude.com or try again without the header."
            )


def _envelope(body: dict[str, Any], betas: frozenset[str]) -> Generation:
    for key in ("model", "max_tokens", "messages"):
        if key not in body:
            refuse(f"{key}: Field required")
    for key in body:
        beta = _BETA_FIELDS.get(key)
        if key not in _FIELDS and (beta is None or beta not in betas):
            refuse(f"{key}: Extra inputs are not permitted")
    generation = generation_of(str(body["model"]))
    if generation is None or generation.vendor != "anthropic" or "/" in str(body["model"]):
        refuse(f"model: {body['model']}", status=404, type="not_found_error")
    limit = body["max_tokens"]
    if not isinstance(limit, int) or isinstance(limit, bool):
        refuse("max_tokens: Input should be a valid integer")
    if limit < 1 and not (limit == 0 and _only_warms(body)):
        refuse("max_tokens: Input should be greater than or equal to 1")
    if limit > generation.max_output:
        refuse(
            f"max_tokens: {limit} > {generation.max_output}, which is the maximum allowed number of output "
            f"tokens for {body['model']}"
        )
    messages = body["messages"]
    if not isinstance(messages, list):
        refuse("messages: Input should be a valid list")
    if not messages:
        refuse("messages: at least one message is required")
    if not isinstance(body.get("stream", False), bool):
        refuse("stream: Input should be a valid boolean")
    return generation


def _only_warms(body: dict[str, Any]) -> bool:
    """Whether a request for no tokens does nothing but fill the prompt cache, which is what it is for."""
    thinking, config = body.get("thinking"), body.get("output_config")
    choice = body.get("tool_choice")
    return not (
        body.get("stream")
        or (isinstance(thinking, dict) and thinking.get("type") == "enabled")
        or (isinstance(config, dict) and config.get("format"))
        or (isinstance(choice, dict) and choice.get("type") in ("any", "tool"))
    )


def _message(message: Any, index: int, *, last: bool, generation: Generation) -> None:
    path = f"messages.{index}"
    if not isinstance(message, dict):
        refuse(f"{path}: Input should be a valid dictionary or object to extract fields from")
    for key in message:
        if key not in ("role", "content"):
            refuse(f"{path}.{key}: Extra inputs are not permitted")
    role, content = message.get("role"), message.get("content")
    if role == "system" and not generation.system_messages:
        refuse(
            'messages: Unexpected role "system". The Messages API accepts a top-level `system` '
            "parameter, not "
            '"system" as an input message role.'
        )
    if role not in ("user", "assistant", "system"):
        refuse(f"{path}.role: Input should be 'user' or 'assistant'")
    if content is None:
        refuse(f"{path}.content: Field required")
    if not isinstance(content, (str, list)):
        refuse(f"{path}.content: Input should be a valid string or list")
    if not content:
        if role == "user":
            refuse(f"{path}: user messages must have non-empty content")
        if not last:
            refuse(
                f"{path}: all messages must have non-empty content except for the optional final "
                "assistant message"
            )
    if isinstance(content, str):
        if content and not content.strip():
            refuse("messages: text content blocks must contain non-whitespace text")
        return
    for place, block in enumerate(content):
        check_block(block, f"{path}.content.{place}", str(role))


def _small_words(body: dict[str, Any]) -> None:
    """Stop sequences, metadata and the tier of service."""
    stops = body.get("stop_sequences")
    if stops is not None:
        if not isinstance(stops, list) or not all(isinstance(s, str) for s in stops):
            refuse("stop_sequences: Input should be a valid list of strings")
        if not all(s.strip() for s in stops):
            refuse("stop_sequences: each stop sequence must contain non-whitespace")
    for key in body.get("metadata") or {}:
        if key != "user_id":
            refuse(f"metadata.{key}: Extra inputs are not permitted")
    if body.get("service_tier") not in (None, "auto", "standard_only"):
        refuse("service_tier: Input should be 'auto' or 'standard_only'")


def _tool_choice(body: dict[str, Any]) -> None:
    choice = body.get("tool_choice")
    if choice is None:
        return
    if not isinstance(choice, dict) or choice.get("type") not in ("auto", "any", "tool", "none"):
        refuse(
            "tool_choice: Input tag does not match any of the expected tags: 'auto', 'any', 'tool', 'none'"
        )
    if not body.get("tools") and choice["type"] != "none":
        refuse("tool_choice: tool_choice may only be specified while providing tools.")
    if choice["type"] == "tool" and choice.get("name") not in [t["name"] for t in body["tools"]]:
        refuse(f"tool_choice.name: Tool {choice.get('name')!r} not found in provided tools")


def _context_management(body: dict[str, Any], thinks: bool) -> None:
    edits = (body.get("context_management") or {}).get("edits") or []
    if not thinks and any(edit.get("type") == "clear_thinking_20251015" for edit in edits):
        refuse("`clear_thinking_20251015` strategy requires `thinking` to be enabled or adaptive")


def _order(request: Request) -> None:
    """Who speaks first and last, and where system messages may stand."""
    turns = request.turns
    if turns[0].role != "user":
        refuse('messages: first message must use the "user" role')
    for before, turn in pairwise(turns):
        if turn.role == "system" and before.role != "user":
            refuse(f"{turn.path}: a system message must directly follow a user message")
        if before.role == "system" and turn.role != "assistant":
            refuse(
                f"{before.path}: a system message must be followed by an assistant message or end the request"
            )
    last = turns[-1]
    if last.role != "assistant":
        return
    thinking = next((b for b in last.blocks if b.is_thinking), None)
    if thinking and not request.thinking.on:
        refuse(
            f"{thinking.path}: When thinking is disabled, an `assistant` message in the final position "
            "cannot "
            "contain `thinking`. To use thinking blocks, enable `thinking` in your request."
        )
    if not request.generation.prefill or request.thinking.on:
        refuse(
            "This model does not support assistant message prefill. The conversation must end with a "
            "user message."
        )
    text = last.blocks[-1].data.get("text", "") if last.blocks else ""
    if text != text.rstrip():
        refuse("messages: final assistant content cannot end with trailing whitespace")


def _pairing(turns: tuple[Turn, ...]) -> None:
    """Each tool call is answered, once, at the start of the very next user message."""
    seen: set[str] = set()
    # A system message may stand between an answered call and the next turn, never between call and result.
    for index, turn in enumerate(turns):
        calls = [b for b in turn.blocks if b.type == "tool_use"]
        for call in calls:
            if call.data["id"] in seen:
                refuse(f"{call.path}: `tool_use` ids must be unique")
            seen.add(call.data["id"])
        asked = [str(c.data["id"]) for c in calls]
        following = turns[index + 1] if index + 1 < len(turns) else None
        if asked:
            _answered(turn, asked, following)
        if turn.role == "user":
            before = turns[index - 1] if index else None
            _expected(turn, before)


def _answered(turn: Turn, asked: list[str], following: Turn | None) -> None:
    leading: list[str] = []
    for block in following.blocks if following else ():
        if block.type != "tool_result":
            break
        leading.append(str(block.data["tool_use_id"]))
    missing = [id for id in asked if id not in leading]
    if missing:
        refuse(
            f"{turn.path}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block "
            "in the "
            "next message."
        )


def _expected(turn: Turn, before: Turn | None) -> None:
    asked = {b.data["id"] for b in before.blocks if b.type == "tool_use"} if before else set()
    given: set[str] = set()
    for block in turn.blocks:
        if block.type != "tool_result":
            continue
        id = str(block.data["tool_use_id"])
        if id not in asked:
            refuse(
                f"{block.path}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each "
                "`tool_result` "
                "block must have a corresponding `tool_use` block in the previous message."
            )
        if id in given:
            refuse(
                f"{block.path}: each tool_use must have a single result. Found multiple `tool_result` blocks "
                f"with id: {id}"
            )
        given.add(id)


def marks(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every cache mark with its path, in the order the API processes them; the automatic one comes last."""
    for part in ("tools", "system"):
        holders = body.get(part)
        for index, holder in enumerate(holders if isinstance(holders, list) else ()):
            if holder.get("cache_control"):
                yield f"{part}.{index}", holder["cache_control"]
    for index, message in enumerate(body["messages"]):
        content = message["content"]
        for place, block in enumerate(content if isinstance(content, list) else ()):
            if block.get("cache_control"):
                yield f"messages.{index}.content.{place}", block["cache_control"]
    if body.get("cache_control"):
        yield "", body["cache_control"]


def _cache_marks(body: dict[str, Any]) -> None:
    found = list(marks(body))
    if len(found) > 4:
        refuse(f"A maximum of 4 blocks with cache_control may be provided. Found {len(found)}.")
    short = False
    for path, mark in found:
        if mark.get("type") != "ephemeral" or mark.get("ttl", "5m") not in ("5m", "1h"):
            refuse(f"{path or 'body'}.cache_control: Input should be an object of type 'ephemeral'")
        long = mark.get("ttl") == "1h"
        if long and short:
            where = f"{path}.cache_control.ttl" if path else "cache_control.ttl"
            refuse(
                f"{where}: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control "
                "block. "
                "Note that blocks are processed in the following order: `tools`, `system`, `messages`."
            )
        short = short or not long
    _automatic_mark(body)


def _automatic_mark(body: dict[str, Any]) -> None:
    """The automatic mark and one set on the very last block must live equally long."""
    content = body["messages"][-1]["content"]
    last = content[-1].get("cache_control") if isinstance(content, list) and content else None
    automatic = body.get("cache_control")
    if automatic and last and automatic.get("ttl", "5m") != last.get("ttl", "5m"):
        refuse(
            "cache_control.ttl: the top-level cache_control must have the same ttl as the cache_control of "
            "the last block"
        )


def _length(request: Request) -> None:
    tokens, most = total_tokens(request), request.generation.context
    if tokens > most:
        refuse(f"prompt is too long: {tokens} tokens > {most} maximum")
