"""Exchanges made from one history side by side: what each kept and lost, and how much they vary; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from statistics import median

from tui.chat.figures import SOURCES, count, duration, money, usd
from tui.chat.parts import AssistantPart, Reasoning, Text, ToolCall
from tui.chat.record import Exchange
from tui.clean import visible
from tui.exchanges.sent_parts import Sent, SentPart

_MOST_WORDS = 3000
"""Of a text, for how alike it is to another."""
_MOST = 60
_ID = re.compile(r"[A-Za-z]+[_-]|[A-Za-z]+")
NOT_SENT = "–"


@dataclass(frozen=True, slots=True)
class Lane:
    """One exchange, as it is compared."""

    exchange: Exchange
    sent: Sent
    parts: tuple[AssistantPart, ...] = ()
    """Of its answer."""
    stop: str = ""
    """Why it ended, as told on the wire."""

    @property
    def text(self) -> str:
        """What was said in the answer."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared: a clean cell for each lane."""

    group: str
    """``request``, ``answer`` or ``took``."""
    name: str
    cells: tuple[str, ...]

    def differs(self, lane: int) -> bool:
        """Whether a lane has another word here than the first one."""
        return self.cells[lane] != self.cells[0]


def rows(lanes: Sequence[Lane]) -> tuple[Row, ...]:
    """The table of all lanes, the first being what the others are held against."""
    first = lanes[0]

    def row(group: str, name: str, cell: Callable[[Lane], str]) -> Row:
        return Row(group, name, tuple(visible(cell(lane), _MOST) for lane in lanes))

    return (
        row("request", "model", lambda lane: lane.exchange.route.requested),
        row("request", "endpoint", lambda lane: lane.exchange.route.endpoint),
        row("request", "thinking sent", lambda lane: _thinking(first, lane)),
        row("request", "seals sent", lambda lane: str(lane.exchange.seals_sent)),
        row("request", "order", lambda lane: _order(first.sent, lane.sent)),
        row("request", "tool ids", lambda lane: _ids(first.sent, lane.sent)),
        row("request", "system", lambda lane: _kept(first.sent.system, lane.sent.system, "characters")),
        row("request", "tools", lambda lane: _tools(first.sent, lane.sent)),
        row("answer", "ended", _ended),
        row("answer", "answered by", lambda lane: _by(lane.exchange)),
        row("answer", "thinking", _thought),
        row("answer", "seals", lambda lane: str(lane.exchange.seals_received)),
        row("answer", "order", lambda lane: ", ".join(map(_kind, lane.parts)) or NOT_SENT),
        row("answer", "tool ids", _new_ids),
        row("answer", "text", lambda lane: _alike(first, lane)),
        row("took", "tokens in", lambda lane: _tokens(lane, "input_total")),
        row("took", "of them cached", lambda lane: _tokens(lane, "cache_read")),
        row("took", "tokens out", lambda lane: _tokens(lane, "output")),
        row("took", "of them thinking", lambda lane: _tokens(lane, "reasoning")),
        row("took", "cost", _cost),
        row("took", "first token", lambda lane: duration(lane.exchange.ttft_s)),
        row("took", "time", lambda lane: duration(lane.exchange.seconds)),
    )


def spread(lanes: Sequence[Lane]) -> tuple[tuple[str, str], ...]:
    """How much several answers to one request vary: a name and what is said of it, clean."""
    whole = [lane for lane in lanes if lane.exchange.state == "done"]
    ended = f"{len(whole)} of {len(lanes)} came whole"
    told = [
        ("answers", ended),
        ("time", _range([lane.exchange.seconds for lane in whole], duration)),
        ("first token", _range([lane.exchange.ttft_s for lane in whole], duration)),
        (
            "tokens out",
            _range([_output(lane) for lane in whole], _whole),
        ),
        ("cost", _range([lane.exchange.cost.usd for lane in whole], lambda value: usd(Decimal(value)))),
        ("different texts", str(len({lane.text for lane in whole}))),
        ("stops", _counted([lane.stop or "not told" for lane in whole])),
        ("tools called", _counted([_called(lane) for lane in whole])),
        ("answered by", _counted([_by(lane.exchange) for lane in whole])),
    ]
    return tuple((name, visible(says, 200)) for name, says in told)


def _thinking(first: Lane, lane: Lane) -> str:
    """How many thinking parts of the history went out, and what became of the others."""
    had = [part for part in first.sent.parts if part.kind == "thinking"]
    now = [part for part in lane.sent.parts if part.kind == "thinking"]
    if not had and not now:
        return "none there"
    said = [part.text for part in lane.sent.parts if part.kind == "text"]
    gone = [part.text for part in had[len(now) :]] if lane is not first else []
    as_text = sum(any(text and text in words for words in said) for text in gone)
    words = [f"{len(now)} of {len(had)}" if lane is not first else str(len(now))]
    words += [f"{as_text} as text"] if as_text else []
    words += [f"{len(gone) - as_text} dropped"] if len(gone) > as_text else []
    return ", ".join(words)


