"""Stored sessions as JSON for scripts; the field names are a contract, null means not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.parts import Document, Foreign, Image, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionInfo, SessionRecord
from tui.cli.json_events import Fields, cost_fields, figure_fields, part_fields, usage_fields, warning_fields
from tui.exports.story import Branch, story_of

_Shown = Text | Reasoning | ToolCall | ToolResult | Image | Document | Foreign


def info_fields(info: SessionInfo) -> Fields:
    """One session as a list shows it; times are Unix time in seconds."""
    return {
        "session": info.id,
        "title": info.title,
        "created": info.created or None,
        "changed": info.changed or None,
        "model": info.model or None,
        "models": list(info.models),
        "turns": info.totals.turns,
        "steps": info.totals.steps,
        "messages": info.messages,
        "forks": info.forks,
        "usage": usage_fields(info.totals.usage),
        "cost": cost_fields(info.totals.cost),
        "pinned": info.pinned,
        "archived": info.archived,
        "deleted": info.deleted_at,
        "source": info.source or None,
        "forked_from": info.forked_from,
        "open": info.is_open,
    }


def record_fields(record: SessionRecord) -> Fields:
    """A whole session: the branch where it stands message by message, the others by where they leave it."""
    answered = {exchange.answer: exchange for exchange in record.exchanges if exchange.answer is not None}
    return {
        **info_fields(record.info),
        "system": record.state.system,
        "messages": [_message(node, answered.get(node.message.id)) for node in record.path()],
        "forks": [_fork(branch) for branch in story_of(record).branches[1:]],
    }


def _message(node: Node, exchange: Exchange | None) -> Fields:
    message = node.message
    fields: Fields = {
        "id": message.id,
        "at": message.at or None,
        "role": _role(message),
        **dict.fromkeys(("model", "requested", "provider", "endpoint", "turn", "step", "usage", "cost")),
        **dict.fromkeys(("stop", "stop_raw")),
        "observed": [],
        "figures": [],
        "unfinished": [],
        "parts": list(_parts(node)),
    }
    if isinstance(message, AssistantMessage):
        fields |= {
            "model": message.origin.model or None,
            "usage": None if message.usage is None else usage_fields(message.usage),
            "cost": cost_fields(message.cost),
            "stop": message.stop,
            "stop_raw": message.stop_raw,
            "unfinished": sorted(message.unfinished),
        }
    if exchange is not None:
        route = exchange.route
        fields |= {
            "requested": route.requested,
            "provider": route.provider,
            "endpoint": route.endpoint,
            "turn": exchange.turn,
            "step": exchange.step,
            "figures": figure_fields(exchange.figures),
            "observed": [warning_fields(finding) for finding in exchange.observed],
        }
    return fields


def _role(message: Message) -> str:
    if isinstance(message, UserMessage):
        return "user"
    return "assistant" if isinstance(message, AssistantMessage) else "tool"


def _parts(node: Node) -> Iterator[Fields]:
    message = node.message
    facts = {called.call_id: called for called in node.calls}
    parts: tuple[_Shown, ...]
    parts = message.parts if isinstance(message, UserMessage | AssistantMessage) else message.results
    for index, part in enumerate(parts):
        yield _part(index, part, facts)


def _part(index: int, part: _Shown, facts: Mapping[str, CallFacts]) -> Fields:
    match part:
        case ToolResult():
            called = facts.get(part.call_id)
            return {"type": "tool_result", "index": index, **result_fields(part, called)}
        case Image() | Document():
            return {"type": "image" if isinstance(part, Image) else "document", "index": index, **_file(part)}
        case _:
            type, fields = part_fields(index, part)
            return {"type": type, **fields}


def result_fields(result: ToolResult, called: CallFacts | None) -> Fields:
    """A tool's result with the files in it; its time is null where it is not known."""
    return {
        "id": result.call_id,
        "is_error": result.is_error,
        "text": result.text,
        "seconds": None if called is None or called.seconds is None else round(called.seconds, 6),
        "files": [_file(part) for part in result.parts if not isinstance(part, Text)],
    }


def _file(part: Image | Document) -> Fields:
    """A file without its content, which ``export --as json`` has."""
    size = len(part.data) * 3 // 4 - part.data[-2:].count("=")
    return {"name": part.name or None, "media_type": part.media_type, "bytes": size}


def _fork(branch: Branch) -> Fields:
    """A branch beside the one that is shown: after which message it begins, where it ends, what it holds."""
    ids, begins = [], ""
    for turn in branch.turns:
        messages = [turn.prompt, *(m for step in turn.steps for m in (step.message, step.results))]
        for message in messages:
            if message is None:
                continue
            ids.append(message.id)
            if not begins and isinstance(message, UserMessage | AssistantMessage):
                begins = message.text[:200]
    return {
        "number": branch.number,
        "after": branch.after,
        "leaf": ids[-1] if ids else None,
        "messages": len(ids),
        "begins": begins,
    }
