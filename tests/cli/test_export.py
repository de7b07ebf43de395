"""Exports written: whole or not at all, to nobody else's eyes, over nothing that was there."""

import io
import os
import stat
import threading
from pathlib import Path

import pytest

from tui.cli import export
from tui.errors import SightlineError, Unexpected, UsageError
from tui.exports import files


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_format_is_named_or_told_by_the_ending() -> None:
    assert export.format_of("har", "x.html") == "har"
    assert export.format_of(None, "dir/x.HTML") == "html"
    assert export.format_of(None, "x.markdown") == "md"
    for named, file in ((None, None), (None, "-"), (None, "x.txt"), ("pdf", None)):
        with pytest.raises(UsageError) as caught:
            export.format_of(named, file)
        assert "--as har" in caught.value.hint


def test_standard_output_is_exact_in_a_pipe_and_harmless_on_a_terminal() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    for out in (pipe, terminal):
        assert export.run(["a\x1b[2J", "b\n"], None, out=out) == 0
        assert export.run(["c\n"], "-", out=out) == 0
    assert pipe.getvalue() == "a\x1b[2Jb\nc\n"
    assert terminal.getvalue() == "a␛[2Jb\nc\n"


def test_a_file_is_for_its_owner_alone_and_never_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    export.run(["ä\ud800", "\n"], str(path))
    assert path.read_bytes() == b"\xc3\xa4\\ud800\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError) as caught:
        export.run(["other"], str(path))
    assert "--force" in caught.value.hint
    assert path.read_text("utf-8").startswith("ä")
    path.chmod(0o644)
    export.run(["other"], str(path), force=True)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("other", 0o600)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.md"]


def test_a_link_is_followed_only_when_forced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(UsageError):
        export.run(["x"], str(link))
    assert not target.exists()
    export.run(["x"], str(link), force=True)
    assert (target.read_text(), link.is_symlink()) == ("x", True)


def test_a_pipe_is_written_to_when_forced(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_text()))
    reader.start()
    export.run(["through"], str(fifo), force=True)
    reader.join(10)
    assert got == ["through"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("where", ["missing/out.md", ".", "a-file/out.md", "x" * 300])
def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, where: str, force: bool) -> None:
    (tmp_path / "a-file").write_text("")
    with pytest.raises(SightlineError) as caught:
        export.run(["x"], str(tmp_path / where), force=force)
    assert str(tmp_path) in caught.value.what
    assert caught.value.hint


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old"
    old.write_text("old")
    for path, force in ((tmp_path / "new", False), (old, True)):
        with monkeypatch.context() as patch:
            patch.setattr(files, "open", _full, raising=False)
            with pytest.raises(Unexpected, match="No space left") as failed:
                export.run(["x"], str(path), force=force)
            assert failed.value.hint.startswith("make room")
    assert [entry.name for entry in tmp_path.iterdir()] == ["old"]
    assert old.read_text() == "old"


def _full(descriptor: int, _mode: str) -> None:
    os.close(descriptor)
    raise OSError(28, "No space left on device")
