"""The standard streams take any text and may be missing."""

import io
import sys

import pytest

from tui.cli import streams


def piped(encoding: str) -> tuple[io.BytesIO, io.TextIOWrapper]:
    raw = io.BytesIO()
    return raw, io.TextIOWrapper(raw, encoding, newline="")


def test_a_pipe_is_utf_8_whatever_the_locale_and_takes_lone_surrogates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw, stream = piped("ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    streams.prepare()
    sys.stdout.write("ü\ud800")
    sys.stdout.flush()
    assert raw.getvalue() == "ü\\ud800".encode()


def test_a_missing_stream_is_replaced_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    streams.prepare()
    made = (sys.stdin, sys.stdout, sys.stderr)
    sys.stdout.write("to nobody")
    sys.stdout.flush()
    assert sys.stdin.read() == ""
    assert not any(stream.isatty() for stream in made)
    for stream in made:
        stream.close()


def test_input_is_read_to_its_end_as_utf_8() -> None:
    stdin = io.TextIOWrapper(io.BytesIO("\ufeffä\r\n".encode() + b"\xff"), "latin-1")
    assert streams.read_input(stdin) == "ä\r\n\ufffd"
    assert streams.read_input(io.StringIO("text")) == "text"


def test_silencing_an_output_without_a_descriptor_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    streams.silence_output()
    sys.stdout.write("still here")
    assert stream.getvalue() == "still here"
