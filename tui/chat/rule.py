"""A user's routing rule: which road the models matching a pattern take."""

from __future__ import annotations

from dataclasses import dataclass

from tui.chat.parts import Dialect


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """The first rule whose pattern fits the typed or the listed name decides the dialect."""

    match: str
    """A shell pattern such as ``openai/gpt-5*``."""
    dialect: Dialect
    place: str = ""
    """Where it was written, such as ``config.yaml:14``, for the reason shown."""