def _order(first: Sent, now: Sent) -> str:
    """Whether what is left of the history stands in the same order."""
    if not first.parts and not now.parts:
        return "nothing there"
    had, has = [part.kind for part in first.parts], [part.kind for part in now.parts]
    if had == has:
        return "kept"
    rest = [kind for kind in had if kind != "thinking"], [kind for kind in has if kind != "thinking"]
    if rest[0] != rest[1]:
        return "changed"
    return "kept, thinking left out" if "thinking" not in has else "thinking moved or left out"


def _ids(first: Sent, now: Sent) -> str:
    had, has = _names(first.parts), _names(now.parts)
    if not had and not has:
        return "none there"
    kept = sum(a == b for a, b in zip(had, has, strict=False))
    if had == has:
        return f"{len(had)} kept"
    if len(had) != len(has):
        return f"{len(has)} of {len(had)} sent"
    return f"{kept} kept, {len(had) - kept} renamed"


def _names(parts: Sequence[SentPart]) -> list[str]:
    return [part.id for part in parts if part.kind == "call"]


def _kept(had: str, has: str, unit: str) -> str:
    if not has:
        return "not sent" if had else "none there"
    return f"{len(has):,} {unit}{'' if had == has else ', another text'}"


def _tools(first: Sent, now: Sent) -> str:
    if not now.tools:
        return "not sent" if first.tools else "none there"
    return f"{len(now.tools)}{'' if first.tools == now.tools else ', others'}"


def _ended(lane: Lane) -> str:
    failure = lane.exchange.failure
    if failure is not None:
        return f"failed: {failure.title}"
    return lane.stop or lane.exchange.state


def _by(exchange: Exchange) -> str:
    served = exchange.served
    return (served and (served.model or served.model_id)) or "not told"


def _thought(lane: Lane) -> str:
    thoughts = [part for part in lane.parts if isinstance(part, Reasoning)]
    if not thoughts:
        return "none"
    characters = sum(len(part.text) for part in thoughts)
    return f"{len(thoughts)}, {f'{characters:,} characters' if characters else 'nothing to read'}"


def _kind(part: AssistantPart) -> str:
    match part:
        case Reasoning():
            return "thinking" if part.state == "unsigned" else "thinking ◆"
        case Text():
            return "text"
        case ToolCall():
            return f"call {part.name}"
        case _:
            return part.label


def _new_ids(lane: Lane) -> str:
    """What the ids of the answer's calls look like: their beginning and their length."""
    shapes = dict.fromkeys(_shape(part.id) for part in lane.parts if isinstance(part, ToolCall))
    return ", ".join(shapes) or "no call"


def _shape(id: str) -> str:
    found = _ID.match(id)
    return f"{found[0] if found else ''}… ({len(id)})"


def _alike(first: Lane, lane: Lane) -> str:
    if lane is first or lane.text == first.text:
        return f"{len(lane.text):,} characters" if lane.text else "none"
    if not lane.text or not first.text:
        return f"{len(lane.text):,} characters" if lane.text else "none"
    had, has = (text.split()[:_MOST_WORDS] for text in (first.text, lane.text))
    share = SequenceMatcher(None, had, has, autojunk=len(had) > 200).ratio()
    return f"{len(lane.text):,} characters, {share:.0%} alike"


def _tokens(lane: Lane, name: str) -> str:
    usage = lane.exchange.usage
    return count(None if usage is None else getattr(usage, name))


def _cost(lane: Lane) -> str:
    cost = lane.exchange.cost
    return money(cost) if cost.usd is None else f"{money(cost)} ({SOURCES[cost.source]})"


def _range(found: Sequence[float | Decimal | None], say: Callable[[float], str]) -> str:
    known = sorted(float(value) for value in found if value is not None)
    if not known:
        return "not told"
    if known[0] == known[-1]:
        return say(known[0])
    return f"{say(known[0])} to {say(known[-1])}, half below {say(median(known))}"


def _output(lane: Lane) -> int | None:
    return None if lane.exchange.usage is None else lane.exchange.usage.output


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _called(lane: Lane) -> str:
    return ", ".join(part.name for part in lane.parts if isinstance(part, ToolCall)) or "none"


def _counted(words: Sequence[str]) -> str:
    """Each word once with how often it was there, the most frequent first."""
    often = sorted(dict.fromkeys(words), key=lambda word: -words.count(word))
    return "; ".join(f"{word} ×{words.count(word)}" if len(words) > 1 else word for word in often) or "none"
