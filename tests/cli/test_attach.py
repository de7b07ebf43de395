"""``ask --attach``: what reaches the model, and every mistake an exit 2 before any call."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.attachments.samples import pdf, picture
from tests.cli.program import Done, Program

SONNET = "anthropic/claude-sonnet-4-5-20250929"
GROK = "xai/grok-4"


def asked(program: Program, *argv: str) -> tuple[Done, list[dict[str, Any]]]:
    """A run, and the bodies the vendors got."""
    before = len(program.sim.state.exchanges)
    done = program.main("ask", "--quiet", *argv)
    seen = program.sim.state.exchanges[before:]
    return done, [exchange.body for exchange in seen if exchange.path.endswith(("messages", "completions"))]


def test_files_of_each_kind_go_with_the_first_prompt(program: Program, tmp_path: Path) -> None:
    photo, report = picture(), pdf(2)
    (tmp_path / "my photo.png").write_bytes(photo)
    (tmp_path / "report.pdf").write_bytes(report)
    (tmp_path / "notes.md").write_text("# Notes\n")
    files = [f"--attach={tmp_path}/my\\ photo.png", f"--attach={tmp_path}/report.pdf"]
    done, calls = asked(
        program, *files, "--attach", str(tmp_path / "notes.md"), "-m", SONNET, "Look.", "And hello."
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()
    first, *later = [call["messages"] for call in calls]
    blocks = first[0]["content"]
    assert [block["type"] for block in blocks] == ["image", "document", "document", "text"]
    assert base64.b64decode(blocks[0]["source"]["data"]) == photo
    assert base64.b64decode(blocks[1]["source"]["data"]) == report
    assert (blocks[1]["title"], blocks[2]["title"]) == ("report.pdf", "notes.md")
    assert blocks[2]["source"]["data"] == "# Notes\n"
    assert all(messages[0]["content"][:4] == blocks[:4] for messages in later)
    assert "image" not in [block["type"] for block in later[-1][-1]["content"]]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("missing.png", "there is no file"),
        (".", "is a directory"),
        ("/dev/null", "is a device"),
        ("photo.heic", "a HEIC picture"),
        ("broken.png", "is broken"),
    ],
)
def test_a_file_that_cannot_be_attached_is_exit_2(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, why: str
) -> None:
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0")
    (tmp_path / "broken.png").write_bytes(picture()[:12])
    monkeypatch.chdir(tmp_path)
    done, calls = asked(program, "--attach", file, "-m", SONNET, "Look.")
    assert done.code == 2
    assert done.err.startswith("attachment: ")
    assert why in done.err
    assert calls == []


def test_what_the_model_does_not_take_is_exit_2_before_any_call(program: Program, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf())
    (tmp_path / "wide.png").write_bytes(picture(size=(9000, 2)))
    done, calls = asked(program, "--attach", str(tmp_path / "report.pdf"), "-m", GROK, "Look.")
    assert done.code == 2
    assert f"report.pdf: {GROK} takes no PDF" in done.err
    assert calls == []
    done, calls = asked(program, "--attach", str(tmp_path / "wide.png"), "-m", SONNET, "Look.")
    assert done.code == 2
    assert "takes images up to 8000 pixels a side; this has 9000" in done.err
    assert calls == []


def test_a_mistake_is_an_event_too(program: Program, tmp_path: Path) -> None:
    done, _ = asked(program, "--json", "--attach", str(tmp_path / "none.png"), "Look.")
    assert done.code == 2
    error = done.only("error")
    assert error["title"].startswith("attachment: there is no file")
    assert (error["class"], error["layer"]) == ("bad-request", "client")
