"""Markdown in pieces gives the same rows as Markdown at once, and no row is wider than its room."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pygments.lexer import Lexer

from tui.clean import clean
from tui.ui.transcript.line import Line
from tui.ui.transcript.markdown.code import Code
from tui.ui.transcript.markdown.document import LONGEST_TAIL, Document, markdown_lines
from tui.ui.transcript.markdown.parse import parse
from tui.ui.transcript.markdown.render import stack
from tui.ui.transcript.palette import PLAIN

FRAGMENTS = [
    "plain words that go on",
    "\n",
    "\n\n",
    "# Heading",
    "### Deeper",
    "- item",
    "* star",
    "  - nested",
    "1. one",
    "2. two",
    "7) seven",
    "   continued",
    "- [ ] open",
    "- [x] done",
    "```python",
    "```",
    "~~~",
    "    indented",
    "def f(x): return 'a'",
    '"""doc',
    "> quote",
    "> - in quote",
    "| a | b |",
    "|---|--:|",
    "| 1 | **2** |",
    "a | b",
    "--- | ---",
    "---",
    "===",
    "***",
    "**bold** and *it*",
    "`code`",
    "~~gone~~",
    "[link](http://x.y)",
    "<b>html</b>",
    "<div>",
    "中文字符",
    "👩\u200d💻",
    "\t",
    " ",
    "\\",
    "-",
    "1",
    "&amp;&#x202e;",
    "[ref]",
    "![pic](u.png)",
    "2",
    "+ plus",
    "10. ten",
]

DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(["\n", " ", "\n\n"])), max_size=40
).map(lambda parts: "".join(text + end for text, end in parts))


def shown(lines: list[Line]) -> list[tuple[str, str, str]]:
    return [(line.text, line.copied, line.join) for line in lines]


def streamed(source: str, cuts: list[int], width: int) -> list[Line]:
    document = Document(width, PLAIN)
    rows: list[Line] = []
    start = 0
    for cut in [*sorted(cuts), len(source)]:
        rows = document.feed(source[start:cut])
        start = max(start, cut)
    return [*document.closed, *rows]


@given(DOCUMENTS, st.data(), st.integers(20, 100))
def test_any_way_of_cutting_gives_the_same_rows(source: str, data: st.DataObject, width: int) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=30))
    assert shown(streamed(source, cuts, width)) == shown(streamed(source, [], width))


@given(DOCUMENTS)
@example("plain words that go on\n- item a | b\n--- | ---\n")
@example("words\n\n- item a | b\n--- | ---\n- next\n")
@example("words\n- item\n- next\n")
def test_character_by_character(source: str) -> None:
    assert shown(streamed(source, list(range(len(source))), 60)) == shown(streamed(source, [], 60))


