"""Everywhere the same time of day, nobody's clipboard, styles parsed once; and the real engine."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

from tests.ui.pilots import simulated
from tui.ui.ports import Deps


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/null")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True, scope="session")
def _parsed_once() -> Iterator[None]:
    """Rules stay as they were parsed, and to parse them is a third of the start of a screen."""
    parse = Stylesheet._parse_rules
    known: dict[object, list[RuleSet]] = {}

    def parsed(
        self: Stylesheet,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        place = (css, read_from, is_default_rules, tie_breaker, scope)
        key = (place, tuple(self._variables.items()))
        if key not in known:
            known[key] = parse(self, *place)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture
async def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deps]:
    """The real engine on the simulated gateway, with nobody's configuration."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    async with simulated(tmp_path) as made:
        yield made
