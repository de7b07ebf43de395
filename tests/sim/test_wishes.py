"""Words in a prompt become calls of the file, command and address tools, in the prompt's order."""

import json
from typing import Any

import pytest

from tui.sim.beats import Call, Offered, Scene
from tui.sim.script import write
from tui.sim.wishes import wished

TEXT: dict[str, Any] = {"type": "string"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "read_file": {
        "path": TEXT,
        "offset": {"type": ["integer", "null"]},
        "limit": {"type": ["integer", "null"]},
    },
    "list_files": {"path": {"type": ["string", "null"]}, "pattern": {"anyOf": [TEXT, {"type": "null"}]}},
    "search_files": {
        "text": TEXT,
        "path": {"type": ["string", "null"]},
        "pattern": {"type": ["string", "null"]},
    },
    "write_file": {"path": TEXT, "content": TEXT},
    "edit_file": {"path": TEXT, "old": TEXT, "new": TEXT},
    "shell": {"command": TEXT, "seconds": {"type": ["number", "null"]}},
    "http_get": {"url": TEXT},
}
TOOLS = tuple(
    Offered(name, {"type": "object", "properties": known, "required": list(known)})
    for name, known in ARGUMENTS.items()
)
NOTHING = {"offset": None, "limit": None}
WISHES: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("read notes.txt", [("read_file", {"path": "notes.txt", **NOTHING})]),
    ("Read the file `My Notes`, please.", [("read_file", {"path": "My Notes", **NOTHING})]),
    ("read ../../etc/passwd.", [("read_file", {"path": "../../etc/passwd", **NOTHING})]),
    ("list files", [("list_files", {"path": None, "pattern": None})]),
    ("list all files in src/ that fit *.py", [("list_files", {"path": "src/", "pattern": "*.py"})]),
    ("search for cats", [("search_files", {"text": "cats", "path": None, "pattern": None})]),
    (
        'search for "two words" below lib/a',
        [("search_files", {"text": "two words", "path": "lib/a", "pattern": None})],
    ),
    ("write a/b.txt with `hello`", [("write_file", {"path": "a/b.txt", "content": "hello"})]),
    ("write `hello` to a.txt", [("write_file", {"path": "a.txt", "content": "hello"})]),
    ("edit a.py: `x` -> `y`", [("edit_file", {"path": "a.py", "old": "x", "new": "y"})]),
    ('change a.py, replace "x" with "y"', [("edit_file", {"path": "a.py", "old": "x", "new": "y"})]),
    ("run `ls -la | wc`", [("shell", {"command": "ls -la | wc", "seconds": None})]),
    ("get https://example.com/x?y=1.", [("http_get", {"url": "https://example.com/x?y=1"})]),
    ("I read a lot. Please run fast, get well and write me a poem.", []),
]


@pytest.mark.parametrize(("prompt", "calls"), WISHES, ids=[w[0] for w in WISHES])
def test_a_wish_is_a_call(prompt: str, calls: list[tuple[str, dict[str, Any]]]) -> None:
    assert [(c.name, json.loads(c.arguments)) for c in wished(prompt, TOOLS)] == calls


def test_every_tool_can_be_wished_for() -> None:
    assert {name for _, calls in WISHES for name, _ in calls} == set(ARGUMENTS)


def asked(prompt: str, tools: tuple[Offered, ...] = TOOLS) -> list[str]:
    return [b.name for b in write(Scene(prompt, "m", tools)) if isinstance(b, Call)]


def test_wishes_come_one_by_one_or_all_at_once_in_the_prompts_order() -> None:
    prompt = "run `make`, then read a.txt and get http://localhost/x"
    assert asked(prompt) == ["shell"]
    assert asked(f"parallel: {prompt}") == ["shell", "read_file", "http_get"]


def test_what_is_not_offered_is_not_called() -> None:
    assert asked("read a.txt and run `make`", TOOLS[:1]) == ["read_file"]
    assert asked("read a.txt", ()) == []


def test_only_what_a_schema_requires_is_filled_up() -> None:
    loose = Offered("read_file", {"properties": ARGUMENTS["read_file"], "required": ["path"]})
    (call,) = wished("read a.txt", [loose])
    assert json.loads(call.arguments) == {"path": "a.txt"}


def test_a_prompt_without_end_is_read_quickly() -> None:
    assert len(wished("search for x " + "a" * 300_000 + " read b.txt", TOOLS)) == 2