@pytest.mark.parametrize(
    "line", ["x = 'of some length'\n", "'" + "y" * 900 + "'\n", "words = 2  # in a string\n"]
)
def test_long_code_ends_its_stretches_wherever_it_is_cut(line: str) -> None:
    source = "```python\n" + ('"""doc\n' if "words" in line else "") + line * (26_000 // len(line)) + "```\n"
    assert shown(streamed(source, list(range(0, len(source), 2_333)), 60)) == shown(streamed(source, [], 60))


@pytest.mark.parametrize("text", ["[1, 2]" * 500, "漢字é" * 900], ids=["ascii", "wide"])
def test_data_on_one_line_is_not_lexed_but_cut_as_other_lines(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(language: str) -> list[str]:
        code = Code(language, 60, PLAIN)
        code.add(["a", text])
        return [line.text for line in (*code.closed, *code.opened(text))]

    assert rows("json") == rows("")
    code = Code("json", 60, PLAIN)
    monkeypatch.setattr(Lexer, "get_tokens", None)
    assert "".join(line.copied for line in code.opened(text)) == text
    assert all(line.cells == 60 for line in code.opened(text))


@given(DOCUMENTS)
@example("1. a\n\n2. b\n3. c\n\ntext\n- x\n- y\n\n- z\n")
@example("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\nx\n\nend\n")
def test_growing_rows_are_those_of_the_whole_parse(source: str) -> None:
    whole = stack(parse(source), Document(60, PLAIN).place)
    # An unclosed fence may end in an empty row or not; nobody sees the difference.
    fed, at_once = (
        "\n".join(line.text.rstrip() for line in rows) for rows in (streamed(source, [], 60), whole)
    )
    assert fed.rstrip() == at_once.rstrip()


@given(DOCUMENTS, st.integers(20, 120))
def test_no_row_is_wider_than_its_room(source: str, width: int) -> None:
    assert all(line.cells <= width for line in markdown_lines(source, width, PLAIN))


@given(st.text(), st.integers(20, 120))
def test_any_text_is_shown_without_control_characters(source: str, width: int) -> None:
    for line in markdown_lines(clean(source), width, PLAIN):
        assert line.cells <= width
        assert clean(line.text) == line.text
        assert "\n" not in line.text
        assert "\t" not in line.text


def test_what_is_closed_is_never_touched_again() -> None:
    document = Document(60, PLAIN)
    document.feed("para\n\n- a\n- b\n- c\n")
    before = list(document.closed)
    document.feed("- d\n\nmore\n\nand more\n")
    assert len(document.closed) > len(before)
    assert all(a is b for a, b in zip(before, document.closed, strict=False))


@pytest.mark.parametrize(
    "grow",
    [
        lambda n: "```python\n" + "x = 1  # line\n" * n,
        lambda n: "- item of a list\n" * n,
        lambda n: "| a | b |\n|---|---|\n" + "| one | two |\n" * n,
        lambda n: "A paragraph.\n\n" * n,
    ],
    ids=["fence", "list", "table", "paragraphs"],
)
def test_the_tail_that_is_parsed_again_stays_short(grow: Callable[[int], str]) -> None:
    document = Document(60, PLAIN)
    source = grow(600)
    for start in range(0, len(source), 50):
        document.feed(source[start : start + 50])
        assert len(document._tail) < 200


@pytest.mark.parametrize(
    "block",
    ["word " * 4_000, "x" * 20_000, "- a\n" + "  - some b\n" * 2_000, "```\n" + "y" * 20_000],
    ids=["paragraph", "word", "nested list", "line of code"],
)
def test_a_block_without_end_stays_cheap_and_is_right_in_the_end(block: str) -> None:
    document = Document(60, PLAIN)
    rows: list[Line] = []
    for start in range(0, len(block), 1_000):
        rows = document.feed(block[start : start + 1_000])
        assert len(document._tail) <= LONGEST_TAIL
    assert document.approximate
    assert sum(len(line.copied.strip()) for line in (*document.closed, *rows)) > len(block) // 2
    whole = stack(parse(block), Document(60, PLAIN).place)
    assert shown(markdown_lines(block, 60, PLAIN)) == shown(whole)


def texts(source: str, width: int = 60) -> list[str]:
    return [line.text.rstrip() for line in markdown_lines(source, width, PLAIN)]


def test_lists_nest_and_keep_their_numbers() -> None:
    assert texts("3. three\n4. four\n   - deep\n     - deeper\n- [ ] open\n- [x] done\n") == [
        "3. three",
        "4. four",
        "   ◦ deep",
        "     ▪ deeper",
        "",
        "☐ open",
        "☑ done",
    ]


def test_a_link_says_where_it_goes_and_is_no_escape_sequence() -> None:
    lines = markdown_lines("[docs](https://a.b/c) and <https://d.e>", 60, PLAIN)
    assert lines[0].text == "docs (https://a.b/c) and https://d.e"
    assert all(piece.style.link is None for piece in lines[0].pieces)


def test_html_is_text() -> None:
    assert texts("<b>x</b>\n\n<script>y</script>") == ["<b>x</b>", "", "<script>y</script>"]


def test_entities_cannot_smuggle_what_was_cleaned() -> None:
    assert texts("a&#x202e;b&#8203;c&#x2028;d") == ["a\ufffdbc", "d"]


def test_a_fence_names_its_language_and_keeps_its_blanks() -> None:
    lines = markdown_lines("```py\nif x:\n    y\n```", 30, PLAIN)
    assert [line.text.rstrip() for line in lines] == [" py", " if x:", "     y"]
    assert "".join(line.join + line.copied for line in lines[1:]) == "\nif x:\n    y"


def test_long_code_is_cut_at_the_margin_and_copied_whole() -> None:
    lines = markdown_lines("```\n" + "x" * 50 + "\n```", 30, PLAIN)
    assert [line.cells for line in lines] == [30, 30]
    assert "".join(line.copied for line in lines) == "x" * 50


def test_a_table_shrinks_its_widest_column() -> None:
    lines = texts("| k | v |\n|---|---|\n| a | " + "word " * 20 + "|\n", 40)
    assert lines[0] == "k │ v"
    assert all(len(line) <= 40 for line in lines)
    assert lines[2].startswith("a │ word word")
    assert lines[3].startswith("  │ word")


def test_a_table_too_wide_for_the_screen_becomes_records() -> None:
    header = "|" + "|".join(f"name{i}" for i in range(8)) + "|\n" + "|---" * 8 + "|\n"
    lines = texts(header + "|" + "|".join("value" for _ in range(8)) + "|\n", 30)
    assert lines == [f"name{i}: value" for i in range(8)]


def test_reference_links_are_resolved_by_the_whole_text() -> None:
    assert texts("see [docs]\n\n[docs]: https://a.b") == ["see docs (https://a.b)"]


def test_a_string_left_open_does_not_end_at_a_stretch() -> None:
    source = "```python\nx = '''\n" + "text\n" * 200 + "'''\ny = 1\n```\n"
    cuts = list(range(0, len(source), 7))
    fed, whole = streamed(source, cuts, 60), streamed(source, [], 60)
    assert [line.pieces for line in fed] == [line.pieces for line in whole]
