"""One line an exchange, as data: number, how it went, who was asked, time, cost, badges; no Textual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.chat.record import Exchange
from tui.clean import cells, cut, visible
from tui.truth import badges as truth_badges
from tui.ui.figures import usd
from tui.ui.transcript.blocks.figures import span

STATES = {
    "open": ("● running", "bold $text-accent"),
    "done": ("✓", "$text-success"),
    "stopped": ("■ stopped", "$text-warning"),
    "failed": ("✗", "bold $text-error"),
    "lost": ("? lost", "$text-warning"),
}
"""How each state is written, and in which style."""
ENDPOINTS = {"/v1/messages": "messages", "/v1/chat/completions": "chat", "/v1/responses": "responses"}
"""How each endpoint is called where there is little room."""
PURPOSES = {"turn": "", "replay": "↻", "shadow": "◇"}
"""The mark of what was not sent for the conversation."""
WORDS = "failed, stopped, running, odd, retried, replay, shadow, marked"
"""What the filter knows beside the words of a row."""


def state_of(exchange: Exchange) -> tuple[str, str]:
    """How it went, with the status where one was told, and the style of it."""
    word, style = STATES[exchange.state]
    if exchange.state in ("done", "failed") and exchange.status is not None:
        return f"{word} {exchange.status}", style
    if exchange.state == "failed":
        return f"{word} failed", style
    return word, style


def badges(exchange: Exchange) -> tuple[str, ...]:
    """What was odd about it, each in a word or two."""
    return tuple(
        visible(badge, 32) for badge in truth_badges.badges(exchange.observed, exchange.served, None)
    )


def took(exchange: Exchange, now: float) -> float | None:
    """Seconds it took, or takes so far; None where nobody knows."""
    if exchange.state == "open":
        return max(0.0, now - exchange.at)
    return exchange.seconds


# Not frozen: ten thousand of them are made at once, and freezing makes each three times as dear.
@dataclass(slots=True, eq=False)
class Row:
    """An exchange in a list; never changed once made."""

    exchange: Exchange
    step: int = 1
    """Which step of its turn it is, from 1."""
    again: int = 0
    """How many requests of the same step were made before it."""
    marked: bool = False
    _words: str = ""

    @property
    def id(self) -> str:
        """Of the exchange."""
        return self.exchange.id

    @property
    def words(self) -> str:
        """Everything it can be found by, in small letters; made when it is first asked for."""
        if not self._words:
            one = self.exchange
            route, failure, served = one.route, one.failure, one.served
            said = [
                f"{one.turn}.{self.step} {route.wire_model} {route.requested} {route.endpoint}",
                f"{ENDPOINTS[route.endpoint]} {route.vendor} {one.status or ''}",
                *self.states,
            ]
            if served is not None and served.model:
                said.append(served.model)
            if failure is not None:
                said.append(f"{failure.cls} {failure.layer} {failure.title}")
            if one.observed:
                said += [found.cls for found in one.observed]
            self._words = " ".join(said).casefold()
        return self._words

    @property
    def states(self) -> tuple[str, ...]:
        """Words of the filter that hold for it."""
        one = self.exchange
        words = ["running" if one.state == "open" else one.state, one.purpose]
        if one.observed:
            words.append("odd")
        if self.again:
            words.append("retried")
        if self.marked:
            words.append("marked")
        return tuple(words)


def steps_in_turns(log: Mapping[str, Exchange]) -> dict[str, int]:
    """Which step of its turn each exchange is, from 1; the record counts them over the session."""
    first: dict[int, int] = {}
    for one in log.values():
        if one.step < first.get(one.turn, one.step + 1):
            first[one.turn] = one.step
    return {id: one.step - first[one.turn] + 1 for id, one in log.items()}


def numbered(log: Mapping[str, Exchange], word: str) -> str | None:
    """The newest exchange of a turn, or of its step; what repeats one bears its number and comes after it."""
    steps = steps_in_turns(log)
    turn, _, step = word.strip().partition(".")
    found = [id for id, one in log.items() if str(one.turn) == turn and (not step or str(steps[id]) == step)]
    made = [id for id in found if log[id].purpose == "turn"] or found
    return made[-1] if made else None


def step_in_turn(log: Mapping[str, Exchange], exchange: Exchange) -> int:
    """Which step of its turn one exchange is, from 1."""
    turn = exchange.turn
    return exchange.step - min((one.step for one in log.values() if one.turn == turn), default=0) + 1


def matching(rows: Sequence[Row], query: str) -> list[Row]:
    """The rows that have every word of ``query``; a word with a minus before it must be missing."""
    wanted = query.casefold().split()
    missing = [word[1:] for word in wanted if len(word) > 1 and word[0] == "-"]
    there = [word for word in wanted if len(word) == 1 or word[0] != "-"]
    found = [*rows]
    for word in there:
        found = [row for row in found if word in row.words]
    for word in missing:
        found = [row for row in found if word not in row.words]
    return found


READABLE = 12
"""Cells a badge needs before it says more than that there is one."""

Cell = tuple[str, str]
"""Text and style."""
_MUTED = "$foreground-muted"


def line(row: Row, width: int, now: float) -> list[Cell]:
    """The row for ``width`` cells: what tells one exchange from another goes last when room is short."""
    one = row.exchange
    state, style = state_of(one)
    mark = "◆" if row.marked else PURPOSES[one.purpose] or ("↺" if row.again else " ")
    seconds = took(one, now)
    time = "" if seconds is None else span(seconds).replace(" ", "")
    cost = "" if one.cost.usd is None else ("≥" if one.cost.at_least else "") + usd(one.cost.usd)
    if one.cost.usd is None and one.state != "open":
        cost = "$?"
    head: list[Cell] = [
        (f"{mark} ", "bold $text-accent"),
        (f"{one.turn}.{row.step:<2} ", "bold" if one.purpose == "turn" else _MUTED),
    ]
    if width < 60:
        # Of what went well nobody needs the status where there is so little room.
        short = state[:1] if len(state) >= 7 or state == "✓ 200" else state
        return _slim(row, head, [(short, style)], time, cost, width)
    odd = " ".join(badges(one)) or ("" if one.failure is None else visible(one.failure.cls, 30))
    first = "" if one.ttft_s is None else span(one.ttft_s).replace(" ", "")
    tokens = _tokens(one)
    right: list[Cell] = [
        (f"{ENDPOINTS[one.route.endpoint]:<10}", _MUTED),
        (f"{time:>8}", ""),
        (f"{first:>8}" if width >= 76 else "", _MUTED),
        (f"{tokens:>14}" if width >= 100 else "", _MUTED),
        (f"{cost:>10}", ""),
    ]
    room = width - sum(cells(text) for text, _ in (*head, *right)) - 10
    odd_room = min(cells(odd), max(0, room - 24), 40)
    tail = cut(odd, odd_room) if odd_room >= min(cells(odd), READABLE) else ("⚠" if one.observed else "")
    model = model_name(one.route.wire_model, max(8, room - cells(tail) - 3))
    gap = max(1, room - cells(model) - cells(tail) - 1)
    return [
        *head,
        (f"{state:<10}", style),
        (model, ""),
        (" " * gap, ""),
        (tail, "bold $text-warning" if one.observed else "$text-error"),
        (" ", ""),
        *right,
    ]


def _slim(row: Row, head: list[Cell], state: list[Cell], time: str, cost: str, width: int) -> list[Cell]:
    """Number, status, model, time and cost; the endpoint by its first letter."""
    one = row.exchange
    odd = "⚠" if one.observed else " "
    right = f" {odd}{time:>6}{cost:>9}" if width >= 32 else f" {odd}{time:>6}"
    used = sum(cells(text) for text, _ in (*head, *state)) + cells(right) + 1
    model = model_name(one.route.wire_model, max(1, width - used)) if width > used else ""
    gap = " " * max(0, width - used - cells(model))
    return [*head, *state, (" ", ""), (model, ""), (gap, ""), (right, _MUTED)]


def model_name(name: str, room: int) -> str:
    """The name of a model; without the vendor before it where that would push out what tells models apart."""
    return visible(name if cells(name) <= room else name.rpartition("/")[2], room)


def _tokens(exchange: Exchange) -> str:
    usage = exchange.usage
    if usage is None:
        return ""
    return f"{_short(usage.input_total)}→{_short(usage.output)}"


def _short(tokens: int | None) -> str:
    if tokens is None:
        return "?"
    return str(tokens) if tokens < 10_000 else f"{tokens / 1000:.0f}k"


def columns(width: int) -> str:
    """The names of the columns where there is room for them; empty where there is not."""
    if width < 60:
        return ""
    right = f"{'endpoint':<10}{'time':>8}"
    right += f"{'first':>8}" if width >= 76 else ""
    right += f"{'tokens':>14}" if width >= 100 else ""
    right += f"{'cost':>10}"
    left = f"  {'step':<5}{'status':<10}model"
    return left + " " * max(1, width - cells(left) - cells(right)) + right
