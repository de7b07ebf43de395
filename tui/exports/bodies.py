"""Puts a hand to request bodies; what one repeats of another is gone through once."""

from __future__ import annotations

from tui.chat.json_text import dump_text
from tui.chat.parts import Json
from tui.exports.common import common_head
from tui.exports.hands import Hand
from tui.exports.walking import block, rewritten

_REPEATED = frozenset({"contents", "input", "messages", "tools"})
"""Fields of a body whose items come again in the next body."""

_MARGIN = 20_000
"""Characters before what is new in a body that are looked at again: a secret may begin there."""


class Bodies:
    """The bodies of one session."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._items: dict[str, Json] = {}
        self._clean = ""
        """The last body nothing had to be done to."""

    def through(self, body: bytes) -> bytes:
        """``body`` as it goes out, JSON if it was JSON."""
        text = body.decode("utf-8", "surrogateescape")
        new = text[max(0, common_head(text, self._clean) - _MARGIN) :]
        if not self._hand.concerns(new):
            self._clean = text
            return body
        again = rewritten(text, self._body, self._hand)
        again = self._hand.text(text) if again is None else again
        if again == text:
            return body
        try:
            return again.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return again.encode("utf-8", "replace")

    def _body(self, body: Json) -> Json:
        if not isinstance(body, dict):
            return block(body, self._hand)
        out = {}
        for name, value in body.items():
            if name in _REPEATED and isinstance(value, list):
                out[name] = [self._item(name, item) for item in value]
            else:
                out |= block({name: value}, self._hand)
        return out

    def _item(self, name: str, item: Json) -> Json:
        key = f"{name} {dump_text(item)}"
        if key not in self._items:
            (self._items[key],) = block({name: [item]}, self._hand)[name]
        return self._items[key]
