"""What changed within one piece of a request, parameter or fact, in words; every word of it is clean."""

from __future__ import annotations

from tui.chat.json_text import dump_text
from tui.chat.parts import Json
from tui.clean import visible
from tui.exchanges.anatomy import Piece, name_of
from tui.exchanges.text_diff import spans, words_changed
from tui.wire.sealed import Seal, seals_in

_NAME_CELLS = 48
_VALUE_CELLS = 40
_SHORT = 60
"""Texts up to so many characters are told in full, longer ones by how many words changed."""
LONGEST = 1_000_000
"""Texts beyond so many characters are not compared by words: those are attachments."""
_MOST = 4
"""Phrases a sentence holds."""
_DEPTH = 6
SEALS = frozenset({"signature", "data", "encrypted_content", "thought_signature"})
"""Fields that hold a seal and nothing else."""


def tool_change(old: Json, new: Json) -> str:
    """Which parameters a tool lost, gained or changed, and what else is not the same."""
    name = f"tool `{visible(name_of(old)[:200], _NAME_CELLS)}`"
    old_inner, new_inner = _definition(old), _definition(new)
    old_schema, new_schema = _schema(old_inner), _schema(new_inner)
    says = list(_parameters(_properties(old_schema), _properties(new_schema)))
    others = _without(old_schema, "properties"), _without(new_schema, "properties")
    if not says or not _is_equal(*others):
        says += phrases(*others, "schema")
    rest = [_without(inner, "input_schema", "parameters") for inner in (old_inner, new_inner)]
    says += phrases(*rest)
    if old_inner is not old and new_inner is not new:
        says += phrases(_without(old, "function"), _without(new, "function"))
    return f"{name} {_few(says)}" if says else f"{name}: {order_or_form(old, new)}"


def piece_change(old: Piece, new: Piece) -> str:
    """What changed in a message, a block or the system prompt."""
    before, now = _plain(old.value), _plain(new.value)
    if _is_equal(before, now):
        return f"{what(new)}: {order_or_form(old.value, new.value)}"
    if isinstance(before, str) and isinstance(now, str):
        return f"{what(new)}: {text_change(before, now)}"
    seals = [tuple(seal.hash[:4] for seal in seals_in(piece.value)) for piece in (old, new)]
    says: list[str] = []
    if seals[0] != seals[1]:
        says.append(f"seal {_marks(seals[0])} → {_marks(seals[1])}")
    says += phrases(old.value, new.value, skip=SEALS if says else frozenset())
    return f"{what(new)}: {_few(says) or order_or_form(old.value, new.value)}"


def what(piece: Piece) -> str:
    """How a piece is called in a sentence, with the head of its seal if it has one."""
    if piece.kind == "tool":
        return f"tool `{visible(name_of(piece.value)[:200], _NAME_CELLS)}`"
    if piece.kind == "system" and piece.label == "system · text":
        return "system prompt"
    seals: tuple[Seal, ...] = seals_in(piece.value)
    sealed = f" (sealed {seals[0].hash[:4]}…)" if seals else ""
    return f"{piece.label.replace(' · ', ' ')}{sealed}"


def text_change(before: str, now: str) -> str:
    """How a text changed: both in full where they are short, else the number of words."""
    if len(before) <= _SHORT and len(now) <= _SHORT:
        return f"“{visible(before, _SHORT)}” → “{visible(now, _SHORT)}”"
    if max(len(before), len(now)) > LONGEST:
        return f"another text of {len(now):,} characters, before {len(before):,}"
    return words_changed(spans(before, now)) or "its blanks changed"


def phrases(before: Json, now: Json, name: str = "", *, skip: frozenset[str] = frozenset()) -> list[str]:
    """What differs between two values, one phrase each, named by where it is."""
    return _phrases(before, now, name, skip, 0)


