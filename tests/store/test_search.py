"""Sessions are found by what was said in them, in any script, and no query is an error."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.talk import ORIGIN
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Document, Image, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.chat.usage import UNKNOWN_COST, Cost, Totals
from tui.store import Store
from tui.store.snippets import snippet
from tui.store.words import asked, words

NOW = 1_700_000_000.0
DAY = 86_400.0


def record(
    id: str, *nodes: Node, title: str = "-", changed: float = NOW, state: SessionState | None = None
) -> SessionRecord:
    chain = tuple(
        replace(node, parent=nodes[at - 1].message.id if at else None) for at, node in enumerate(nodes)
    )
    return SessionRecord(SessionInfo(id, title=title, changed=changed), state or SessionState(), chain)


def prompt(text: str, id: str = "m1") -> Node:
    return Node(UserMessage(id, (Text(text),), 1.0))


def answer(*parts: Text | Reasoning | ToolCall, id: str = "m2") -> Node:
    return Node(AssistantMessage(id, parts, ORIGIN, "end", None, None, UNKNOWN_COST, 2.0))


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.in_memory(lambda: NOW)
    yield made
    made.close()


def found(store: Store, query: str) -> list[str]:
    return sorted(hit.info.id for hit in store.sessions(query))


def test_each_part_is_found_and_its_place_is_told(store: Store) -> None:
    result = ToolResult("c", (Text("seventeen apples"),), full="seventeen apples and a pear")
    store.add(
        record(
            "a",
            prompt("please count"),
            answer(
                Reasoning("I ponder", "signed"),
                Text("Here goes"),
                ToolCall("c", "read_file", '{"path":"orchard.txt"}'),
            ),
            Node(ToolMessage("m3", (result,), 3.0)),
            title="Fruit salad",
        )
    )
    store.add(record("b", prompt("something else")))
    places = {
        "count": ("text", "please count"),
        "ponder": ("thinking", "I ponder"),
        "goes": ("text", "Here goes"),
        "orchard": ("tools", 'read_file {"path":"orchard.txt"}'),
        "read": ("tools", 'read_file {"path":"orchard.txt"}'),
        "pear": ("tools", "seventeen apples and a pear"),
        "salad": ("title", ""),
    }
    for word, place in places.items():
        (hit,) = store.sessions(word)
        assert (hit.info.id, hit.where, hit.snippet) == ("a", *place)


def test_words_begin_alike_in_any_order_and_anywhere_in_the_session(store: Store) -> None:
    store.add(record("a", prompt("refactor the parser"), answer(Text("the lexer first")), title="Compiler"))
    store.add(record("b", prompt("refactor the house")))
    assert found(store, "ref") == ["a", "b"]
    assert found(store, "pars refact") == ["a"]
    assert found(store, "lexer parser compiler") == ["a"]
    assert found(store, "lexer house") == []
    assert found(store, "factor") == []
    (hit,) = store.sessions("parser lexer")
    assert hit.snippet


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Überprüfung der Größe", "uberprufung GROSSE"),
        ("naïve café", "naive cafe"),
        ("naive cafe", "NAÏVE CAFÉ"),
        ("ΑΘΗΝΑ", "αθήνα"),
        ("ПРИВЕТ, мир", "приве"),
        ("我想学习数据库设计", "数据库"),
        ("我想学习数据库设计", "学"),
        ("データベースの設計", "ベース"),
        ("ค้นหาข้อความ", "ข้อความ"),
        ("데이터베이스 설계", "데이터"),
        ("x = foo_bar(baz)", "bar"),
        ("C++ and C#", "c++"),
        ("see \ud83d here", "here"),
        ("a\x00b nul", "nul"),
        ("𝔘nicode ﬁne", "unicode fine"),
        ("🙂 smile", "smile"),
    ],
)
def test_scripts_and_marks(store: Store, text: str, query: str) -> None:
    store.add(record("a", prompt(text)))
    store.add(record("b", prompt("nothing of it")))
    (hit,) = store.sessions(query)
    assert hit.info.id == "a"
    assert hit.where == "text"
    assert hit.snippet


def test_neighbours_count_where_there_are_no_blanks(store: Store) -> None:
    store.add(record("a", prompt("数据库")))
    assert found(store, "库数") == []


@given(
    st.text(max_size=30)
    | st.sampled_from(
        (
            '"',
            "*",
            "a AND",
            "NEAR(",
            "text:",
            "model:",
            "cost>",
            "-",
            "^a",
            "{a b}:c",
            "a\x00b",
            "\ud800",
            "cost>1e9",
            "age<999999999999d",
            "model:\ud800",
        )
    )
)
def test_no_query_is_an_error(query: str) -> None:
    store = Store.in_memory(lambda: NOW)
    try:
        store.add(record("a", prompt("hello")))
        assert len(store.sessions(query)) <= 1
    finally:
        store.close()


@given(st.text(min_size=1, max_size=60))
def test_whatever_was_said_is_found_by_its_own_words(text: str) -> None:
    store = Store.in_memory(lambda: NOW)
    try:
        store.add(record("a", prompt(text)))
        assert found(store, text) == ["a"] or any(c in text for c in ":<>")
        assert set(asked(text)) <= set(words(text))
    finally:
        store.close()


def test_filters(store: Store) -> None:
    def state(model: str, usd: str | None) -> SessionState:
        cost = UNKNOWN_COST if usd is None else Cost(Decimal(usd), "computed")
        return SessionState(model=model, totals=Totals(cost=cost))

    store.add(record("a", prompt("hello"), changed=NOW - DAY / 2, state=state("team/Sonnet", "0.5")))
    store.add(
        record("b", prompt("hello"), answer(Text("hi")), changed=NOW - 3 * DAY, state=state("gpt", "2"))
    )
    store.add(record("c", prompt("bye"), changed=NOW - 30 * DAY, state=state("gpt", None)))
    assert found(store, "model:sonnet") == ["a", "b"]
    assert found(store, "model:GPT") == ["b", "c"]
    assert found(store, "cost>0.6") == ["b"]
    assert found(store, "cost<$1") == ["a"]
    assert found(store, "age<7d") == ["a", "b"]
    assert found(store, "age>2h age<20h") == ["a"]
    assert found(store, "age>1w") == ["c"]
    assert found(store, "hello model:gpt cost>1") == ["b"]


def test_a_message_in_two_sessions_is_found_in_both_until_it_is_in_none(store: Store) -> None:
    node = prompt("unmistakable")
    store.add(record("a", node))
    store.add(record("b", node))
    assert found(store, "unmistakable") == ["a", "b"]
    store.purge("a")
    assert found(store, "unmistakable") == ["b"]
    store.purge("b")
    assert found(store, "unmistakable") == []


async def test_what_was_cut_is_not_found(store: Store) -> None:
    store.add(record("a", prompt("stays"), answer(Text("goes away"))))
    await store.writer("a").cut("m2")
    assert found(store, "stays") == ["a"]
    assert found(store, "away") == []


def test_what_attachments_hold_is_not_found_only_their_names(store: Store) -> None:
    parts = (
        Image("image/png", "aGVsbG8=", "holiday.png"),
        Document("application/pdf", "d29ybGQ=", "report.pdf"),
    )
    store.add(record("a", Node(UserMessage("m1", parts, 1.0))))
    assert found(store, "holiday report") == ["a"]
    assert found(store, "aGVsbG8") == []
    assert store.tree("a").twigs[0].preview == "holiday.png, report.pdf"


def test_snippets_are_one_line_around_the_word() -> None:
    text = "begin " * 40 + "the\n\tneedle   in it" + " end" * 60
    shown = snippet(text, ["need"])
    assert shown is not None
    assert "the needle in it" in shown
    assert shown.startswith("…begin")
    assert shown.endswith("…")
    assert "\n" not in shown
    assert len(shown) < 140
    assert snippet("Größe", ["grosse"]) == "Größe"
    assert snippet("nothing", ["else"]) is None
