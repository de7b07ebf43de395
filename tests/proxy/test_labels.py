"""The real proxy's own logs join ours: it logs the ids and tags that were sent, and no vendor sees them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.proxy.drive import Talk
from tests.proxy.harness import RealProxy
from tests.proxy.tap import Call
from tui.chat.settings import Settings
from tui.gateway.labels import CALL, SESSION, TAGS, Labels

CLAUDE, GPT = "anthropic/claude-opus-4-7", "openai/gpt-5.1"
PATIENCE_S = 60.0


def logged(proxy: RealProxy, ids: set[str]) -> list[dict[str, Any]]:
    """What the proxy's logger was given of these calls; it comes after the answer, so it is waited for."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = [line for line in proxy.logged() if line["litellm_call_id"] in ids]
        if len({line["litellm_call_id"] for line in found}) == len(ids):
            return found
        assert time.monotonic() < deadline, f"only {found} of {ids}"
        # The one condition to wait for is a file another process writes.
        time.sleep(0.05)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("endpoint", ["messages", "chat", "responses"])
@pytest.mark.parametrize("model", [CLAUDE, GPT])
async def test_the_proxy_logs_each_call_under_our_ids(
    proxy: RealProxy,
    talk: Callable[..., Talk],
    calls: Callable[[], list[Call]],
    model: str,
    endpoint: str,
    stream: bool,
) -> None:
    session = f"session-{model}-{endpoint}-{stream}"
    labels = Labels(session, tags=("sightline", "team a"))
    async with talk(model, endpoint=endpoint, settings=Settings(stream=stream), labels=labels) as opened:
        seen = await opened.say("What is 2+3?")
        assert seen.error is None, seen.error
        exchanges = list(opened.session.log.values())
        ids = {e.served.call_id for e in exchanges if e.served and e.served.call_id}
        assert len(ids) == len(exchanges) == 2
        for exchange in exchanges:
            wire = await opened.session.wire(exchange.id)
            assert wire is not None
            sent = dict(wire.request_headers)
            assert exchange.served is not None
            assert (sent[CALL], sent[SESSION]) == (exchange.served.call_id, session)
            assert sent[TAGS] == "sightline,team a"
    for line in logged(proxy, ids):
        assert line["outcome"] == "success"
        assert line["trace_id"] == session
        assert {"sightline", "team a"} <= set(line["request_tags"])
    for call in calls():
        assert not [name for name in call.headers if name.startswith("x-litellm")]
        assert session.encode() not in call.request


async def test_a_refused_call_is_logged_under_our_id_too(proxy: RealProxy, talk: Callable[..., Talk]) -> None:
    async with talk("error-400", labels=Labels("session-refused")) as opened:
        assert (await opened.say("error 400, please")).error is not None
        (exchange,) = opened.session.log.values()
        wire = await opened.session.wire(exchange.id)
        assert wire is not None
        sent = dict(wire.request_headers)[CALL]
    assert {line["outcome"] for line in logged(proxy, {sent})} == {"failure"}
