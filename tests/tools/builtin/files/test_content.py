"""Bytes become text and the same bytes again; what is no text is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.builtin.files.content import binary_kind, content_of
from tui.tools.toolbox import ToolError


@given(st.binary(max_size=200))
def test_any_bytes_come_back(data: bytes) -> None:
    content = content_of(data)
    assert content.encoded(content.text) == data


@given(st.text(max_size=100), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_marked_and_plain_unicode_is_read_as_what_it_is(text: str, codec: str) -> None:
    text = text.removeprefix("\ufeff")
    assert content_of(text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        (b"plain", "plain", ""),
        ("caf\xe9".encode(), "café", ""),
        (b"caf\xe9", "café", "not UTF-8; read as Windows-1252"),
        (b"\x93quoted\x94", "“quoted”", "not UTF-8; read as Windows-1252"),
        (b"\x81\xff", "\x81ÿ", "not UTF-8; read as Latin-1"),
        (b"\xef\xbb\xbfa", "a", "UTF-8 with a byte order mark"),
        (b"\xff\xfea\0", "a", "UTF-16"),
        (b"\xfe\xff\0a", "a", "UTF-16"),
    ],
)
def test_encodings_are_said(data: bytes, text: str, remark: str) -> None:
    assert (content_of(data).text, content_of(data).remark) == (text, remark)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ""),
        (b"MZ, she said, was her name", ""),
        (b"BZh9 is how it starts", ""),
        (b"\x1b[31mred\x1b[0m", ""),
        (b"MZ\x90\x00\x03", "a program (Windows)"),
        (b"\x7fELF\x02\x01", "a program (ELF)"),
        (b"%PDF-1.7 text", "a PDF document"),
        (b"PK\x03\x04rest", "a ZIP archive or an office document"),
        (b"RIFF\x00\x00\x00\x00WEBP", "a sound, film or WebP image"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"abc\x00def", "binary data"),
        (b"\x01\x02\x03\x04text", "binary data"),
        ("a text in UTF-16".encode("utf-16"), ""),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert binary_kind(data) == kind


def test_line_ends() -> None:
    assert content_of(b"").line_ends == "LF"
    assert content_of(b"a\nb\n").line_ends == "LF"
    assert content_of(b"a\r\nb\r\n").line_ends == "CRLF"
    assert content_of(b"a\r\nb\n").line_ends == "mixed"
    assert content_of(b"a\rb").line_ends == "LF"


def test_a_character_the_encoding_lacks_is_told() -> None:
    with pytest.raises(ToolError, match=r"cp1252, cannot hold '\\u4e2d'"):
        content_of(b"caf\xe9").encoded("中")
