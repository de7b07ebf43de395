"""Which files the popup after @ offers, and which pastes are files."""

import os
from pathlib import Path

import pytest

from tui.ui.file_names import LOOKED_AT, SHOWN, dropped_files, file_names, file_query


@pytest.mark.parametrize(
    ("before", "query"),
    [
        ("@", ""),
        ("see @docs/ar", "docs/ar"),
        ("(@a", "a"),
        ("me@example.com", None),
        ("@one two", None),
        ("no at", None),
        ("", None),
    ],
)
def test_the_word_behind_an_at_sign_is_the_query(before: str, query: str | None) -> None:
    assert file_query(before) == query


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "docs/architecture.md",
        "docs/deep/inner.txt",
        "photo.png",
        ".env",
        "node_modules/x/index.js",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def test_an_empty_query_lists_what_is_here_directories_first(tree: Path) -> None:
    assert file_names("", tree) == ["docs/", "node_modules/", "photo.png"]


def test_a_directory_is_looked_into_by_its_slash(tree: Path) -> None:
    assert file_names("docs/", tree) == ["docs/deep/", "docs/architecture.md"]
    assert file_names("docs/AR", tree) == ["docs/architecture.md"]
    assert file_names("../", tree / "docs")[0].startswith("../")


def test_a_name_is_found_however_deep_but_not_in_generated_directories(tree: Path) -> None:
    assert "docs/deep/inner.txt" in file_names("inner", tree)
    assert file_names("index.js", tree) == []
    assert file_names(".en", tree) == [".env"]


def test_what_is_not_there_offers_nothing(tree: Path) -> None:
    assert file_names("nowhere/", tree) == []
    assert file_names("a\0b/", tree) == []


def test_a_huge_directory_costs_a_bounded_look(tmp_path: Path) -> None:
    for number in range(LOOKED_AT + 50):
        (tmp_path / f"file-{number}").touch()
    assert len(file_names("file", tmp_path)) == SHOWN


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_loop_of_links_ends(tree: Path) -> None:
    (tree / "docs" / "again").symlink_to(tree, target_is_directory=True)
    assert "docs/deep/inner.txt" in file_names("inner", tree)


def test_a_paste_of_paths_that_are_there_is_a_drop(tree: Path) -> None:
    photo, page = tree / "photo.png", tree / "docs" / "architecture.md"
    spaced = tree / "my photo.png"
    spaced.write_text("x")
    assert dropped_files(f"{photo}\n") == (str(photo),)
    assert dropped_files(f"'{photo}'\n{page}") == (f"'{photo}'", str(page))
    assert dropped_files(str(spaced).replace(" ", "\\ ")) == (str(spaced).replace(" ", "\\ "),)
    assert dropped_files(spaced.as_uri()) == (spaced.as_uri(),)


@pytest.mark.parametrize(
    "text", ["", "/no/such/file", "photo.png", "/etc", "some /etc/hosts text", "/" * 5000, "a\0b"]
)
def test_any_other_paste_is_text(text: str) -> None:
    assert dropped_files(text) == ()
