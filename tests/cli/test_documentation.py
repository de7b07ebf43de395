"""docs/command-line.md names everything the code does, and its examples are what the program prints."""

import argparse
import inspect
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.test_ask_end_to_end import COMMON, FIELDS
from tests.exports.samples import session
from tui.chat.finding import Finding
from tui.chat.spend import Spend
from tui.cli import args, import_, json_events
from tui.cli.ask import EXIT_BY_STOP, PIPE_CLOSED
from tui.cli.costs import spend_fields
from tui.cli.session_json import info_fields, record_fields
from tui.cli.signals import EXIT_BY_SIGNAL
from tui.errors import EXIT_CODES, SightlineError, Unexpected, UsageError

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*)\n```", PAGE)]


def test_every_event_type_is_described() -> None:
    types = set(re.findall(r'return "(\w+)", ', inspect.getsource(json_events)))
    assert set(FIELDS) <= types
    described = set(re.findall(r"^\*\*`(\w+)`\*\*:", PAGE, re.MULTILINE))
    assert described == types


@pytest.mark.parametrize("type", FIELDS)
def test_every_event_that_can_come_has_a_whole_example(type: str) -> None:
    (example,) = (line for line in EXAMPLES if line.get("type") == type)
    assert list(example)[:5] == COMMON
    assert set(example) - set(COMMON) == set(FIELDS[type].split())


def test_every_exit_code_is_in_the_table() -> None:
    errors = (SightlineError("x"), UsageError("x"), Unexpected("x"))
    codes = {0, PIPE_CLOSED, *EXIT_CODES.values(), *EXIT_BY_STOP.values(), *EXIT_BY_SIGNAL.values()}
    codes |= {error.exit_code for error in errors}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == codes


def test_every_command_and_flag_is_described() -> None:
    top = args.parser()
    (commands,) = (a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    parsers = [top, *commands.choices.values()]
    flags = {flag for parser in parsers for action in parser._actions for flag in action.option_strings}
    assert [flag for flag in sorted(flags - {"-h"}) if not re.search(f"`{flag}[ `]", PAGE)] == []
    assert set(commands.choices) == set(re.findall(r"^sightline (\w+) .*  ", PAGE, re.MULTILINE))


def test_the_example_of_costs_has_every_field() -> None:
    (example,) = (e for e in EXAMPLES if "by" in e and "type" not in e)
    assert list(example) == list(spend_fields(Spend("x"), "model"))


def test_the_page_promises_nothing_reserved() -> None:
    assert not re.search(r"sightline doctor\b", PAGE)


def test_the_examples_of_sessions_have_every_field() -> None:
    """Whole objects, as the program prints them for the session they tell of."""
    record = replace(session(), exchanges=session().exchanges[:2])
    listed, shown, imported = (e for e in EXAMPLES if "session" in e and "type" not in e)
    assert list(listed) == [*info_fields(record.info), "where", "snippet"]
    ours = record_fields(record)
    assert list(shown) == list(ours)
    assert {tuple(message) for message in shown["messages"]} == {tuple(ours["messages"][0])}
    kinds = {part["type"]: list(part) for message in ours["messages"] for part in message["parts"]}
    for part in (part for message in shown["messages"] for part in message["parts"]):
        assert list(part) == kinds[part["type"]]
    out = io.StringIO()
    import_.run("x", "har", [Finding("a", "b")], as_json=True, out=out, err=io.StringIO())
    told = json.loads(out.getvalue())
    assert list(imported) == list(told)
    assert all(list(warning) == list(told["warnings"][0]) for warning in imported["warnings"])
