"""An edit replaces exactly what was meant, keeps all else byte for byte, and explains what it cannot."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tools.builtin.trees import Trap, asked, call, raw
from tui.chat.parts import Json, ToolResult
from tui.tools.builtin.edit_file import replaced
from tui.tools.builtin.files.content import content_of
from tui.tools.toolbox import Toolbox, ToolError


@pytest.fixture
def box(tmp_path: Path) -> Toolbox:
    return Trap(tmp_path, tmp_path, tmp_path / "ours").toolbox()


def edit(old: str, new: str, path: str = "f", **more: Json) -> dict[str, Json]:
    return {"path": path, "old": old, "new": new, **more}


async def test_asked_with_the_diff_then_done(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one\ntwo\nthree\n")
    ask = await asked(box, "edit_file", **edit("two", "2"))
    assert (ask.says, ask.subject, ask.grants) == ("edit f", "f", "every edit_file of f")
    assert ask.diff == "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
    assert (
        await call(box, "edit_file", **edit("two", "2"))
    ).text == "edited f from line 2; it has 12 bytes now"
    assert (tmp_path / "f").read_text() == "one\n2\nthree\n"


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (b"a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", b"x\r\ny\r\nz\r\nc\r\n"),
        (b"a\r\nb\r\n", "a\r\nb", "x\r\ny", b"x\r\ny\r\n"),
        (b"a\r\nb\nc\n", "b\nc", "x", b"a\r\nx\n"),
        (b"\xef\xbb\xbfcaf\xc3\xa9\n", "caf", "kaff", b"\xef\xbb\xbfkaff\xc3\xa9\n"),
        (b"caf\xe9 one\n", "one", "Ã©", b"caf\xe9 \xc3\xa9\n"),
        ("é a\n".encode("utf-16"), "a", "bb", "é bb\n".encode("utf-16")),
        (b"no newline", "no", "a\x1b[1mno", b"a\x1b[1mno newline"),
        (b"gone and kept", "gone and ", "", b"kept"),
    ],
)
async def test_encoding_and_line_ends_stay(
    box: Toolbox, tmp_path: Path, before: bytes, old: str, new: str, after: bytes
) -> None:
    (tmp_path / "f").write_bytes(before)
    await asked(box, "edit_file", **edit(old, new))
    assert not (await call(box, "edit_file", **edit(old, new))).is_error
    assert (tmp_path / "f").read_bytes() == after


@pytest.mark.parametrize(
    ("text", "old", "says"),
    [
        (
            "a\n  if x:\n    y\n",
            "if x:\n  y",
            "from line 2 it differs only in white space, there it is:\n  if x:\n    y",
        ),
        ("def one():\ndef two():\n", "def tow():", "the nearest line is 2:\ndef two():"),
        ("a\n", "completely different", "read the file again and copy the text exactly"),
        ("a\r\nb\nc\r\n", "a\nb", "end partly in CRLF"),
        ("x\nx\nx\n", "x", "old is 3 times in f, at lines 1, 2, 3;"),
        ("x\n" * 50, "x", "at lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and more;"),
        ("aaa", "aa", "old is 2 times in f, at lines 1, 1;"),
        ("", "x", "old is not in f"),
    ],
)
def test_what_does_not_fit_is_explained(text: str, old: str, says: str) -> None:
    with pytest.raises(ToolError) as caught:
        replaced(content_of(text.encode()), "f", old, "new", everywhere=False)
    assert says in str(caught.value)


async def test_everywhere(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x y x\nx\n")
    ask = await asked(box, "edit_file", **edit("x", "zz", all=True))
    assert ask.says == "edit f everywhere"
    await call(box, "edit_file", **edit("x", "zz", all=True))
    assert (tmp_path / "f").read_text() == "zz y zz\nzz\n"


@given(
    st.text(alphabet="ab \n", max_size=40),
    st.text(alphabet="ab \n", min_size=1, max_size=4),
    st.text(max_size=4),
)
def test_one_replacement_is_one(text: str, old: str, new: str) -> None:
    assume("\r" not in new)
    overlapping = sum(text.startswith(old, at) for at in range(len(text)))
    if overlapping == 1:
        assert replaced(content_of(text.encode()), "f", old, new, everywhere=False) == text.replace(old, new)
    else:
        with pytest.raises(ToolError):
            replaced(content_of(text.encode()), "f", old, new, everywhere=False)


async def test_two_edits_shown_side_by_side_are_both_made(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one\ntwo\nthree\n")
    edits = [edit("one", "1"), edit("three", "3")]
    for arguments in edits:
        await asked(box, "edit_file", **arguments)
    results = await asyncio.gather(*(call(box, "edit_file", **arguments) for arguments in edits))
    assert not any(result.is_error for result in results)
    assert (tmp_path / "f").read_text() == "1\ntwo\n3\n"


async def test_but_not_when_somebody_else_wrote_in_between(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one\ntwo\n")
    for arguments in (edit("one", "1"), edit("two", "2")):
        await asked(box, "edit_file", **arguments)
    await call(box, "edit_file", **edit("one", "1"))
    (tmp_path / "f").write_text("1\ntwo\nfrom somebody else\n")
    result = await call(box, "edit_file", **edit("two", "2"))
    assert result.is_error
    assert "changed after this change of it was shown" in result.text
    assert (tmp_path / "f").read_text() == "1\ntwo\nfrom somebody else\n"


async def test_a_whole_file_shown_before_an_edit_is_not_written_over_it(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one\n")
    await asked(box, "write_file", path="f", content="all new\n")
    await asked(box, "edit_file", **edit("one", "1"))
    await call(box, "edit_file", **edit("one", "1"))
    assert (await call(box, "write_file", path="f", content="all new\n")).is_error
    assert (tmp_path / "f").read_text() == "1\n"


async def test_a_file_that_is_not_there_is_told_with_what_is(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    answer = await box.ask(raw("edit_file", edit("x", "y", path="note.txt")))
    assert isinstance(answer, ToolResult)
    assert answer.text == "there is no note.txt; write_file makes new files"
