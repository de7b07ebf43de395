"""Renames foreign tool call ids a target would refuse; call and result together, always to the same id."""

from __future__ import annotations

import hashlib
import re

from tui.chat.messages import AssistantMessage
from tui.chat.parts import ToolCall
from tui.chat.route import Target


class CallIds:
    """Walks a repaired conversation and says each call's id on the wire.

    The vendor that minted an id gets it back byte for byte: some ids carry sealed data. The
    new id depends only on the old one and on what came before, so prefixes stay stable.
    """

    def __init__(self, target: Target, fitting: re.Pattern[str]) -> None:
        """``fitting`` matches the whole of every id the target's format takes."""
        self._target = target
        self._fitting = fitting
        self._seen: set[str] = set()

    def of(self, message: AssistantMessage) -> tuple[str, ...]:
        """The wire ids of this message's calls, in their order; call once a message, in order."""
        own = message.origin.vendor == self._target.vendor
        ids: list[str] = []
        for call in (p for p in message.parts if isinstance(p, ToolCall)):
            taken = call.id in ids or (not own and call.id in self._seen)
            keep = call.opaque is not None or (
                not taken and (own or self._fitting.fullmatch(call.id) is not None)
            )
            ids.append(call.id if keep else self._renamed(call.id, {*self._seen, *ids}))
        self._seen.update(ids)
        return tuple(ids)

    def _renamed(self, id: str, taken: set[str]) -> str:
        count = 0
        while True:
            digest = hashlib.sha256(f"{count}:{id}".encode("utf-8", "surrogatepass")).hexdigest()
            if (new := f"call_{digest[:24]}") not in taken:
                return new
            count += 1
