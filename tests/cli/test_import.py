"""Reading a file to import, and what is told of it."""

import io
import json
import os
import threading
from pathlib import Path

import pytest

from tui.chat.finding import Finding
from tui.cli import import_
from tui.errors import UsageError


def test_a_file_a_link_and_a_pipe_are_read(tmp_path: Path) -> None:
    file, link, fifo = (tmp_path / name for name in ("file", "link", "fifo"))
    file.write_bytes(b"\x00\xff{}")
    link.symlink_to(file)
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(b"piped"))
    writer.start()
    assert import_.read(str(fifo), io.StringIO()) == b"piped"
    writer.join(10)
    assert [import_.read(str(path), io.StringIO()) for path in (file, link)] == [b"\x00\xff{}"] * 2


def test_standard_input_is_read_as_bytes() -> None:
    assert import_.read("-", io.TextIOWrapper(io.BytesIO(b"\xff\r\n"))) == b"\xff\r\n"
    assert import_.read("-", io.StringIO("ä")) == b"\xc3\xa4"


@pytest.mark.parametrize("name", ["missing", ".", "", "a\0b", "loop"])
def test_what_cannot_be_read_is_a_usage_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UsageError) as caught:
        import_.read(str(tmp_path / name), io.StringIO())
    assert caught.value.exit_code == 2


def test_a_file_without_an_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_, "MAX_BYTES", 10_000)
    with pytest.raises(UsageError, match="larger than 10,000 bytes"):
        import_.read("/dev/zero", io.StringIO())


REMARKS = (
    Finding("import-cut", "The last\x1b line is cut off.", "line 7"),
    Finding("cost-unknown", "No cost."),
)


def test_the_id_alone_is_on_standard_output() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert import_.run("0123456789ab", "har", REMARKS, as_json=False, out=out, err=err) == 0
    assert out.getvalue() == "0123456789ab\n"
    assert err.getvalue() == "import: The last\x1b line is cut off. (line 7)\nimport: No cost.\n"


def test_every_field_of_the_object() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert import_.run("0123456789ab", "har", REMARKS, as_json=True, out=out, err=err) == 0
    assert json.loads(out.getvalue()) == {
        "session": "0123456789ab",
        "format": "har",
        "warnings": [
            {"class": "import-cut", "says": "The last\x1b line is cut off.", "path": "line 7"},
            {"class": "cost-unknown", "says": "No cost.", "path": None},
        ],
    }
    assert "No cost." in err.getvalue()
