"""Finds given secrets in text however they are spelled: as they are, in JSON, in a URL, in base64."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from tui.chat.json_text import dump_text
from tui.secrets import MASK, SHORTEST, is_telling

_JSON_SIGNS = {'"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
_NESTED = 3
"""How often JSON may stand as text in JSON: an answer in a frame, arguments in it, a text in those."""
_BASE64_SIGN = r"[A-Za-z0-9+/_-]?"


class Spellings:
    """All spellings of some secrets; those shorter than ``SHORTEST`` are in too many words to be masked."""

    def __init__(self, secrets: Iterable[str]) -> None:
        values = {secret for secret in (given.strip() for given in secrets) if len(secret) >= SHORTEST}
        self._values = sorted(values, key=len, reverse=True)
        literal = {spelled for value in self._values for spelled in _literally(value)}
        self._literal = sorted(literal, key=len, reverse=True)
        self._coded = [(core, _around(core)) for value in self._values for core in _in_base64(value)]
        self._signs = (*self._literal, *(core for core, _ in self._coded))
        self._mixed = [re.compile("".join(map(_any_spelling, value))) for value in self._values]
        self._hint = re.compile("|".join(_hints("".join(self._values))))
        self._digits = [value for value in self._values if not value.strip("0123456789.eE+-")]
        self._bytes = [value.encode("utf-8", "surrogatepass") for value in self._values]

    def may_be_in(self, text: str) -> bool:
        """Whether it is worth looking through ``text``; quick, and wrong on the safe side only."""
        if not self._values:
            return False
        for sign in self._signs:
            if sign in text:
                return True
        return self._hint.search(text) is not None

    def masked(self, text: str) -> str:
        """``text`` without the secrets."""
        if not self.may_be_in(text):
            return text
        for spelled in self._literal:
            if spelled in text:
                text = text.replace(spelled, MASK)
        for core, around in self._coded:
            if core in text:
                text = around.sub(MASK, text)
        if self._hint.search(text):
            for mixed in self._mixed:
                text = mixed.sub(MASK, text)
        return text

    def are_in_number(self, number: object) -> bool:
        """Whether the digits of ``number`` hold a secret that is one itself."""
        if not self._digits or isinstance(number, bool) or not isinstance(number, (int, float)):
            return False
        digits = dump_text(number)
        return any(secret in digits for secret in self._digits)

    def masked_in_base64(self, data: str) -> str:
        """Base64 ``data`` without the secrets in what it stands for; as long as before, and still base64."""
        if not self._values:
            return data
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return self.masked(data)
        found = content
        for secret in self._bytes:
            if secret in found:
                found = found.replace(secret, b"*" * len(secret))
        # The text may still spell out a secret that is none in what it stands for.
        again = data if found is content else base64.b64encode(found).decode()
        return again if not any(value in again for value in self._values) else "A" * len(again)


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """``text`` without these secrets; what is made of them to look for them is kept for the next text."""
    return _of(secrets).masked(text)


def masked_bytes(data: bytes, secrets: tuple[str, ...]) -> tuple[bytes, int]:
    """``data`` without these secrets, every other byte as it was, and how many were found."""
    text = data.decode("utf-8", "surrogateescape")
    without = masked(text, secrets)
    if without == text:
        return data, 0
    return without.encode("utf-8", "surrogateescape"), max(1, without.count(MASK) - text.count(MASK))


def kept_headers(
    headers: Mapping[str, str] | Iterable[tuple[str, str]], secrets: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Headers as they may be kept: values of telling names and these secrets masked."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return tuple(
        (name.lower(), MASK if is_telling(name) else masked(value, secrets)) for name, value in pairs
    )


@lru_cache(maxsize=32)
def _of(secrets: tuple[str, ...]) -> Spellings:
    return Spellings(secrets)


def _hints(signs: str) -> Iterator[str]:
    """What is in any text that spells one of these characters by a number or an escape."""
    yield from (r"\\u00[2-7]", "%[2-7]", "&#")
    if not signs.isascii():
        yield from (r"\\u", "%[89a-fA-F]")
    if not _JSON_SIGNS.keys().isdisjoint(signs):
        yield r"\\"
    if not set("&<>\"'").isdisjoint(signs):
        yield "&"


def _literally(secret: str) -> Iterator[str]:
    for spelled in (secret, html.escape(secret), html.escape(secret, quote=False)):
        yield spelled
        for ascii_only in (True, False):
            nested = spelled
            for _ in range(_NESTED):
                nested = json.dumps(nested, ensure_ascii=ascii_only)[1:-1]
                yield nested
    whole = secret.encode("utf-8", "surrogatepass")
    for coded in (quote(whole), quote(whole, safe=""), quote_plus(whole)):
        yield from (coded, quote(coded), quote(coded, safe=""))


def _in_base64(secret: str) -> Iterator[str]:
    """The secret's base64 as far as what stands around it makes no difference, for each way to begin."""
    data = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + data).decode()
        after = (len(data) + before) % 3
        core = coded[(0, 2, 3)[before] : len(coded) - (0, 3, 2)[after]]
        if len(core) >= SHORTEST:
            yield from {core, core.replace("+", "-").replace("/", "_")}


def _around(core: str) -> re.Pattern[str]:
    return re.compile(_BASE64_SIGN + re.escape(core) + _BASE64_SIGN)


def _any_spelling(sign: str) -> str:
    """A pattern for one character as it is, escaped as in JSON to any depth, as in a URL, as in HTML."""
    ways = [re.escape(sign)]
    units = sign.encode("utf-16-be", "surrogatepass")
    codes = [f"{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2)]
    ways.append("".join(rf"\\+u(?i:{code})" for code in codes))
    octets = sign.encode("utf-8", "surrogatepass")
    ways.append("".join(rf"%(?:25)*(?i:{octet:02x})" for octet in octets))
    ways.append(rf"&#(?:0*{ord(sign)}|(?i:x0*{ord(sign):x}));")
    if sign in _JSON_SIGNS:
        # The longest first: a run of backslashes is one spelling.
        ways.insert(0, rf"\\+{re.escape(_JSON_SIGNS[sign])}")
    if sign == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"
