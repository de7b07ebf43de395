"""Why a request was read from a cache or was not: the words, and that no more is claimed than is known."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.exchanges.bodies import BODIES, bodies, chat_body, dialects, messages_body, packed, responses_body
from tui.chat.parts import Dialect
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.chat.usage import Usage
from tui.clean import visible
from tui.exchanges.anatomy import anatomy
from tui.exchanges.cache import CacheReport, cache_finding, cache_report
from tui.exchanges.prefix import prefix_break
from tui.generations import cache_minimum

CLAUDE = Route("sonnet", "litellm-anthropic", "http://h", "sonnet", None, "anthropic", "claude-sonnet-4-5")
GPT = Route("gpt", "litellm", "http://h", "gpt", None, "openai", "gpt-5")
WROTE = Usage(20, 0, 8_000, 0, 50)
MISSED = Usage(30, 0, 8_100, 0, 50)
READ = Usage(30, 8_000, 100, 0, 50)


def exchange(
    at: float = 1000.0, usage: Usage | None = WROTE, route: Route = CLAUDE, **fields: Any
) -> Exchange:
    return replace(Exchange("e", 1, 1, at, route, state="done", usage=usage, ttft_s=1.0), **fields)


def report(
    now: Exchange,
    body: Any,
    before: Exchange | None = None,
    body_before: Any = None,
    dialect: Dialect = "messages",
) -> CacheReport:
    old = None if before is None else anatomy(packed(body_before), dialect)
    return cache_report(now, anatomy(packed(body), dialect), before, old)


def longer() -> dict[str, Any]:
    body = messages_body()
    body["messages"].append({"role": "assistant", "content": [{"type": "text", "text": "A seal is a mark."}]})
    body["messages"].append({"role": "user", "content": [{"type": "text", "text": "Thanks."}]})
    return body


def test_a_tool_that_lost_a_parameter_broke_the_cache() -> None:
    body = longer()
    del body["tools"][0]["input_schema"]["properties"]["limit"]
    now, before = exchange(1060.0, MISSED), exchange()
    found = report(now, body, before, messages_body())
    assert found.state == "broken"
    assert found.says == "The tool list changed: tool `search` lost parameter `limit`."
    assert found.broke is not None
    assert (found.broke.path, found.broke.pieces) == ("tools.0", 0)
    assert (found.cached, found.lost, found.kept_about) == (8_000, 8_000, 0)
    assert found.told == (
        "before: read 0, written 8,000 for 5 minutes, written 0 for 1 hour, fresh 20",
        "now: read 0, written 8,100 for 5 minutes, written 0 for 1 hour, fresh 30",
    )
    finding = cache_finding(now, found, before)
    assert finding is not None
    assert finding.cls == "cache-broken"
    assert finding.says == (
        "The tool list changed: tool `search` lost parameter `limit`; "
        "8,000 tokens that were cached were not read."
    )
    assert finding.path == "tools.0"


@pytest.mark.parametrize(
    ("change", "says", "path"),
    [
        (
            lambda b: b.update(tools=[{"name": "other", "input_schema": {}}]),
            "The tool list changed: tool `search` is gone, and 2 more changes to the list.",
            "tools.0",
        ),
        (lambda b: b["tools"].pop(), "The tool list changed: tool `clock` is gone.", "tools.1"),
        (
            lambda b: b["tools"].insert(0, {"name": "new", "input_schema": {}}),
            "The tool list changed: tool `new` is new.",
            "tools.0",
        ),
        (
            lambda b: b.update(system=b["system"] + " " + "And more words than can be shown here. " * 3),
            "The system prompt changed: system prompt: 24 words added.",
            "system",
        ),
        (lambda b: b.pop("system"), "The system prompt changed: system prompt is gone.", "system"),
        (
            lambda b: b["messages"][0].update(content="What is a walrus?"),
            "An earlier message changed: user text: “What is a seal?” → “What is a walrus?”.",
            "messages.0",
        ),
        (
            lambda b: b.update(thinking={"type": "enabled", "budget_tokens": 2000}),
            'A parameter changed: thinking null → {"type":"enabled","budget_tokens":2000}.',
            "thinking",
        ),
    ],
)
def test_what_broke_it_is_told_in_words_with_its_path(change: Any, says: str, path: str) -> None:
    body = longer()
    change(body)
    found = report(exchange(1060.0, MISSED), body, exchange(), messages_body())
    assert found.broke is not None
    assert (found.state, found.says, found.broke.path) == ("broken", says, path)


@pytest.mark.parametrize("dialect", BODIES)
def test_a_tool_list_that_changed_is_found_in_every_format(dialect: Dialect) -> None:
    body = BODIES[dialect]()
    del body["tools"][0]
    old, new = anatomy(packed(BODIES[dialect]()), dialect), anatomy(packed(body), dialect)
    broke = prefix_break(old, new)
    assert broke is not None
    assert (broke.where, broke.says, broke.path) == ("tools", "tool `search` is gone", "tools.0")


def test_where_marks_stand_is_no_break() -> None:
    before, body = messages_body(), longer()
    del before["cache_control"], body["cache_control"]
    before["messages"][2]["content"][0]["cache_control"] = {"type": "ephemeral"}
    body["messages"][4]["content"][0]["cache_control"] = {"type": "ephemeral", "ttl": "1h"}
    found = report(exchange(1060.0, READ), body, exchange(), before)
    assert (found.state, found.broke, found.lost) == ("kept", None, 0)
    assert found.says == (
        "The prefix is the same and was read from the cache: 8,000 tokens, 98 % of what went in."
    )


def test_a_history_that_goes_on_or_ends_earlier_is_no_break() -> None:
    old, new = (anatomy(packed(body), "messages") for body in (messages_body(), longer()))
    assert prefix_break(old, new) is prefix_break(new, old) is None


def unread(now: Exchange, before: Exchange, body: Any = None, dialect: Dialect = "messages") -> CacheReport:
    body = body or messages_body()
    found = report(now, body, before, body, dialect)
    assert found.state == "unread"
    assert cache_finding(now, found, before) is None
    return found


def test_too_late_is_told_by_how_long_entries_live() -> None:
    found = unread(exchange(1400.0, MISSED), exchange())
    assert found.reasons == ("6:40 went by since the request before; an entry nobody reads lives 5 minutes.",)
    body = messages_body() | {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    assert unread(exchange(1400.0, MISSED), exchange(), body).reasons == ()
    [reason] = unread(exchange(5000.0, MISSED), exchange(), body).reasons
    assert reason.endswith("lives 1 hour.")


def test_too_short_is_told_only_where_nothing_was_cached_and_the_minimum_is_known() -> None:
    short = Usage(300, 0, 0, 0, 5)
    [reason] = unread(exchange(1060.0, short), exchange(usage=short)).reasons
    assert reason == (
        "The request before was too short: 300 tokens, "
        "and this model caches from 1,024 on, as its vendor says."
    )
    unknown = replace(CLAUDE, generation="claude-opus-9")
    [reason] = unread(exchange(1060.0, short, unknown), exchange(usage=short, route=unknown)).reasons
    assert reason == "The request before put nothing into the cache, as its answer told."


def test_caching_that_was_not_asked_for() -> None:
    body = messages_body()
    del body["cache_control"]
    plain = Usage(5_000, 0, 0, 0, 5)
    [reason] = unread(exchange(1060.0, plain), exchange(usage=plain), body).reasons
    assert reason.startswith("No marker asked for caching in the request to /v1/messages")


def test_a_missing_mark_is_no_reason_where_the_proxy_put_one_in() -> None:
    body = messages_body()
    del body["cache_control"]
    assert unread(exchange(1060.0, MISSED), exchange(), body).reasons == ()


def test_another_deployment_or_model_that_answered() -> None:
    before = exchange(served=Served(model_id="a", model="claude"))
    [reason] = unread(exchange(1060.0, MISSED, served=Served(model_id="b", model="claude")), before).reasons
    assert reason.startswith("Another deployment answered: b, before a.")
    [reason] = unread(exchange(1060.0, MISSED, served=Served(model_id="a", model="other")), before).reasons
    assert reason.startswith("Another model answered: other, before claude.")
    # Nobody told who answered: nothing is said of it.
    assert unread(exchange(1060.0, MISSED), before).reasons == ()


def test_a_request_that_came_before_the_first_word_or_after_a_failure() -> None:
    [reason] = unread(exchange(1000.5, MISSED), exchange()).reasons
    assert reason.startswith("The request before had not begun to answer yet")
    [reason] = unread(exchange(1060.0, MISSED), exchange(usage=None, state="failed", ttft_s=None)).reasons
    assert reason.startswith("The request before failed")


def test_another_format_is_not_compared() -> None:
    before = exchange(route=GPT)
    old, new = anatomy(packed(chat_body()), "chat"), anatomy(packed(messages_body()), "messages")
    found = cache_report(exchange(1060.0, MISSED), new, before, old)
    assert found.says.startswith("The request before went over /v1/chat/completions")
    assert cache_finding(exchange(1060.0, MISSED), found, before) is None


@pytest.mark.parametrize(("body", "dialect"), [(chat_body, "chat"), (responses_body, "responses")])
def test_vendors_that_cache_on_their_own(body: Any, dialect: Dialect) -> None:
    usage = Usage(2_000, 0, None, None, 5)
    found = unread(exchange(1060.0, usage, GPT), exchange(usage=usage, route=GPT), body(), dialect)
    assert found.reasons == ()
    found = unread(exchange(1900.0, usage, GPT), exchange(usage=usage, route=GPT), body(), dialect)
    assert found.reasons == (
        "15:00 went by since the request before; "
        "this vendor caches on its own and may have dropped it by then.",
    )
    assert found.told[0] == "before: read 0, written not told, fresh 2,000"
    # Nobody told that something was written: it may be in the cache or not.
    assert (found.cached, found.lost) == (None, None)
    found = unread(exchange(1060.0, usage, GPT), exchange(usage=Usage(9, 1_500), route=GPT), body(), dialect)
    assert (found.cached, found.lost) == (1_500, 1_500)


def test_what_nobody_told_is_not_claimed() -> None:
    found = report(exchange(1060.0, Usage(10, None)), messages_body(), exchange(), messages_body())
    assert (found.state, found.lost) == ("untold", None)
    body = longer()
    body["tools"].pop()
    now, before = exchange(1060.0, Usage(10, 0)), exchange(usage=Usage(10, 0))
    found = report(now, body, before, messages_body())
    assert (found.state, cache_finding(now, found, before)) == ("changed", None)


def test_a_change_behind_all_that_was_cached_cost_nothing() -> None:
    body = longer()
    body["messages"][2]["content"][0]["content"] = "Another mark."
    found = report(exchange(1060.0, READ), body, exchange(), messages_body())
    assert found.state == "changed"
    assert found.says.endswith("all that was cached was read, for it ended before the change.")


def test_no_finding_where_the_entry_may_have_gone_or_another_server_answered() -> None:
    body = longer()
    body["tools"].pop()
    for now, before in (
        (exchange(1400.0, MISSED), exchange()),
        (exchange(1060.0, MISSED, served=Served(model_id="b")), exchange(served=Served(model_id="a"))),
        (exchange(1060.0, MISSED, purpose="shadow"), exchange()),
        (exchange(1060.0, MISSED, replace(CLAUDE, wire_model="opus")), exchange()),
    ):
        found = report(now, body, before, messages_body())
        assert found.state == "broken"
        assert cache_finding(now, found, before) is None


def test_the_first_request_and_one_before_that_is_not_known() -> None:
    assert report(exchange(), messages_body()).state == "first"
    found = cache_report(exchange(), anatomy(packed(messages_body()), "messages"), exchange(), None)
    assert found.state == "untold"


@given(before=bodies, now=bodies, dialect=dialects)
def test_any_two_bodies_give_clean_words(before: Any, now: Any, dialect: Dialect) -> None:
    found = report(exchange(1060.0, MISSED), now, exchange(), before, dialect)
    for line in (found.says, *found.told, *found.reasons):
        assert visible(line) == line


@pytest.mark.parametrize(
    ("generation", "least"),
    [
        ("claude-opus-4-5", 4096),
        ("claude-haiku-4-5", 4096),
        ("claude-opus-4-7", 2048),
        ("claude-opus-4-1", 1024),
        ("claude-sonnet-4-6", 1024),
        ("claude-opus-5", 512),
        ("claude-opus-5-5", None),
        ("gpt-5.2", 1024),
        ("gemini-2.5-pro", 4096),
        ("mystery", None),
    ],
)
def test_minimums_are_those_published(generation: str, least: int | None) -> None:
    assert cache_minimum(generation) == least
