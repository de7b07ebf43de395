"""What the screen remembers of a person's choices: favourite and recent models, the theme."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tui.ui.draft import write_private

MAX_RECENT = 8


@dataclass(frozen=True, slots=True)
class Preferences:
    """Choices kept between runs."""

    favourites: tuple[str, ...] = ()
    recents: tuple[str, ...] = ()
    """Models used, newest first."""
    theme: str = ""

    def used(self, model: str) -> Preferences:
        """With ``model`` the newest of the recents."""
        return replace(self, recents=(model, *(m for m in self.recents if m != model))[:MAX_RECENT])

    def toggled(self, model: str) -> Preferences:
        """With ``model`` made a favourite, or no longer one."""
        if model in self.favourites:
            return replace(self, favourites=tuple(m for m in self.favourites if m != model))
        return replace(self, favourites=(*self.favourites, model))


def load_preferences(data_dir: Path) -> Preferences:
    """The stored preferences; the defaults when there are none or they cannot be read."""
    try:
        value = json.loads((data_dir / "preferences.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(value, dict):
        return Preferences()
    names = {
        key: tuple(str(v) for v in value[key])
        for key in ("favourites", "recents")
        if isinstance(value.get(key), list)
    }
    return Preferences(**names, theme=str(value.get("theme") or ""))


def save_preferences(data_dir: Path, preferences: Preferences) -> None:
    """Store the preferences; raises OSError."""
    write_private(data_dir / "preferences.json", asdict(preferences))
