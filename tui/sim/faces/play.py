"""Plays a script's beats in time, piece by piece and in no vendor's words, up to its end or its fault."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.sim.beats import (
    Beat,
    Call,
    CleanEnd,
    Fail,
    HangUp,
    Hold,
    Pace,
    Pause,
    Refuse,
    Say,
    ShowPage,
    Stop,
    Think,
)
from tui.sim.pace import Pacer, count_tokens, pieces
from tui.sim.refusal import Broken, Page


@dataclass(frozen=True, slots=True)
class Begin:
    """A stretch of content begins; ``number`` counts the stretches of the answer from 0."""

    number: int
    beat: Think | Say | Call


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more text of the stretch that is open."""

    number: int
    beat: Think | Say | Call
    text: str


@dataclass(frozen=True, slots=True)
class End:
    """The stretch that was open is complete, unless ``cut`` by the limit of tokens."""

    number: int
    beat: Think | Say | Call
    text: str
    """What was really played of it."""
    cut: bool = False


Played: TypeAlias = Begin | Piece | End | Fail | Stop


def refused(beats: Sequence[Beat]) -> Refuse | None:
    """The refusal a script consists of, or None; raises ``Page`` for a script that shows a page."""
    first = beats[0]
    if isinstance(first, ShowPage):
        raise Page(first.html)
    return first if isinstance(first, Refuse) else None


def words_of(beat: Think | Say | Call) -> str:
    """The text a stretch streams: thinking, visible text, or the arguments of a call."""
    if isinstance(beat, Call):
        return beat.arguments
    return beat.text


def awkward(text: str, seed: int | str = 0) -> Iterator[str]:
    """Cut tool arguments as vendors do: anywhere, through words, numbers and escapes alike."""
    rng = random.Random(f"awkward {seed}")  # noqa: S311 - repeatable, not secret
    at = 0
    while at < len(text):
        size = rng.choice((1, 2, 3, 5, 8))
        yield text[at : at + size]
        at += size


async def play(
    beats: Sequence[Beat], pacer: Pacer, seed: int | str = 0, limit: int | None = None
) -> AsyncIterator[Played]:
    """Play ``beats``; ends after ``Stop`` or ``Fail``, or without either when the script ends unsaid.

    ``limit`` is the most tokens the answer may have; beyond it the answer is cut with ``max_tokens``.
    Raises ``Broken`` where the script hangs up.
    """
    number, left = 0, limit
    for beat in beats:
        match beat:
            case Pause(seconds):
                await pacer.pause(seconds)
            case Pace(factor):
                pacer.factor = factor
            case Hold():
                await asyncio.Event().wait()
            case HangUp(whole_way):
                raise Broken(whole_way)
            case CleanEnd():
                return
            case Fail() | Stop():
                yield beat
                return
            case Think() | Say() | Call():
                yield Begin(number, beat)
                said = ""
                cut = awkward if isinstance(beat, Call) else pieces
                for piece in cut(words_of(beat), f"{seed}.{number}"):
                    if left is not None and count_tokens(said + piece) > left:
                        yield End(number, beat, said, cut=True)
                        yield Stop("max_tokens")
                        return
                    await pacer.after(piece)
                    said += piece
                    yield Piece(number, beat, piece)
                yield End(number, beat, said)
                left = None if left is None else left - count_tokens(said)
                number += 1
            case Refuse() | ShowPage():
                return


def struck_stretch(beats: Sequence[Beat]) -> int | None:
    """Number of the stretch inside which a fault strikes, so that its end never comes; None without."""
    stretches = [i for i, b in enumerate(beats) if isinstance(b, (Think, Say, Call))]
    faults = isinstance(beats[-1], (HangUp, CleanEnd, Fail, Hold))
    return len(stretches) - 1 if faults and stretches and stretches[-1] == len(beats) - 2 else None


def cut_at(beats: Sequence[Beat], sequences: Sequence[str]) -> tuple[tuple[Beat, ...], str | None]:
    """End the beats before the first stop sequence the model would say; with the sequence, if any."""
    for place, beat in enumerate(beats):
        if not isinstance(beat, Say):
            continue
        found = [(at, s) for s in sequences if s and (at := beat.text.find(s)) >= 0]
        if found:
            at, sequence = min(found)
            return (*beats[:place], Say(beat.text[:at]), Stop("end")), sequence
    return tuple(beats), None
