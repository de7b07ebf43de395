"""Favourites, recents and the theme between runs."""

from pathlib import Path

import pytest

from tui.ui.preferences import MAX_RECENT, Preferences, load_preferences, save_preferences


def test_what_was_used_last_is_first_and_once() -> None:
    chosen = Preferences()
    for name in ("a", "b", "a"):
        chosen = chosen.used(name)
    assert chosen.recents == ("a", "b")
    for number in range(20):
        chosen = chosen.used(str(number))
    assert len(chosen.recents) == MAX_RECENT


def test_a_favourite_toggles() -> None:
    assert Preferences().toggled("a").favourites == ("a",)
    assert Preferences(("a", "b")).toggled("a").favourites == ("b",)


def test_they_come_back(tmp_path: Path) -> None:
    chosen = Preferences(("a",), ("b", "c"), "textual-light")
    save_preferences(tmp_path, chosen)
    assert load_preferences(tmp_path) == chosen


@pytest.mark.parametrize("content", ["", "[1]", '{"favourites": 3, "recents": null}'])
def test_a_broken_file_gives_the_defaults(tmp_path: Path, content: str) -> None:
    (tmp_path / "preferences.json").write_text(content)
    assert load_preferences(tmp_path) == Preferences()
