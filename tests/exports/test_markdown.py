"""The document: all of it there, readable, and nothing from outside above or beyond its place."""

import re

import pytest
from hypothesis import given
from hypothesis import settings as runs
from markdown_it import MarkdownIt

from tests.chat.records import records
from tests.exports.hostile import HOSTILE
from tests.exports.samples import ANSWER, answered, prompt, session
from tests.exports.test_html import everywhere
from tui.chat.parts import Text
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.exports.markdown import markdown
from tui.exports.markdown_text import code, fence, plain, prose

OURS = re.compile(r"</?details>|<summary>[^<>]*</summary>")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def headings(document: str) -> list[tuple[int, str]]:
    """Rank and text of what stands outside of every quotation and list."""
    tokens = READER.parse(document)
    return [
        (int(token.tag[1]), tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]


def tags(document: str) -> list[str]:
    """Every piece of HTML a reader would obey."""
    found = []
    for token in READER.parse(document):
        found += re.findall(r"<[^>]*>", token.content) if token.type == "html_block" else []
        found += [child.content for child in token.children or () if child.type == "html_inline"]
        assert not any(child.type == "image" for child in token.children or ())
    return found


def test_a_session_reads_from_the_prompt_to_its_price() -> None:
    document = markdown(session())
    for part in (
        "- 2026-11-18 11:06 UTC, session `0123456789ab`",
        "- `claude-opus-4-5` over `/v1/messages`: 5 steps",
        "> Which of these logs shows the leak? Use the tool.",
        "- attached: chart.png · image/png · 64×40 · 132 B",
        "<summary>thinking · 3.1 s · ✓ sealed</summary>\n\n> The user wants one of two candidates.",
        "**tool** `read_file` · ok · 12 ms · 339 B\n\n```json\n",
        '```json\n{\n  "path": "logs/b.txt",\n  "limit": 40\n}\n```',
        "*$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new*",
        "> ✗ **The vendor refused the request: a seal is not its own (in the vendor: invalid-signature",
        "*Elsewhere it goes on from here as branch 2.*",
        "| 2 | 3 | claude-opus-4-5 | /v1/messages | ? | ? | ? | ? | 0.3 s | cost unknown |  |",
        "| | | **in all** | | | | | | | **≥ $0.0369** | proxy header |",
        "````\nYou are terse.\n```\nnever break out\n```\n````",
        ANSWER.split("## What")[0].strip(),
        ANSWER.split("do\n\n")[1].strip(),
    ):
        assert part in document, part
    assert [text for rank, text in headings(document) if rank == 2] == [
        "Turn 1",
        "Turn 2",
        "Branch 2",
        "Turn 3",
        "Requests whose messages are gone",
        "Costs",
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_leaves_its_place(text: str) -> None:
    usual, document = markdown(everywhere("a")), markdown(everywhere(text))
    ranks = [rank for rank, _ in headings(usual) if rank < 4]
    assert [rank for rank, _ in headings(document) if rank < 4] == ranks
    assert [said for rank, said in headings(document) if rank == 2] == [
        "Turn 1",
        "Branch 2",
        "A turn without an answer",
        "Costs",
    ]
    # A summary's own text is escaped, so that only our three kinds of tag are left.
    assert set(tags(document)) <= {"<details>", "</details>", "<summary>", "</summary>"}
    assert tags(document).count("<details>") == tags(document).count("</details>")
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", document
    )


@runs(max_examples=60)
@given(record=records())
def test_any_session_keeps_its_outline(record: SessionRecord) -> None:
    document = markdown(record)
    document.encode()
    assert headings(document)[-1] == (2, "Costs")
    assert set(tags(document)) <= {"<details>", "</details>", "<summary>", "</summary>"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain *words* and `<code>`", "plain *words* and `<code>`"),
        ("# A\n\nB\n---\n\nC", "#### A\n\n##### B\n\n\nC"),
        ("List<int> and `List<int>`", "List\\<int> and `List<int>`"),
        ("```html\n<b>\n```\n<b>", "```html\n<b>\n```\n\\<b>"),
        ("```py\ncut", "````markdown\n```py\ncut\n````"),
        ("[a](javascript:b)", "```markdown\n[a](javascript:b)\n```"),
        ("a &#x202e; b", "```markdown\na &#x202e; b\n```"),
        ("", ""),
    ],
)
def test_answers_stay_word_for_word_where_they_can(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_fences_and_spans_are_longer_than_what_is_in_them() -> None:
    assert fence("a ```` b") == "`````\na ```` b\n`````"
    assert code("a``b") == "```a``b```"
    assert code("`a`") == "`` `a` ``"
    assert plain("1. *a* <b> | c") == "1\\. \\*a\\* \\<b\\> \\| c"


def test_a_prompt_of_several_lines_keeps_them() -> None:
    nodes = (Node(prompt("u", "one\ntwo")), Node(answered("a", Text("yes")), "u"))
    record = SessionRecord(SessionInfo("s"), SessionState(leaf="a"), nodes)
    assert "```text\none\ntwo\n```" in markdown(record)
    assert "(imported): 1 step" in markdown(record)
