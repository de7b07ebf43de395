"""Drafts and earlier prompts in files."""

import stat
from pathlib import Path

import pytest

from tui.ui.draft import (
    MAX_HISTORY,
    Draft,
    Unsent,
    load_draft,
    load_history,
    save_draft,
    save_history,
    write_private,
)


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    draft = Draft(
        Unsent("half a\nthought ⏎ \U0001f600", ("/tmp/a b.png",)), (Unsent("queued"), Unsent("too", ("/x",)))
    )
    save_draft(tmp_path / "new", draft)
    assert load_draft(tmp_path / "new") == draft


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"text": null, "queue": 3}', "\x00\xff"])
def test_a_broken_file_is_no_draft(tmp_path: Path, content: str) -> None:
    (tmp_path / "draft.json").write_text(content)
    (tmp_path / "prompts.json").write_text(content)
    assert load_draft(tmp_path) == Draft()
    assert load_history(tmp_path) == []


def test_files_are_replaced_whole_and_private(tmp_path: Path) -> None:
    save_draft(tmp_path, Draft(Unsent("one")))
    save_draft(tmp_path, Draft(Unsent("two")))
    assert [p.name for p in tmp_path.iterdir()] == ["draft.json"]
    assert stat.S_IMODE((tmp_path / "draft.json").stat().st_mode) == 0o600


def test_lone_surrogates_are_kept_in_json_and_replaced_in_text(tmp_path: Path) -> None:
    save_draft(tmp_path, Draft(Unsent("a\ud800b")))
    assert load_draft(tmp_path).text == "a\ud800b"
    write_private(tmp_path / "t.txt", "a\ud800b", as_json=False)
    assert (tmp_path / "t.txt").read_text() == "a?b"


def test_the_history_is_bounded(tmp_path: Path) -> None:
    save_history(tmp_path, [str(n) for n in range(MAX_HISTORY + 10)])
    assert load_history(tmp_path)[0] == "10"
    assert len(load_history(tmp_path)) == MAX_HISTORY
