"""Seals of the simulated vendors: facts encrypted and authenticated, in the outer form of the real ones.

A seal carries the facts it binds (a hash of the thinking, the model, the place in the conversation), so
a vendor needs no memory to check it, and one changed bit anywhere makes it worthless. The cipher
is a toy: it hides nothing of value, it only makes seals look and behave like the real thing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Literal

SealKind = Literal["thinking", "redacted", "gemini", "openai", "xai"]

_MAC = 32
_NONCE = 16
_LENGTH = 2
_PADDED_TO = 160
_NEWER = ("claude-fable", "claude-mythos-5", "claude-opus-5", "claude-sonnet-5")
_MINTED = 1_795_000_000


class Seals:
    """Makes and checks the seals of one server; the same secret and facts give the same seal."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, kind: SealKind, model: str, facts: Mapping[str, Any]) -> str:
        """Seal ``facts`` (JSON values) as ``kind``, made by the generation ``model``."""
        text = json.dumps({"model": model, **facts}, sort_keys=True, separators=(",", ":"))
        plain = text.encode()
        nonce = self._mac(b"nonce", kind.encode() + plain)[:_NONCE]
        plain = plain.ljust(_PADDED_TO, b" ")
        plain += b" " * (-(len(plain) + _LENGTH) % 16)
        hidden = self._mask(nonce, plain)
        length = (len(nonce) + len(hidden)).to_bytes(_LENGTH, "big")
        body = _head(kind, model, len(hidden) + _NONCE + _LENGTH + _MAC) + nonce + hidden + length
        return _text(kind, body + self._mac(kind.encode(), body))

    def open(self, kind: SealKind, sealed: object) -> dict[str, Any] | None:
        """The facts in a genuine seal, with the generation as ``model``; None for anything else."""
        raw = _bytes(kind, sealed) if isinstance(sealed, str) else None
        if raw is None or len(raw) < _MAC + _LENGTH + _NONCE:
            return None
        body, mac = raw[:-_MAC], raw[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(kind.encode(), body)):
            return None
        length = int.from_bytes(body[-_LENGTH:], "big")
        inner = body[-_LENGTH - length : -_LENGTH]
        facts = json.loads(self._mask(inner[:_NONCE], inner[_NONCE:]))
        return facts if isinstance(facts, dict) else None

    def check(self, kind: SealKind, model: str, facts: Mapping[str, Any], sealed: object) -> bool:
        """Whether ``sealed`` is genuine, of ``model``, and binds these values (it may bind others too)."""
        found = self.open(kind, sealed)
        return found is not None and all(found.get(k) == v for k, v in {"model": model, **facts}.items())

    def _mac(self, purpose: bytes, data: bytes) -> bytes:
        return hmac.new(self._secret, purpose + b"\0" + data, hashlib.sha256).digest()

    def _mask(self, nonce: bytes, data: bytes) -> bytes:
        blocks = range(len(data) // _MAC + 1)
        stream = b"".join(self._mac(b"mask", nonce + i.to_bytes(4, "big")) for i in blocks)
        return bytes(a ^ b for a, b in zip(data, stream, strict=False))


def digest(value: Any) -> str:
    """A short hash of any JSON value, equal for equal values whatever their key order."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _head(kind: SealKind, model: str, rest: int) -> bytes:
    """The envelope real seals of this kind begin with; ``rest`` is how many bytes follow."""
    name = model.encode()[:100]
    if kind == "openai":
        # Version and minting time; with these the text begins with gAAAA.
        return b"\x80" + _MINTED.to_bytes(8, "big")
    if kind == "gemini":
        inner = b"\x0a" + _varint(rest + 1) + b"\x01"
        return b"\x12" + _varint(rest + len(inner)) + inner
    if kind == "xai":
        return b""
    if kind == "redacted" or not model.startswith(_NEWER):
        channel = b"\x08\x07" + b"\x32" + _varint(len(name)) + name
        inner = b"\x0a" + _varint(len(channel)) + channel + b"\x12" + _varint(rest)
        return b"\x12" + _varint(rest + len(inner)) + inner
    return b"\x08\x02\x12" + _varint(len(name)) + name + b"\x1a" + _varint(rest)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(kind: SealKind, raw: bytes) -> str:
    if kind == "openai":
        return base64.urlsafe_b64encode(raw).decode()
    text = base64.b64encode(raw).decode()
    return text.rstrip("=") if kind == "xai" else text


def _bytes(kind: SealKind, text: str) -> bytes | None:
    """The bytes of base64 text; None unless it is exactly the text those bytes are written as."""
    padded = text + "=" * (-len(text) % 4) if kind == "xai" else text
    try:
        raw = base64.b64decode(padded.encode("ascii"), b"-_" if kind == "openai" else None, validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return raw if _text(kind, raw) == text else None
