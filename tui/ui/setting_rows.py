"""The rows of the settings form: each knob, its value, where that comes from, whether it is taken; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.route import Route
from tui.chat.settings import Overrides, Settings, is_set
from tui.knobs import KNOBS, Knob
from tui.wire.acceptance import choices, takes

Source = Literal["you", "configured", "default"]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One knob of the form."""

    name: str
    title: str
    value: str
    """As text that is read back; ``default`` while nothing is set."""
    source: Source
    refused: str = ""
    """Why the route does not take it; empty when it does."""
    choices: tuple[str, ...] = ()
    """The words the route takes, where it takes words."""
    help: str = ""


def rows_of(route: Route, settings: Settings, overrides: Overrides) -> list[SettingRow]:
    """Every knob for ``route``: what it takes first, what it does not last."""
    rows = [_row(knob, route, settings, overrides) for knob in KNOBS.values()]
    return sorted(rows, key=lambda row: bool(row.refused) and row.source == "default")


def _row(knob: Knob, route: Route, settings: Settings, overrides: Overrides) -> SettingRow:
    value = getattr(settings, knob.name)
    source: Source = "default"
    if knob.name in overrides:
        source = "you"
    elif is_set(settings, knob.name):
        source = "configured"
    shown = knob.shown(value) if value else "default"
    return SettingRow(
        knob.name,
        knob.title,
        knob.shown(value) if isinstance(value, bool) else shown,
        source,
        takes(route, knob.name, settings),
        choices(route, knob.name),
        knob.help,
    )


def stepped(row: SettingRow, by: int) -> str | None:
    """The word before or after the row's value, ``default`` among them; None where there are no words."""
    if not row.choices:
        return None
    words = list(row.choices) if row.name == "stream" else ["default", *row.choices]
    place = words.index(row.value) if row.value in words else 0
    return words[(place + by) % len(words)]


def seals_kept(conversation: Conversation, route: Route) -> tuple[int, int]:
    """How many sealed thoughts of the history ``route`` gets back, and how many there are."""
    return _seals(conversation.sendable(route.target).messages), _seals(conversation.messages)


def _seals(messages: Sequence[object]) -> int:
    answers = (message for message in messages if isinstance(message, AssistantMessage))
    return sum(
        isinstance(part, Reasoning) and part.state != "unsigned" and index not in answer.unfinished
        for answer in answers
        for index, part in enumerate(answer.parts)
    )


def switch_says(conversation: Conversation, route: Route) -> str:
    """What sending the next turn over ``route`` keeps and loses, in one sentence."""
    kept, all_ = seals_kept(conversation, route)
    if not all_:
        return "There is no sealed thinking yet."
    if kept == all_:
        return f"All sealed thinking is sent back ({all_})."
    left = f"{all_ - kept} of {all_} sealed thoughts"
    return f"{left} will not be sent there; they stay in the history and go back to who wrote them."
