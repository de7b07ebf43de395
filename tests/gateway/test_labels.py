"""Which calls carry our ids and tags, and which headers of the user's win over them."""

import itertools
from dataclasses import replace

import pytest

from tui.chat.catalog import Catalog
from tui.chat.route import Provider, Route
from tui.gateway.labels import CALL, SESSION, TAGS, TRACE, Labels
from tui.resolver import resolve

ROUTE = resolve("anything", Catalog(), base_url="http://127.0.0.1:1")
LABELS = Labels("s1", tags=("team-a", "try"))


def new_id() -> str:
    return str(next(_numbers))


_numbers = itertools.count()


def route(provider: Provider) -> Route:
    return replace(ROUTE, provider=provider)


@pytest.mark.parametrize("provider", ["litellm", "litellm-anthropic", "litellm-responses"])
def test_every_call_of_a_proxy_has_an_id_of_its_own_that_names_the_session(provider: Provider) -> None:
    first, second = (LABELS.on(route(provider), {"x-own": "1"}, new_id) for _ in range(2))
    assert first[CALL] != second[CALL]
    assert first[CALL].startswith("s1-")
    assert {k: v for k, v in first.items() if k != CALL} == {
        "x-own": "1",
        SESSION: "s1",
        TAGS: "team-a,try",
    }


@pytest.mark.parametrize("provider", ["openai", "anthropic", "openai-responses"])
def test_a_plain_vendor_gets_none(provider: Provider) -> None:
    assert LABELS.on(route(provider), {"x-own": "1"}, new_id) == {"x-own": "1"}


def test_they_can_be_left_out() -> None:
    assert Labels("s1", ids=False).on(ROUTE, {}, new_id) == {}
    assert Labels("s1", ids=False, tags=("a",)).on(ROUTE, {}, new_id) == {TAGS: "a"}


def test_what_the_user_set_stays_but_for_the_id_of_another_call() -> None:
    given = {"X-LiteLLM-Trace-Id": "mine", "x-litellm-tags": "mine", "X-LiteLLM-Call-Id": "of-a-call-before"}
    sent = LABELS.on(ROUTE, given, new_id)
    assert sent["X-LiteLLM-Trace-Id"] == sent[TAGS] == "mine"
    assert SESSION not in sent
    assert [name for name in sent if name.lower() == CALL] == [CALL]
    configured = Labels("s1", tags=("a",), fixed=frozenset({TRACE, TAGS}))
    assert set(configured.on(ROUTE, {}, new_id)) == {CALL}
