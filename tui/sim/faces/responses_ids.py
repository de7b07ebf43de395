"""Ids of output items at ``/v1/responses``: each tells what its vendor would have stored about it.

A real vendor looks an id up; here the id itself says which response it came from, whether that response
was stored, its place there, and which reasoning item must be sent along with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIXES = {
    "reasoning": "rs",
    "message": "msg",
    "function_call": "fc",
    "custom_tool_call": "ctc",
    "function_call_output": "fco",
    "custom_tool_call_output": "ctco",
}
_ID = re.compile(r"(rs|msg|fc)_([0-9a-f]{36})([01])(\d\d)(\d\d|ff)")


@dataclass(frozen=True, slots=True)
class ItemId:
    """What an id of ours stands for."""

    prefix: str
    token: str
    """The response it came from."""
    stored: bool
    place: int
    needs: int | None
    """The place of the reasoning item that belongs to it; None when there was none before it."""

    def __str__(self) -> str:
        needs = "ff" if self.needs is None else f"{self.needs:02d}"
        return f"{self.prefix}_{self.token}{int(self.stored)}{self.place:02d}{needs}"

    @property
    def reasoning(self) -> str | None:
        """The id of the reasoning item that belongs to it."""
        if self.needs is None:
            return None
        return str(ItemId("rs", self.token, self.stored, self.needs, None))


def parse(id: str) -> ItemId | None:
    """Read an id; None for one that was not minted here."""
    found = _ID.fullmatch(id)
    if found is None:
        return None
    prefix, token, stored, place, needs = found.groups()
    return ItemId(prefix, token, stored == "1", int(place), None if needs == "ff" else int(needs))
