"""What is read before the first frame says the same as the whole configuration, and imports little."""

import subprocess
import sys
from pathlib import Path

import pytest

from tui.config.early import load_ui
from tui.config.load import load_config
from tui.config.ui import Ui
from tui.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


@pytest.mark.parametrize(
    "text",
    ["", "ui:", "ui: {theme: nord, mouse: false, plain: true, motion: reduced, notify: off}", "cache: off"],
)
def test_it_says_what_the_whole_configuration_says(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    assert load_ui({}, file=str(file)) == load_config({}, file=str(file)).ui


def test_of_the_example_too() -> None:
    assert load_ui({"SIGHTLINE_CONFIG": str(EXAMPLE)}) == load_config({}, file=str(EXAMPLE)).ui != Ui()


def test_without_a_file_it_is_the_built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.config.paths.config_file", lambda: tmp_path / "none.yaml")
    assert load_ui({}) == Ui()


@pytest.mark.parametrize("text", ["ui: {motion: none}", "ui: 3", "[", "- a", "ui: {colour: red}"])
def test_what_is_wrong_there_is_told_in_the_same_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as early:
        load_ui({}, file=str(file))
    with pytest.raises(ConfigError) as whole:
        load_config({}, file=str(file))
    assert (str(early.value), early.value.hint) == (str(whole.value), whole.value.hint)


def test_it_loads_neither_the_schema_nor_what_a_chat_is_made_of() -> None:
    code = "import sys, tui.config.early, tui.config.compose; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"tui.config.schema", "tui.chat.parts"} & set(loaded.split())
