"""The time of day is the same everywhere, and nobody's clipboard is written to."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/null")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
