"""The body of an answer as text: unpacked, cut, decoded, and refused where it is no text."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from tui.clean import exposed
from tui.tools.toolbox import ToolError

MOST_BYTES = 1_000_000
"""Of a body, unpacked; what is longer is cut."""

_TEXT = re.compile(
    r"text/.+|application/(?:.+\+)?(?:json|xml|x?html|javascript|ecmascript|yaml|toml|sql|graphql|rtf)"
    r"|application/(?:x-)?(?:ndjson|json-seq|x-www-form-urlencoded|sh|javascript|yaml|httpd-php)"
    r"|image/svg\+xml|message/.+"
)
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|utf-16(?:le|be)?|utf-32(?:le|be)?|iso-8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp\d{3,4}"
    r"|koi8-[ru]|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5(?:-hkscs)?|macintosh"
)
"""Encodings of text only: Python knows others, some of them slow and some no encodings at all."""


async def text_of(url: str, status: int, headers: Mapping[str, str], pieces: AsyncIterator[bytes]) -> str:
    """A line about the answer and its body as text; ToolError for a body that is no text."""
    kind, charset = _kind(headers.get("content-type", ""))
    length = headers.get("content-length", "")
    size = f"{int(length):,} bytes" if length.isascii() and length.isdecimal() and len(length) < 16 else ""
    if kind and not _TEXT.fullmatch(kind):
        raise ToolError(f"{url} is {kind}, {size or 'its size not told'}; only text can be got")
    body = await _body(headers.get("content-encoding", ""), pieces)
    if b"\0" in body.data and not charset.startswith(("utf-16", "utf-32")):
        raise ToolError(f"{url} is no text but {len(body.data):,} bytes or more of something else")
    text = body.data.decode(charset, "replace")
    about = [_status(status), kind or "no type told", url]
    if body.cut:
        about.append(f"cut after {MOST_BYTES:,} bytes{f' of {size}' if size else ''}")
    if not text:
        about.append("no text")
    return "\n\n".join((" · ".join(about), text)) if text else " · ".join(about)


def _kind(content_type: str) -> tuple[str, str]:
    """The media type and the encoding a header tells; UTF-8 unless it tells one of text."""
    kind, _, more = content_type.partition(";")
    found = re.search(r"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", more, re.IGNORECASE)
    charset = found[1].lower() if found else ""
    plain = kind.strip().lower()
    return exposed(plain)[:100], charset if _CHARSET.fullmatch(charset) and _is_known(charset) else "utf-8"


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except LookupError:
        return False
    return True


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


@dataclass(frozen=True, slots=True)
class _Body:
    data: bytes
    cut: bool


async def _body(packed: str, pieces: AsyncIterator[bytes]) -> _Body:
    """The body unpacked, at most ``MOST_BYTES`` of it: a bomb is put down while it goes off."""
    way = packed.strip().lower()
    if way not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ToolError(f"the answer is packed as {exposed(way)[:40]}, which was not asked for")
    # With 32 added it is told by its head whether it is gzip or zlib.
    unpacker = None if way in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    data = bytearray()
    async for piece in pieces:
        try:
            data += piece if unpacker is None else unpacker.decompress(piece, MOST_BYTES + 1 - len(data))
        except zlib.error as error:
            raise ToolError("the answer is packed and broken") from error
        if len(data) > MOST_BYTES:
            return _Body(bytes(data[:MOST_BYTES]), cut=True)
        if unpacker is not None and unpacker.eof:
            break
    return _Body(bytes(data), cut=False)
