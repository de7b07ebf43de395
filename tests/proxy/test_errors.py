"""Every failure behind the real proxy is told by class, layer and exit code, and the session goes on."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.proxy.drive import Seen, Talk
from tests.proxy.harness import RealProxy
from tests.proxy.proxy_config import COOLING_KEY
from tui.chat.catalog import Catalog
from tui.chat.events import Answering, Retrying
from tui.chat.settings import Settings
from tui.errors import CallFailed


@dataclass(frozen=True)
class Case:
    """A group, a prompt that makes its vendor fail, and what the program must say."""

    group: str
    prompt: str
    cls: str
    layer: str
    code: int
    retry: bool
    words: str
    hint: str
    streams: tuple[bool, ...] = (True, False)


CASES = (
    Case(
        "error-400",
        "error 400",
        "bad-request",
        "vendor",
        4,
        False,
        r"^The simulated vendor refuses",
        "sending it again fails",
    ),
    Case(
        "error-401",
        "error 401",
        "vendor-key-refused",
        "vendor",
        4,
        False,
        r"^invalid x-api-key$",
        "Your key is fine",
    ),
    Case(
        "error-429",
        "error 429",
        "rate-limited",
        "vendor",
        4,
        True,
        r"^Number of request tokens",
        "Wait as long as told",
    ),
    Case(
        "error-500",
        "error 500",
        "vendor-error",
        "vendor",
        4,
        True,
        r"^Internal server error$",
        "switch the model",
    ),
    Case("error-529", "error 529", "overloaded", "vendor", 4, True, r"^Overloaded$", "retry in a minute"),
    Case(
        "error-long",
        "too long",
        "context-overflow",
        "vendor",
        4,
        False,
        r"^prompt is too long",
        "longer context",
    ),
    Case(
        "error-midstream",
        "error midstream",
        "overloaded",
        "vendor",
        4,
        True,
        r"^Overloaded$",
        "retry in a minute",
    ),
    Case("error-cut", "upstream cut", "vendor-error", "vendor", 4, True, "", "switch the model", (False,)),
    Case(
        "error-html",
        "html",
        "vendor-error",
        "vendor",
        4,
        True,
        r"502 Bad Gateway",
        "switch the model",
        (False,),
    ),
)
WAYS = [
    pytest.param(case, suffix, endpoint, stream, id=f"{case.group}-{endpoint}{suffix}-{stream}")
    for case in CASES
    for suffix, endpoint in (("", "messages"), ("", "chat"), ("-openai", "chat"))
    for stream in case.streams
]


async def goes_on(session: Talk, model: str | None = None) -> None:
    """The failed prompt is not in the way: the same model answers the next one, or ``model`` does."""
    if model:
        session.session.switch(model)
    seen = await session.say("What is 2+3?")
    assert seen.error is None, seen.error
    assert seen.tools == ["5"]


def failure(seen: Seen) -> CallFailed:
    """The one error of a turn, which the turn's end must agree with."""
    assert seen.end.stop == "failed"
    assert isinstance(seen.error, CallFailed)
    assert seen.error.hint
    return seen.error


@pytest.mark.parametrize(("case", "suffix", "endpoint", "stream"), WAYS)
async def test_vendor_trouble(
    talk: Callable[..., Talk], case: Case, suffix: str, endpoint: str, stream: bool
) -> None:
    async with talk(f"{case.group}{suffix}", endpoint=endpoint, settings=Settings(stream=stream)) as session:
        error = failure(await session.say(f"{case.prompt}, please"))
        assert (error.cls, error.layer, error.exit_code) == (case.cls, case.layer, case.code), error
        assert error.retry_helps is case.retry
        assert re.search(case.words, error.vendor_message or ""), error.vendor_message
        assert case.hint in error.hint
        assert "LiteLLM: model group" not in str(error)
        if stream == case.streams[0]:
            await goes_on(session)


async def test_the_wait_a_vendor_asks_for_is_told_where_the_proxy_passes_it_on(
    talk: Callable[..., Talk],
) -> None:
    waits = []
    for endpoint in ("messages", "chat"):
        async with talk("error-429", endpoint=endpoint) as session:
            waits.append(failure(await session.say("error 429, please")).retry_after)
    assert waits == [None, 7.0]


async def test_a_stream_without_its_last_word_is_a_failure_though_http_ended_well(
    talk: Callable[..., Talk],
) -> None:
    async with talk("error-clean-cut") as session:
        seen = await session.say("clean cut, please")
        error = failure(seen)
        assert (error.cls, error.exit_code, error.retry_helps) == ("stream-cut", 5, True)
        assert seen.steps[0].message.text
        await goes_on(session)


