"""Pictures of a conversation with everything in it, at the two sizes people use most."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.transcript.support import Bench
from tests.ui.transcript.talk import rich_talk


class Talk(Bench):
    """Shows the whole conversation, its first block in focus."""

    def on_mount(self) -> None:
        super().on_mount()
        self.transcript.load(rich_talk())


@pytest.mark.parametrize(
    ("size", "keys"), [((80, 24), ["end"]), ((120, 40), ["g"])], ids=["80x24-end", "120x40-top"]
)
def test_a_rich_conversation(snap_compare: Any, size: tuple[int, int], keys: list[str]) -> None:
    assert snap_compare(Talk(), terminal_size=size, press=keys)
