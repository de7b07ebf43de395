"""Paths as they are typed, quoted, pasted and dropped."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.attachments.paths import located
from tui.errors import UsageError


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory with files of awkward names."""
    for name in ("plain.png", "two words.png", "it's.png", 'a"b.png', "50%.png", "ünï (1).png", "~tilde.png"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plain.png", "plain.png"),
        ("  plain.png \n", "plain.png"),
        ("./plain.png", "plain.png"),
        ("'two words.png'", "two words.png"),
        ('"two words.png"', "two words.png"),
        (r"two\ words.png", "two words.png"),
        (r"it\'s.png", "it's.png"),
        (r"'it'\''s.png'", "it's.png"),
        ("it's.png", "it's.png"),
        ('a"b.png', 'a"b.png'),
        (r"ünï\ \(1\).png", "ünï (1).png"),
        ("~tilde.png", "~tilde.png"),
        ("file://{base}/two%20words.png", "two words.png"),
        ("file://localhost{base}/plain.png", "plain.png"),
        ("FILE:{base}/plain.png", "plain.png"),
        ("file://{base}/50%25.png", "50%.png"),
        ("'file://{base}/plain.png'", "plain.png"),
        ("{base}/plain.png", "plain.png"),
        (r"'{base}/two words.png'", "two words.png"),
    ],
)
def test_one_path_in_many_spellings(files: Path, text: str, name: str) -> None:
    assert located(text.replace("{base}", str(files)), files).samefile(files / name)


def test_a_path_as_written_comes_before_what_it_could_mean(files: Path) -> None:
    (files / r"two\ words.png").write_bytes(b"y")
    (files / "'two words.png'").write_bytes(b"z")
    assert located(r"two\ words.png", files).read_bytes() == b"y"
    assert located("'two words.png'", files).read_bytes() == b"z"


def test_home(files: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(files))
    assert located("~/plain.png", tmp_path / "elsewhere") == files / "plain.png"
    assert located('"~/two words.png"', tmp_path) == files / "two words.png"
    with pytest.raises(UsageError, match="there is no file"):
        located("~nobody-of-this-name/x.png", tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a\0b", "NUL"),
        ("missing.png", "there is no file missing.png"),
        ("x" * 5000, "there is no file"),
        ("file://elsewhere.example/a.png", "another machine"),
        ("file://[::1/a.png", "no URL"),
    ],
)
def test_what_names_no_file(files: Path, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        located(text, files)
    assert error.value.exit_code == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_any_text_is_a_path_or_an_error(tmp_path: Path, text: str) -> None:
    try:
        located(text, tmp_path)
    except UsageError:
        pass