@pytest.mark.parametrize("suffix", ["", "-openai"])
async def test_a_vendor_that_breaks_off(talk: Callable[..., Talk], suffix: str) -> None:
    async with talk(f"error-cut{suffix}") as session:
        seen = await session.say("upstream cut, please")
        error = failure(seen)
        # The proxy may notice before it passed anything on; then it refuses instead of breaking off.
        expected = ("stream-cut", 5) if seen.of(Answering) else ("vendor-error", 4)
        assert (error.cls, error.exit_code) == expected
        assert (error.layer, error.retry_helps) == ("vendor", True)
        await goes_on(session)


async def test_a_page_instead_of_a_stream(talk: Callable[..., Talk]) -> None:
    async with talk("error-html") as session:
        error = failure(await session.say("html, please"))
        # The proxy passes the page on under the content type of a stream.
        assert error.cls in ("stream-cut", "not-a-stream")
        assert error.exit_code == 5
        await goes_on(session)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_model_that_hangs(talk: Callable[..., Talk], stream: bool) -> None:
    async with talk("error-hang", timeout=2.0, settings=Settings(stream=stream)) as session:
        error = failure(await session.say("hang, please"))
        assert (error.cls, error.layer, error.exit_code) == ("timeout-first-byte", "proxy", 3)
        await goes_on(session)


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_model_the_proxy_does_not_know(talk: Callable[..., Talk], endpoint: str) -> None:
    async with talk("nobody-listed-this", endpoint=endpoint) as session:
        error = failure(await session.say("hello there, friend"))
        assert (error.cls, error.layer, error.exit_code, error.status) == ("unknown-model", "router", 2, 400)
        await goes_on(session, "smart")


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_model_the_vendor_does_not_know(talk: Callable[..., Talk], endpoint: str) -> None:
    async with talk("anthropic/claude-of-tomorrow", endpoint=endpoint) as session:
        error = failure(await session.say("hello there, friend"))
        assert (error.cls, error.layer) == ("unknown-model", "vendor")
        await goes_on(session, "smart")


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
@pytest.mark.parametrize("key", ["sk-not-the-key", "not-even-a-key"])
async def test_a_refused_key(proxy: RealProxy, catalog: Catalog, endpoint: str, key: str) -> None:
    async with Talk(proxy.url, key, catalog, "smart", endpoint=endpoint) as session:
        error = failure(await session.say("hello there, friend"))
    assert (error.cls, error.layer, error.exit_code) == ("proxy-key-refused", "proxy", 3)
    assert key not in str(error)


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_nothing_listens(catalog: Catalog, endpoint: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with Talk(url, "sk-any", catalog, "smart", endpoint=endpoint) as session:
            error = failure(await session.say("hello there, friend"))
    assert (error.cls, error.layer, error.exit_code) == ("proxy-unreachable", "proxy", 3)


async def test_a_cooldown_is_told_from_the_vendors_own_limits(talk: Callable[..., Talk]) -> None:
    async with talk(COOLING_KEY) as session:
        first = failure(await session.say("hello there, friend"))
        assert (first.cls, first.layer) == ("vendor-key-refused", "vendor")
        second = await session.say("hello there, friend")
        waits = second.of(Retrying)
        assert [w.wait_s for w in waits] == [5.0]
        assert "cooldown" in waits[0].why
        # After the wait the deployment is asked again, and its key is as bad as before.
        assert failure(second).cls == "vendor-key-refused"
        await goes_on(session, "smart")
    async with talk(COOLING_KEY, endpoint="chat") as session:
        # The failure above set the cooldown once more; the wait for it can be stopped.
        third = await session.say("hello there, friend", lambda event: isinstance(event, Retrying))
        assert [(w.wait_s, "cooldown" in w.why) for w in third.of(Retrying)] == [(5.0, True)]
        assert (third.end.stop, third.error) == ("cancelled", None)
        await goes_on(session, "smart")


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_time_limit_set_at_the_proxy(talk: Callable[..., Talk], endpoint: str) -> None:
    limit = {"x-litellm-timeout": "1", "x-litellm-stream-timeout": "1"}
    async with talk("error-hang", endpoint=endpoint, headers=limit) as session:
        error = failure(await session.say("hang, please"))
        assert (error.status, error.cls, error.exit_code) == (408, "timeout-first-byte", 3)
        assert error.retry_helps
        await goes_on(session)
