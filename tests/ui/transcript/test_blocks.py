"""Every kind of block at every width: rows fit, and hostile text is only text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clean import clean, visible
from tui.ui.transcript.blocks import copy_text, estimate, gap_before, is_foldable, render
from tui.ui.transcript.blocks.figures import estimated_tokens, running, size, span
from tui.ui.transcript.blocks.tool import short_arguments
from tui.ui.transcript.model import (
    Block,
    CardBlock,
    FooterBlock,
    NoticeBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)
from tui.ui.transcript.palette import PLAIN

HOSTILE = (
    "a\x1b]52;c;aGk=\x07b\u009b2J\x7f\u202e\u2066\u200b\ufeff\x00\r\n\x0b\u2028\U000e0041"
    "[/x][@click=app.quit]x[/]\t|\ud800"
)

KINDS: dict[str, Callable[[str], Block]] = {
    "user": lambda t: UserBlock("k", clean(t), visible(t, 5)),
    "text": lambda t: TextBlock("k", clean(t), note="cut off here"),
    "fence": lambda t: TextBlock("k", clean(f"```{t}\n{t}\n```")),
    "table": lambda t: TextBlock("k", "| {0} | b |\n|---|---|\n| {0} | {0} |\n".format(visible(t))),
    "thinking": lambda t: ThinkingBlock("k", clean(t), visible(t)),
    "live thinking": lambda t: ThinkingBlock("k", clean(t), live=True, seconds=3.0),
    "tool": lambda t: ToolBlock("k", visible(t), clean(t), "ok", 0.1, clean(t), 9, folded=False),
    "folded tool": lambda t: ToolBlock("k", visible(t), clean(t), "error", 0.1, clean(t), 9),
    "footer": lambda t: FooterBlock("k", visible(t)),
    "notice": lambda t: NoticeBlock("k", clean(t), "warning", visible(t)),
    "card": lambda t: CardBlock(
        "k", visible(t), clean(t), clean(t), visible(t), "vendor", 400, (("m", "mend"), ("r", visible(t)))
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@given(
    st.one_of(st.text(), st.text(st.sampled_from('ab \n中👩-*`|#>1."{')), st.just(HOSTILE * 5)),
    st.integers(20, 120),
)
def test_rows_fit_and_nothing_steers(kind: str, text: str, width: int) -> None:
    block = KINDS[kind](text)
    for line in render(block, width, PLAIN):
        assert line.cells <= width
        for char in line.text:
            assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
        assert clean(line.text) == line.text
    assert estimate(block, width) >= 0
    assert clean(copy_text(block)) == copy_text(block)


@pytest.mark.parametrize("kind", KINDS)
def test_markup_is_text(kind: str) -> None:
    shown = "\n".join(line.text for line in render(KINDS[kind]("[@click=app.quit]x[/]"), 100, PLAIN))
    if kind != "live thinking":
        assert "[@click=app.quit]" in shown


def lines(block: Block, width: int = 60) -> list[str]:
    return [line.text.rstrip() for line in render(block, width, PLAIN)]


def test_a_prompt_says_who_and_when() -> None:
    assert lines(UserBlock("k", "hello\n\n\tworld", "09:14"), 20) == [
        "you            09:14",
        "hello",
        "",
        "    world",
    ]


@pytest.mark.parametrize(
    ("block", "head"),
    [
        (
            ThinkingBlock("k", "x" * 1648, "✓ sealed", 412, seconds=3.1),
            "▾ thinking  ~412 tok · 3.1 s · ✓ sealed",
        ),
        (
            ThinkingBlock("k", "x", "unsealed", 88, False, 0.6, False, True),
            "▸ thinking  88 tok · 600 ms · unsealed",
        ),
        (ThinkingBlock("k", "", "redacted"), "▪ thinking  redacted"),
        (ThinkingBlock("k", "", "omitted (sealed)", 500, False), "▪ thinking  500 tok · omitted (sealed)"),
        (
            ThinkingBlock("k", "old", "foreign: not sent on this route", 1, True, None, folded=True),
            "▸ thinking  ~1 tok · foreign: not sent on this route",
        ),
    ],
)
def test_the_head_of_thinking(block: ThinkingBlock, head: str) -> None:
    assert lines(block)[0] == head


def test_a_tool_folds_out_to_arguments_and_result() -> None:
    block = ToolBlock(
        "k", "calculator", '{"expression":"6*7"}', "ok", 0.012, "42", 3, note="approved (once) by user"
    )
    assert lines(block) == ["▸ calculator  6*7" + " " * 27 + "ok · 12 ms · 3 B"]
    block.folded = False
    assert lines(block)[1:] == [
        "│ approved (once) by user",
        "│ arguments",
        '│  {"expression": "6*7"}',
        "│ result",
        "│ 42",
    ]


def test_of_a_long_result_both_ends_are_shown_and_all_of_it_is_copied() -> None:
    block = ToolBlock("k", "read", "{}", "ok", 1.0, "first\n" + "line\n" * 10_000 + "last", 9, folded=False)
    said = lines(block)
    assert len(said) < 5_000
    assert "│ first" in said
    assert said[-1] == "│ last"
    assert any("characters not shown; y copies all" in row for row in said)
    assert copy_text(block).count("line") == 10_000


def test_a_capped_result_shows_everything_the_tool_said_and_how_much_the_model_got() -> None:
    block = ToolBlock("k", "read_file", "{}", "ok", 0.012, "head\n[… left out …]\ntail", 31, folded=False)
    block.keep("head\nwhat the model did not get \x1b[2J\ntail")
    said = lines(block, 80)
    assert said[0].endswith("ok · 12 ms · 31 B of 41 B")
    given, said_chars = len(block.result or ""), len(block.full or "")
    assert any(f"the model was given {given} of {said_chars} characters" in row for row in said)
    assert "│ what the model did not get ␛[2J" in said
    assert "[… left out …]" not in "\n".join(said)
    assert "what the model did not get ␛" in copy_text(block)


def test_ten_megabytes_are_neither_cleaned_nor_laid_out_to_be_shown() -> None:
    block = ToolBlock("k", "shell", "{}", "ok", 1.0, "head … tail", 11, folded=False)
    block.keep("héad\n" + "0123456789 → \n" * 700_000 + "the end")
    began = process_time()
    said = lines(block)
    assert estimate(block, 80) < 5_000
    took = process_time() - began
    assert said[-1] == "│ the end"
    assert any("not shown" in row for row in said)
    assert took < 2


TOLD = "@@ -2 +2 @@\n-y = 2\n+y = 3"


@pytest.mark.parametrize(
    ("name", "arguments", "diff"),
    [
        ("edit_file", {"path": "a.py", "old": "x = 1\ny = 2", "new": "x = 1\ny = 3", "all": None}, ""),
        (
            "write_file",
            {"path": "a.py", "content": "x = 1\ny = 3"},
            "--- a.py\n+++ a.py\n@@ -2 +2 @@\n-y = 2\n+y = 3",
        ),
        ("edit_file", {"path": "a.py", "old": "\n", "new": ""}, "@@ -2 +2 @@\n-y = 2\n+y = 3"),
    ],
)
def test_a_change_is_shown_as_a_diff(name: str, arguments: dict[str, object], diff: str) -> None:
    block = ToolBlock("k", name, json.dumps(arguments), "ok", diff=diff, folded=False)
    said = lines(block)
    assert said[0].startswith(f"▾ {name}  a.py")
    assert ("+1 −1" in said[0]) == bool(diff)
    assert "│ change" in said
    assert "│  -y = 2" in said
    assert "│  +y = 3" in said
    assert any('"path": "a.py"' in row for row in said)
    assert not any("content" in row or '"new"' in row for row in said[1:])
    assert "y = 3" in copy_text(block) or diff


def test_a_replacement_too_long_to_compare_is_shown_one_after_the_other() -> None:
    given = {
        "path": "a",
        "old": "".join(f"{n}\n" for n in range(9000)),
        "new": "".join(f"{n}\n" for n in range(9001)),
    }
    said = lines(ToolBlock("k", "edit_file", json.dumps(given), "ok", folded=False))
    assert "│  -0" in said
    assert "│  +9000" in said


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ('{"expression": "6*7"}', "6*7"),
        ('{"a": 1, "b": [2, "x"]}', 'a=1 b=[2, "x"]'),
        ("{}", ""),
        ('{"command": "ls", "seconds": null}', "ls"),
        ('{"expr', '{"expr'),
        ("not json", "not json"),
        ('{"a": "one\\ntwo"}', "one⏎two"),
        ("[" * 100_000, "[" * 400),
    ],
)
def test_short_arguments(arguments: str, shown: str) -> None:
    assert short_arguments(arguments) == shown


def test_a_card_tells_what_where_and_what_to_do() -> None:
    block = CardBlock(
        "k",
        "request refused",
        "messages.3 was changed",
        "Invalid `signature`",
        "mend it",
        "vendor",
        400,
        (("m", "mend"),),
    )
    assert lines(block, 40) == [
        "╭─ ✗ request refused ─── vendor · 400 ─╮",
        "│ messages.3 was changed               │",
        "│ “Invalid `signature`”                │",
        "│ → mend it                            │",
        "│                                      │",
        "│ [m] mend                             │",
        "╰──────────────────────────────────────╯",
    ]  # fmt: skip
    (hit,) = next(line for line in render(block, 40, PLAIN) if line.hits).hits
    assert hit == (2, 10, "action:m")


def test_gaps_keep_tool_lines_together() -> None:
    tool, text, footer = ToolBlock("t", "x"), TextBlock("x", "y"), FooterBlock("f", "$0")
    assert gap_before(tool, None) == 0
    assert gap_before(tool, tool) == 0
    assert gap_before(text, tool) == 1
    assert gap_before(footer, text) == 1
    assert gap_before(UserBlock("u", "x"), footer) == 1


def test_only_what_hides_something_folds() -> None:
    assert is_foldable(ToolBlock("t", "x"))
    assert is_foldable(ThinkingBlock("t", "x"))
    assert not is_foldable(ThinkingBlock("t", ""))
    assert not is_foldable(TextBlock("t", "x"))


def test_figures() -> None:
    assert [span(s) for s in (0.0, 0.0124, 0.9999, 3.14, 42.0, 187.0)] == [
        "<1 ms",
        "12 ms",
        "1.0 s",
        "3.1 s",
        "42 s",
        "3:07",
    ]
    assert [running(s) for s in (0.25, 12.0, 61.0)] == ["0.2 s", "12 s", "1:01"]
    assert [size(n) for n in (0, 3, 3100, 1_200_000, 2_500_000_000)] == [
        "0 B",
        "3 B",
        "3.1 kB",
        "1.2 MB",
        "2.5 GB",
    ]
    assert estimated_tokens("") == 0
    assert estimated_tokens("four char words!") == 4
    assert estimated_tokens("中文字") == 2
