"""The looks to choose from: dark, light, high contrast, and every other one the library brings."""

from __future__ import annotations

from collections.abc import Iterable

from textual.theme import Theme

DARK, LIGHT, CONTRAST = "textual-dark", "textual-light", "high-contrast"

NAMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""Short words for the three that ``/theme`` goes through."""

HIGH_CONTRAST = Theme(
    name=CONTRAST,
    dark=True,
    primary="#ffff00",
    secondary="#00ffff",
    accent="#00ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#00ff00",
    warning="#ffd700",
    error="#ff9a9a",
    luminosity_spread=0.0,
    text_alpha=1.0,
    variables={
        "foreground-muted": "#e4e4e4",
        "panel-lighten-2": "#ffffff",
        "text-muted": "#e4e4e4",
        "text-disabled": "#c6c6c6",
        "input-selection-background": "#0000ff",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff00",
        "footer-background": "#000000",
    },
)
"""White, yellow and cyan on black: every text at 7:1 or more against what it stands on."""


def following(current: str) -> str:
    """The theme after ``current`` in the round of dark, light and high contrast."""
    round_ = list(NAMES.values())
    return round_[(round_.index(current) + 1) % len(round_)] if current in round_ else DARK


def named(word: str, available: Iterable[str]) -> str | None:
    """The theme a person means by ``word``; None when there is none."""
    name = NAMES.get(word, word)
    return name if name in available else None
