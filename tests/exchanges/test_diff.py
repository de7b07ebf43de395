"""The diff of two requests: complete, empty for equal ones, and in words that name what changed."""

from collections import Counter
from itertools import pairwise
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchanges.bodies import BODIES, bodies, chat_body, dialects, messages_body, packed
from tui.chat.parts import Dialect
from tui.clean import visible
from tui.exchanges.align import common
from tui.exchanges.anatomy import anatomy
from tui.exchanges.diff import Diff, Same, request_diff
from tui.exchanges.text_diff import spans, words_changed


def diff(before: Any, now: Any, dialect: Dialect = "messages") -> Diff:
    return request_diff(anatomy(packed(before), dialect), anatomy(packed(now), dialect))


def says(before: Any, now: Any, dialect: Dialect = "messages") -> list[str]:
    return [f"{change.kind}: {change.says}" for change in diff(before, now, dialect).changes]


@given(before=bodies, now=bodies, dialect=dialects, other=dialects)
def test_every_piece_of_both_requests_is_told_of_once(
    before: Any, now: Any, dialect: Dialect, other: Dialect
) -> None:
    old, new = anatomy(packed(before), dialect), anatomy(packed(now), other)
    rows = request_diff(old, new).rows
    changes = [row for row in rows if not isinstance(row, Same)]
    same = Counter[str]()
    for row in rows:
        if isinstance(row, Same):
            same[row.section] += row.count
    kept = sum(same.values()) - same["parameters"]
    gone = [c.before.path for c in changes if c.before and c.section != "parameters"]
    there = [c.after.path for c in changes if c.after and c.section != "parameters"]
    assert len(gone) + kept == len(old.pieces)
    assert len(there) + kept == len(new.pieces)
    assert set(gone) <= {piece.path for piece in old.pieces}
    assert len(set(gone)) == len(gone)
    assert set(there) <= {piece.path for piece in new.pieces}
    assert len(set(there)) == len(there)
    for change in changes:
        assert change.says
        assert visible(change.says) == change.says


@given(body=bodies, dialect=dialects)
def test_equal_requests_have_an_empty_diff(body: Any, dialect: Dialect) -> None:
    assert diff(body, body, dialect).changes == ()


@given(before=bodies, now=bodies, dialect=dialects)
def test_an_empty_diff_means_equal_requests(before: Any, now: Any, dialect: Dialect) -> None:
    if not diff(before, now, dialect).changes:
        assert before == now


@pytest.mark.parametrize("dialect", BODIES)
def test_a_tool_that_lost_a_parameter(dialect: Dialect) -> None:
    before, now = BODIES[dialect](), BODIES[dialect]()
    tool = now["tools"][0]
    holder = tool.get("function", tool)
    del holder.get("input_schema", holder.get("parameters"))["properties"]["limit"]
    assert says(before, now, dialect) == ["changed: tool `search` lost parameter `limit`"]


@pytest.mark.parametrize("dialect", BODIES)
def test_tools_come_go_and_move(dialect: Dialect) -> None:
    before, now = BODIES[dialect](), BODIES[dialect]()
    now["tools"].reverse()
    assert says(before, now, dialect) == ["moved: tool `search` moved from tools.0 to tools.1"]
    now["tools"].pop()
    assert says(before, now, dialect) == ["removed: tool `search` is gone"]
    assert says(now, before, dialect) == ["added: tool `search` is new"]


def test_words_of_the_system_prompt_and_parameters() -> None:
    before, now = messages_body(), messages_body()
    now["system"] = now["system"].replace("kind and careful", "quick and terse")
    now["temperature"] = 0.5
    now["max_tokens"] = 1000
    del now["stream"]
    assert says(before, now) == [
        "changed: max_tokens 4096 → 1000",
        "removed: stream is gone",
        "added: temperature 0.5 is new",
        "changed: system prompt: “You are a kind and careful helper who says what is known.” → "
        "“You are a quick and terse helper who says what is known.”",
    ]


def test_a_sealed_block_that_is_gone_or_another() -> None:
    before, now = messages_body(), messages_body()
    del now["messages"][1]["content"][0]
    assert says(before, now) == ["removed: assistant thinking (sealed edb9…) is gone"]
    now = messages_body()
    now["messages"][1]["content"][0]["signature"] = "Eo8BBBB="
    [line] = says(before, now)
    assert line.startswith("changed: assistant thinking (sealed ")
    assert "seal edb9… → " in line


def test_a_message_cut_in_two_is_seen_though_its_blocks_are_the_same() -> None:
    text = [{"type": "text", "text": word} for word in ("a", "b")]
    one = {"messages": [{"role": "user", "content": text}]}
    two = {"messages": [{"role": "user", "content": [block]} for block in text]}
    assert says(one, two) == ["moved: user text begins a message of its own now"]
    assert says(two, one) == ["moved: user text is part of the message before it now"]


def test_the_order_of_keys_is_told_of() -> None:
    before, now = messages_body(), messages_body()
    now["tools"][1] = dict(reversed(now["tools"][1].items()))
    assert says(before, now) == ["changed: tool `clock` keys in another order"]


def test_across_formats_what_says_the_same_is_the_same() -> None:
    old = anatomy(packed(messages_body()), "messages")
    new = anatomy(packed(chat_body()), "chat")
    found = request_diff(old, new)
    assert found.changes[0].says == "written for chat instead of messages"
    assert [change.says for change in found.changes if change.section not in ("parameters", "tools")] == []


def test_a_long_history_with_a_change_in_its_middle_is_quick() -> None:
    def body(word: str) -> Any:
        said = [{"role": "user", "content": "ok"}, {"role": "assistant", "content": "ok"}] * 5_000
        said[5_000] = {"role": "user", "content": word}
        return {"messages": said}

    before, now = (anatomy(packed(body(word)), "chat") for word in ("one", "two"))
    start = process_time()
    [change] = request_diff(before, now).changes
    assert change.path == "messages.5000"
    assert process_time() - start < 1


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_what_is_common_is_equal_and_in_order(before: list[int], now: list[int]) -> None:
    pairs = common(before, now)
    assert all(before[old] == now[new] for old, new in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert bool(pairs) == bool(set(before) & set(now))
    assert len(common(before, before)) == len(before)


@given(st.text("ab \n.", max_size=30), st.text("ab \n.", max_size=30))
def test_stretches_make_both_texts_again(before: str, now: str) -> None:
    found = spans(before, now)
    assert "".join(span.text for span in found if span.kind != "new") == before
    assert "".join(span.text for span in found if span.kind != "gone") == now
    assert all(a.kind != b.kind for a, b in pairwise(found))
    assert bool(words_changed(found)) == (before != now)


def test_a_megabyte_of_repeating_words_with_few_changes_is_told_exactly() -> None:
    words = [str(place * 7919 % 500) for place in range(60_000)]
    now = list(words)
    for place in range(0, len(now), 2_000):
        now[place] = "zzz"
    start = process_time()
    assert words_changed(spans(" ".join(words), " ".join(now))) == "30 words changed"
    assert process_time() - start < 2


def test_hostile_repetition_is_bounded() -> None:
    start = process_time()
    assert words_changed(spans("a b " * 60_000, "b  c a " * 60_000))
    assert process_time() - start < 3
