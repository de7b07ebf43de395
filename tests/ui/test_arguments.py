"""How the arguments of a call are set out to be read."""

import json
from typing import Any

import pytest

from tui.ui.arguments import Section, sections_of


@pytest.mark.parametrize(
    ("tool", "given", "sections"),
    [
        ("shell", {"command": "ls", "seconds": None}, [Section("command", "ls", "bash")]),
        (
            "shell",
            {"command": "ls", "seconds": 9},
            [Section("command", "ls", "bash"), Section("other arguments", '{"seconds": 9}', "json")],
        ),
        (
            "write_file",
            {"path": "a", "content": "x\ny\n"},
            [Section("content", "x\ny\n"), Section("other arguments", '{"path": "a"}', "json")],
        ),
        ("calculator", {"expression": "6*7"}, [Section("arguments", '{"expression": "6*7"}', "json")]),
        ("current_time", {}, [Section("arguments", "{}", "json")]),
        ("any", {"command": "ls"}, [Section("arguments", '{"command": "ls"}', "json")]),
        ("any", {"a": None}, [Section("arguments", '{"a": null}', "json")]),
    ],
)
def test_commands_and_texts_stand_by_themselves(
    tool: str, given: dict[str, Any], sections: list[Section]
) -> None:
    assert sections_of(tool, given) == sections


@pytest.mark.parametrize("given", [{"a": "x" * 80}, {"a": [1, {"b": 2}]}])
def test_what_is_long_or_nested_is_laid_out(given: dict[str, Any]) -> None:
    (section,) = sections_of("any", given)
    assert section.text.count("\n") >= 2
    assert json.loads(section.text) == given
