"""The hand that takes out secrets and nothing else."""

from __future__ import annotations

import re

from tui.chat.frame import Headers
from tui.chat.parts import Json
from tui.exports.walking import content, rewritten
from tui.secrets import MASK, SHORTEST, is_telling, is_telling_field, may_hold_keys, without_keys
from tui.spellings import Spellings

_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s\"'<>]*:[^/@\s\"'<>]+(?=@)")
"""A user and a password before a host."""

_SHORT = 40
"""Characters of texts that come again and again, as names of fields do."""


class Masking:
    """Masks some secrets everywhere, and what has the shape of a key in all that was said.

    Seals and media lose nothing but the secrets themselves, so what held none goes back to its vendor.
    """

    def __init__(self, secrets: Spellings) -> None:
        self._secrets = secrets
        self._names: dict[str, str] = {}

    def concerns(self, text: str) -> bool:
        return self._secrets.may_be_in(text) or may_hold_keys(text) or "://" in text

    def name(self, text: str) -> str:
        known = self._names.get(text)
        if known is not None:
            return known
        masked = self._masked(text)
        if len(text) <= _SHORT:
            self._names[text] = masked
        return masked

    def _masked(self, text: str) -> str:
        masked = self._secrets.masked(text)
        return _IN_ADDRESS.sub(MASK, masked) if "://" in masked else masked

    def text(self, text: str) -> str:
        return without_keys(self._masked(text))

    def remark(self, text: str) -> str:
        return self.text(text)

    def arguments(self, text: str) -> str:
        if not self.concerns(text):
            return text
        again = rewritten(text, lambda value: content(value, self), self)
        return self.text(text) if again is None else again

    def field(self, name: str, text: str, /) -> str:
        return MASK if is_telling_field(name) and len(text) >= SHORTEST else self.text(text)

    def argument_name(self, name: str) -> str:
        return self.text(name)

    def seal(self, text: str) -> str:
        return self._secrets.masked(text)

    def media(self, text: str) -> str:
        return self._secrets.masked_in_base64(text)

    def headers(self, headers: Headers) -> Headers:
        return tuple(
            (self.name(name), MASK if is_telling(name) else self.text(value)) for name, value in headers
        )

    def number(self, number: Json) -> Json:
        return MASK if self._secrets.are_in_number(number) else number