def brief(value: Json) -> str:
    """A value as one short line."""
    if isinstance(value, str):
        return f"“{visible(value[:200], _VALUE_CELLS)}”"
    if isinstance(value, dict | list) and len(value) > 20:
        return f"{{{len(value)} fields}}" if isinstance(value, dict) else f"[{len(value)} items]"
    return visible(dump_text(value)[:400], _VALUE_CELLS)


def order_or_form(old: Json, new: Json) -> str:
    """Why two values that mean the same are not equal."""
    if type(old) is type(new) and isinstance(old, dict) and sorted(old) == sorted(new):
        return "the same, its keys in another order"
    return "the same, written in another form"


def _phrases(before: Json, now: Json, name: str, skip: frozenset[str], depth: int) -> list[str]:
    if _is_equal(before, now):
        return []
    called = f"{name} " if name else ""
    if isinstance(before, dict) and isinstance(now, dict) and depth < _DEPTH:
        out: list[str] = []
        for key in (*before, *(key for key in now if key not in before)):
            if key in skip:
                continue
            inner = visible(f"{name}.{key}"[:200] if name else key[:200], _NAME_CELLS)
            if key not in now:
                out.append(f"lost {inner}")
            elif key not in before:
                out.append(f"gained {inner} {brief(now[key])}")
            else:
                out += _phrases(before[key], now[key], inner, skip, depth + 1)
        return out or [f"{called}keys in another order"]
    if isinstance(before, str) and isinstance(now, str):
        return [f"{called}{text_change(before, now)}"]
    if isinstance(before, list) and isinstance(now, list):
        if len(before) == len(now) <= _MOST and depth < _DEPTH:
            pairs = enumerate(zip(before, now, strict=True))
            return [says for at, (a, b) in pairs for says in _phrases(a, b, f"{name}.{at}", skip, depth + 1)]
        return [f"{called}{_items(len(before))} → {_items(len(now))}"]
    return [f"{called}{brief(before)} → {brief(now)}"]


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number:,} items"


def _parameters(before: dict[str, Json], now: dict[str, Json]) -> list[str]:
    out = [f"lost parameter `{visible(key[:200], _NAME_CELLS)}`" for key in before if key not in now]
    out += [f"gained parameter `{visible(key[:200], _NAME_CELLS)}`" for key in now if key not in before]
    for key, value in before.items():
        if key in now and not _is_equal(value, now[key]):
            says = _few(phrases(value, now[key])) or "changed"
            out.append(f"parameter `{visible(key[:200], _NAME_CELLS)}`: {says}")
    kept = [key for key in before if key in now], [key for key in now if key in before]
    if kept[0] != kept[1]:
        out.append("parameters in another order")
    return out


def _definition(tool: Json) -> Json:
    inner = tool.get("function") if isinstance(tool, dict) else None
    return inner if isinstance(inner, dict) else tool


def _schema(tool: Json) -> Json:
    if not isinstance(tool, dict):
        return None
    return tool.get("input_schema", tool.get("parameters"))


def _properties(schema: Json) -> dict[str, Json]:
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def _without(value: Json, *keys: str) -> Json:
    return {k: v for k, v in value.items() if k not in keys} if isinstance(value, dict) else value


def _plain(value: Json) -> Json:
    """The text of what is nothing but a text, however it is written."""
    if isinstance(value, dict):
        if value.keys() == {"role", "content"} and isinstance(value["content"], str):
            return value["content"]
        if value.keys() in ({"type", "text"}, {"text"}) and isinstance(value["text"], str):
            return value["text"]
    return value


def _is_equal(a: Json, b: Json) -> bool:
    return a is b or dump_text(a) == dump_text(b)


def _marks(hashes: tuple[str, ...]) -> str:
    return ", ".join(f"{mark}…" for mark in hashes[:2]) or "none"


def _few(says: list[str]) -> str:
    rest = len(says) - _MOST
    return ", ".join(says[:_MOST]) + (f" and {rest} more" if rest > 0 else "")
