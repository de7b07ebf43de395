"""Prompts as given on the command line."""

import io

import pytest

from tui.cli.ask import gather_prompts, looks_unquoted, tool_names
from tui.errors import UsageError


def prompts(*words: str, stdin: str = "") -> list[str]:
    return gather_prompts(words, io.StringIO(stdin))


def test_each_word_is_a_prompt_and_stdin_stands_where_it_is_named() -> None:
    assert prompts("a", "b") == ["a", "b"]
    assert prompts("review", "-", stdin="diff") == ["review\n\ndiff"]
    assert prompts("-", "then", stdin="first") == ["first", "then"]


@pytest.mark.parametrize("words", [("-", "a", "-"), ("",), ("a", "  "), ("-",)])
def test_misuse(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        prompts(*words)


def test_standard_input_that_is_not_named_is_not_read() -> None:
    stdin = io.StringIO("unread")
    gather_prompts(["a"], stdin)
    assert stdin.read() == "unread"


def test_an_unquoted_sentence_is_noticed() -> None:
    assert looks_unquoted(["what", "is", "this"])
    assert not looks_unquoted(["what", "is"])
    assert not looks_unquoted(["what is this", "and", "that"])
    assert not looks_unquoted(["review", "this", "-"])


def test_standard_input_is_utf_8_exactly_and_never_fails() -> None:
    stdin = io.TextIOWrapper(io.BytesIO("\ufeffé\r\n".encode() + b"\xff"), "ascii")
    assert gather_prompts(["-"], stdin) == ["é\r\n\ufffd"]


@pytest.mark.parametrize(
    ("text", "names"), [("none", []), ("", []), ("a, b", ["a", "b"]), ("a,none", ["a"])], ids=repr
)
def test_names_of_tools(text: str, names: list[str]) -> None:
    assert tool_names(text) == names
