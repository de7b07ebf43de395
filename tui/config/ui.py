"""The screen's own settings in a configuration; light, for they are read before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from tui.config.node import Place, optional

UI_KEYS: dict[str, tuple[str, ...]] = {
    "ui": ("theme", "mouse", "plain", "motion", "notify", "keymap"),
}
_NOTIFY = ("bell", "desktop", "off")

Motion = Literal["full", "reduced"]
Notify = Literal["bell", "desktop", "off"]


@dataclass(frozen=True, slots=True)
class Ui:
    """The screen's own settings."""

    theme: str | None = None
    mouse: bool = True
    plain: bool = False
    """For screen readers: no frames, no redrawing."""
    motion: Motion = "full"
    notify: Notify = "bell"
    """How a person who looks elsewhere is called."""
    keymap: Mapping[str, str] = field(default_factory=dict)


def read_ui(top: Mapping[str, Place]) -> Ui:
    """What stands under ``ui`` of a file's keys; ConfigError names file, line and key path."""
    return optional(top, "ui", _ui, Ui())


def _ui(place: Place) -> Ui:
    fields = place.fields(UI_KEYS["ui"])
    return Ui(
        theme=optional(fields, "theme", Place.string, None),
        mouse=optional(fields, "mouse", Place.flag, True),
        plain=optional(fields, "plain", Place.flag, False),
        motion=cast("Motion", optional(fields, "motion", lambda p: p.word(("full", "reduced")), "full")),
        notify=cast("Notify", optional(fields, "notify", lambda p: p.word(_NOTIFY), "bell")),
        keymap=optional(fields, "keymap", _keymap, {}),
    )


def _keymap(place: Place) -> dict[str, str]:
    return {name: child.string() for name, child in place.entries().items()}
