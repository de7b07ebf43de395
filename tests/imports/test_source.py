"""Bytes to text to JSON: marks, encodings, broken ends, bounds."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.imports import test_claude_code, test_codex, test_litellm_log, test_opencode, test_recorded
from tests.imports.calls import ASKED, FIRST, body
from tests.imports.reading import as_bytes, as_lines, classes, imported
from tui.errors import UsageError
from tui.imports import FORMATS, Imported, limits

SAMPLES: list[bytes] = [
    as_lines(test_claude_code.SESSION),
    as_lines(test_codex.ROLLOUT),
    as_bytes(test_opencode.export(test_opencode.USER)),
    as_bytes(test_litellm_log.spend_row()),
    *test_recorded.FILES.values(),
    as_bytes(FIRST),
    b"curl https://x.test/v1/messages -d '" + as_bytes(FIRST) + b"'",
]
WORDS = [
    "messages",
    "role",
    "content",
    "type",
    "text",
    "input",
    "info",
    "parts",
    "log",
    "entries",
    "request",
    "response",
    "payload",
    "message",
    "uuid",
    "parentUuid",
    "body",
    "spend",
    "request_id",
    "system",
    "tools",
    "postData",
    "headers",
    "output",
    "choices",
    "usage",
    "source",
    "data",
    "id",
    "call_id",
    "name",
    "url",
    "state",
    "metadata",
    "tool_calls",
    "function",
    "arguments",
]
HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["user", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)


def settled(data: bytes, **options: Any) -> None:
    """Whatever the bytes are: a session or a clear refusal, nothing else."""
    refusal, found = None, None
    try:
        found = imported(data, **options)
    except UsageError as error:
        refusal = error
    if refusal is not None:
        assert refusal.what
        assert "\x1b" not in f"{refusal.title}{refusal.what}{refusal.hint}"
        return
    assert isinstance(found, Imported)
    assert found.record.nodes
    known: set[str] = set()
    for node in found.record.nodes:
        assert node.parent is None or node.parent in known
        assert node.message.id not in known
        known.add(node.message.id)
    assert found.record.state.leaf in known


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
@given(data=st.data())
@settings(max_examples=60)
def test_a_broken_file_is_a_session_or_a_refusal(sample: int, data: st.DataObject) -> None:
    whole = SAMPLES[sample]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 60, len(whole))))
    put = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"null", b"[]", b"{}", b'"', b"1e999", b"NaN", b"\\ud800"])
    )
    settled(whole[:start] + put + whole[end:], format=data.draw(st.sampled_from([None, None, *FORMATS])))


@given(value=HOSTILE, format=st.sampled_from([None, *FORMATS]))
@example(value={"messages": [{"role": "user", "content": "\ud800"}]}, format=None)
@settings(max_examples=200)
def test_any_json_is_a_session_or_a_refusal(value: Any, format: str | None) -> None:
    settled(json.dumps(value).encode(), format=format)
    settled(as_lines([value, value]), format=format)


@given(st.binary(max_size=200), st.sampled_from([None, *FORMATS]))
@settings(max_examples=100)
def test_any_bytes_are_a_session_or_a_refusal(data: bytes, format: str | None) -> None:
    settled(data, format=format)


@pytest.mark.parametrize(
    "replaced", ['"content"', '"type"', '"messages"', '"role"', '"payload"', '"message"', '"parts"']
)
@pytest.mark.parametrize("value", ["7", "null", "[7]", '{"a": 1}', '"x"'])
def test_a_field_of_the_wrong_kind_is_a_session_or_a_refusal(replaced: str, value: str) -> None:
    for sample in SAMPLES:
        text = sample.decode()
        settled(text.replace(f"{replaced}: ", f'{replaced}: {value}, "x": ').encode())


def test_encodings_and_marks() -> None:
    text = json.dumps(body({"role": "user", "content": "naïve 世界"}), ensure_ascii=False)
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        assert imported(data).record.nodes[0].message.parts[0].text == "naïve 世界"  # type: ignore[union-attr]
    mixed = imported(text.encode().replace("ï".encode(), b"\xef"))
    assert "�" in mixed.record.nodes[0].message.parts[0].text  # type: ignore[union-attr]
    assert "import-changed" in classes(mixed)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"SQLite format 3\0", "SQLite"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"a\0b", "zero bytes"),
        (b"hello", "begins with: hello"),
        (b'{"model": "x",\n "messages": [', "line 2"),
        (b"[" * 5000, "nested"),
        (b'{"messages": ' + b"[" * 200 + b"]" * 200 + b"}", "nested"),
        (b'{"n": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"a": 1}\n{"b": 2}\n', "known kind"),
        (b"[]\n[]\n", "no line"),
    ],
)
def test_what_is_no_session_is_refused_by_what_it_is(data: bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(data)
    assert says in refused.value.what
    assert refused.value.exit_code == 2


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.imports.source.MAX_BYTES", 100)
    with pytest.raises(UsageError, match="up to 100 are taken"):
        imported(body(ASKED, system="x" * 100))
    assert limits.MAX_BYTES == 256 * 1024 * 1024


def test_ten_thousand_messages_are_read_in_seconds() -> None:
    pair = [ASKED, {"role": "assistant", "content": [{"type": "text", "text": "yes"}]}]
    data = as_bytes(body(*(pair * 5000)))
    begun = time.process_time()
    assert len(imported(data).record.nodes) == 10_000
    assert time.process_time() - begun < 30
