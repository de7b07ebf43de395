"""What changed within a text: by lines, and by words within the lines that changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tui.exchanges.align import common

SpanKind = Literal["same", "gone", "new"]

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text on one side or both."""

    kind: SpanKind
    text: str


def spans(before: str, now: str) -> tuple[Span, ...]:
    """The stretches in order: same and gone make ``before``, same and new make ``now``.

    A megabyte on each side takes about two seconds at worst.
    """
    return tuple(_joined(_by_lines(before, now)))


def words_changed(stretches: Iterable[Span]) -> str:
    """How much changed, such as ``12 words changed``; empty when nothing did."""
    changed = added = removed = other = 0
    gone = new = 0
    for span in (*stretches, Span("same", "")):
        if span.kind == "same":
            both = min(gone, new)
            changed, added, removed = changed + both, added + new - both, removed + gone - both
            gone = new = 0
            continue
        words = len(re.findall(r"\w+", span.text))
        other += not words
        gone, new = (gone + words, new) if span.kind == "gone" else (gone, new + words)
    told = [(changed, "changed"), (added, "added"), (removed, "removed")]
    says = ", ".join(f"{_words(number)} {verb}" for number, verb in told if number)
    return says or ("only blanks and punctuation changed" if other else "")


def _words(number: int) -> str:
    return "1 word" if number == 1 else f"{number:,} words"


def _by_lines(before: str, now: str) -> Iterator[Span]:
    old, new = before.splitlines(keepends=True), now.splitlines(keepends=True)
    for kind, gone, fresh in _hunks(old, new):
        if kind == "same":
            yield Span("same", "".join(gone))
        else:
            yield from _by_words("".join(gone), "".join(fresh))


def _by_words(before: str, now: str) -> Iterator[Span]:
    for kind, gone, fresh in _hunks(_TOKENS.findall(before), _TOKENS.findall(now)):
        if kind == "same":
            yield Span("same", "".join(gone))
            continue
        if gone:
            yield Span("gone", "".join(gone))
        if fresh:
            yield Span("new", "".join(fresh))


def _hunks(before: list[str], now: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Stretches that are the same (twice the same list) and between them what stands on either side."""
    at = new_at = 0
    for old, new in (*common(before, now), (len(before), len(now))):
        if old > at or new > new_at:
            yield "changed", before[at:old], now[new_at:new]
        if old < len(before):
            yield "same", before[old : old + 1], now[new : new + 1]
        at, new_at = old + 1, new + 1


def _joined(stretches: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of a kind as one; between two same ones what is gone comes before what is new."""
    held: dict[SpanKind, list[str]] = {"same": [], "gone": [], "new": []}
    for span in stretches:
        if span.kind == "same" and (held["gone"] or held["new"]):
            yield from _flushed(held)
        elif span.kind != "same" and held["same"]:
            yield Span("same", "".join(held["same"]))
            held["same"] = []
        held[span.kind].append(span.text)
    yield from _flushed(held)


def _flushed(held: dict[SpanKind, list[str]]) -> Iterator[Span]:
    for kind, texts in held.items():
        if texts:
            yield Span(kind, "".join(texts))
        held[kind] = []
