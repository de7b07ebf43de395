"""Where the cacheable beginning of a request first differs from that of the request before it.

Markers that ask for caching are left out: where they stand does not change what is cached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tui.chat.json_text import dump_text
from tui.chat.parts import Json
from tui.exchanges.anatomy import Anatomy, Piece, new_since, piece_of
from tui.exchanges.change_words import phrases, what
from tui.exchanges.diff import Change, request_diff

MARK = "cache_control"
_MEDIA = frozenset({"image", "document", "image_url", "input_image", "input_file", "file", "input_audio"})
_AFTER_TOOLS = ("tool_choice", "thinking", "output_config", "reasoning", "reasoning_effort")
"""Parameters after whose change a vendor reads messages anew, while tools and system may stay cached."""
_BEFORE_ALL = ("response_format", "text")
"""Parameters that hold a schema, which stands before everything else."""

_NEAR = 200
"""Pieces behind the break among which the sentence for it is looked for."""

Where = Literal["tools", "system", "messages", "parameters"]


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing in a prefix that is not as it was."""

    where: Where
    path: str
    says: str
    """A clean sentence without its place."""
    pieces: int
    """How many pieces before it are the same."""
    kept: int
    """Bytes of them."""
    had: int
    """Bytes of all pieces of the request before."""
    media: bool
    """Whether there are pictures or files among them, whose bytes tell nothing of their tokens."""
    surely: bool = True
    """Whether vendors are known to read anew what follows; of some parameters it is not known."""


def prefix_break(before: Anatomy, now: Anatomy) -> Break | None:
    """Where ``now`` leaves what ``before`` began; None while all of one stands at the start of the other."""
    old, new = unmarked(before), unmarked(now)
    at = new_since(old, new)
    piece = _break_at(old, new, at)
    changed = _parameter(old, new)
    if changed is None:
        return piece
    if piece is not None and (piece.where in ("tools", "system") or not changed.surely):
        return piece
    return changed


def unmarked(taken: Anatomy) -> Anatomy:
    """A request without the marks that ask for caching."""
    pieces = tuple(_unmarked(piece) for piece in taken.pieces)
    params = {key: value for key, value in taken.params.items() if key != MARK}
    return replace(taken, pieces=pieces, params=params)


def mark_in(taken: Anatomy) -> str | None:
    """How long what is marked shall live, ``5m`` or ``1h``, the longest of several; None without a mark."""
    marks = [taken.params.get(MARK), *(_mark(piece.value) for piece in taken.pieces)]
    given = [mark for mark in marks if isinstance(mark, dict)]
    if not given:
        return None
    return "1h" if any(mark.get("ttl") == "1h" for mark in given) else "5m"


def _break_at(old: Anatomy, new: Anatomy, at: int) -> Break | None:
    if at == len(old.pieces) or at == len(new.pieces):
        return None
    was, now = old.pieces[at], new.pieces[at]
    change, others = _change_at(old, new, was, now, at)
    where: Where = "messages"
    if "tool" in (was.kind, now.kind):
        where = "tools"
    elif "system" in (was.kind, now.kind):
        where = "system"
    says = change.says if change else f"{what(now)} stands where {what(was)} was"
    if others and where == "tools":
        says += f", and {others} more {'change' if others == 1 else 'changes'} to the list"
    return Break(where, now.path if change is None else change.path, says, at, *_sizes(old, at))


def _change_at(old: Anatomy, new: Anatomy, was: Piece, now: Piece, at: int) -> tuple[Change | None, int]:
    """The row of the diff that tells of what stands at the break, and how many more its section has."""
    # Only what is near: the words are the same, and a history of megabytes is not compared to its end.
    if was.kind == now.kind == "tool":
        old, new = _only_tools(old), _only_tools(new)
    else:
        old, new = _near(old, at), _near(new, at)
    changes = [change for change in request_diff(old, new).changes if change.section != "parameters"]
    for change in changes:
        before, after = change.before, change.after
        if (before and before.path == was.path) or (after and after.path == now.path):
            return change, sum(other.section == change.section for other in changes) - 1
    return None, 0


def _near(taken: Anatomy, at: int) -> Anatomy:
    return replace(taken, pieces=taken.pieces[max(0, at - 1) : at + _NEAR])


def _only_tools(taken: Anatomy) -> Anatomy:
    return replace(taken, pieces=tuple(piece for piece in taken.pieces if piece.kind == "tool"))


def _parameter(old: Anatomy, new: Anatomy) -> Break | None:
    """The first parameter that stands in what is cached and is another now."""
    for key in (*_BEFORE_ALL, *_AFTER_TOOLS):
        was, now = old.params.get(key), new.params.get(key)
        if dump_text(was) == dump_text(now):
            continue
        says = "; ".join(phrases(was, now, key)[:3])
        at = 0
        if key in _AFTER_TOOLS:
            at = sum(piece.kind in ("tool", "system") for piece in old.pieces)
        surely = old.dialect == "messages" and key in ("tool_choice", "thinking")
        return Break("parameters", key, says, at, *_sizes(old, at), surely=surely)
    return None


def _sizes(old: Anatomy, at: int) -> tuple[int, int, bool]:
    sizes = [piece.size for piece in old.pieces]
    return sum(sizes[:at]), sum(sizes), any(_holds_media(piece.value) for piece in old.pieces)


def _unmarked(piece: Piece) -> Piece:
    mark = _mark(piece.value)
    if mark is None:
        return piece
    value = _without_marks(piece.value)
    return piece_of(piece.path, piece.kind, piece.role, piece.label, value)


def _mark(value: Json) -> Json:
    """The mark on a piece or on a block within it."""
    if not isinstance(value, dict):
        return None
    if MARK in value:
        return value[MARK]
    for inner in (value.get("function"), *_content(value)):
        if isinstance(inner, dict) and MARK in inner:
            return inner[MARK]
    return None


def _without_marks(value: dict[str, Json]) -> dict[str, Json]:
    bare = {key: inner for key, inner in value.items() if key != MARK}
    for key, inner in bare.items():
        if key == "function" and isinstance(inner, dict):
            bare[key] = {k: v for k, v in inner.items() if k != MARK}
        elif key == "content" and isinstance(inner, list):
            bare[key] = [
                {k: v for k, v in block.items() if k != MARK} if isinstance(block, dict) else block
                for block in inner
            ]
    return bare


def _content(value: dict[str, Json]) -> list[Json]:
    content = value.get("content")
    return content if isinstance(content, list) else []


def _holds_media(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    return any(isinstance(one, dict) and one.get("type") in _MEDIA for one in (value, *_content(value)))
