"""The vocabulary of the script: what a simulated model sees, and the beats it answers with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tui.sim.media import Medium

StopWord = Literal["end", "tool_use", "max_tokens", "refusal"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool the request offers; ``schema`` is the JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered earlier in the open tool loop."""

    name: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a model sees, in no vendor's words."""

    prompt: str
    """The newest text of the user; in a tool loop the text that opened it."""
    model: str
    """The vendor's model id, which the model gives when asked who it is."""
    tools: tuple[Offered, ...] = ()
    results: tuple[Result, ...] = ()
    """All results since ``prompt``, in order."""
    step: int = 1
    """1 for the answer to the prompt itself, 2 for the answer to its first tool results, and so on."""
    turn: int = 1
    """Counts the user's prompts in the conversation."""
    seed: int = 0
    thinks: bool = False
    """Whether thinking is on for this request."""
    thinks_always: bool = False
    """Whether it thinks even about trifles: manual budgets and reasoning-only models do."""
    forced: str | None = None
    """A tool the request demands by name, or ``any``."""
    parallel: bool = True
    """Whether several calls in one answer are allowed."""
    attempt: int = 1
    """How often this very scene was asked before, plus one; lets ``once`` fail only the first time."""

    schema: Mapping[str, Any] | None = None
    """The JSON schema the answer must fit; None for free text."""
    media: tuple[Medium, ...] = ()
    """Every image and document of the conversation, in order."""

    def says(self, pattern: str) -> bool:
        """Whether the prompt matches a regular expression, whatever the case."""
        return re.search(pattern, self.prompt, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Think:
    """A stretch of thinking; with blank ``text`` it is a sealed block without words."""

    text: str
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Visible text."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; ``arguments`` is JSON text, deliberately not always valid."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing comes for ``seconds`` (times the server's speed)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pace:
    """From here on each token takes ``factor`` times as long."""

    factor: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing comes any more until the client goes away or the server stops."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The socket breaks inside an event; see ``refusal.Broken`` for ``whole_way``."""

    whole_way: bool = True


@dataclass(frozen=True, slots=True)
class CleanEnd:
    """The HTTP body ends well, but the dialect's last words never come."""


@dataclass(frozen=True, slots=True)
class Fail:
    """An error inside the running stream; ``type`` in Anthropic's words."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request is answered with an error status; ``type`` in Anthropic's words. Always the first beat."""

    status: int
    type: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShowPage:
    """Something in between answers 200 with HTML. Always the first beat."""

    html: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the model ends; always the last beat of a script that ends well."""

    word: StopWord


Beat: TypeAlias = (
    Think | Say | Call | Pause | Pace | Hold | HangUp | CleanEnd | Fail | Refuse | ShowPage | Stop
)
