"""What the codecs send comes back as the same history: encoded again it is the same request."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.reading import imported
from tests.wire.histories import ORIGINS, histories
from tests.wire.streams import CODECS, TOOLS, route_to
from tui.chat.conversation import Conversation
from tui.chat.messages import Message
from tui.chat.parts import Dialect
from tui.chat.settings import Settings
from tui.wire.media import shown

NOBODY = tuple(replace(origin, deployment=None) for origin in ORIGINS)
TARGETS = sorted({(origin.dialect, origin.model) for origin in ORIGINS})


@pytest.mark.parametrize("target", TARGETS, ids=" ".join)
@settings(max_examples=20)
@given(
    messages=histories(NOBODY),
    tools=st.sampled_from([TOOLS, ()]),
    system=st.sampled_from([None, "be kind", "two\nlines \ud800"]),
)
def test_a_request_read_and_sent_again_is_the_same_request(
    target: tuple[Dialect, str], messages: list[Message], tools: Any, system: str | None
) -> None:
    dialect, model = target
    route = route_to(dialect, model, deployments=())
    before = Conversation(system, tuple(messages))
    if shown(before.sendable(route.target, tools_ok=bool(tools)), route).refused:
        return
    sent = CODECS[dialect].encode(before, route, Settings(), tools)
    wire = json.loads(sent.body)["input" if dialect == "responses" else "messages"]
    if not wire or any({"thinking_blocks", "reasoning_content"} <= set(message) for message in wire):
        # No vendor sends sealed blocks and other reasoning beside them.
        return
    found = imported(sent.body, format=dialect)
    state = found.record.state
    again = CODECS[dialect].encode(found.record.conversation(), route, Settings(), state.tools)
    was, now = json.loads(sent.body), json.loads(again.body)
    for field in ("messages", "input", "system", "instructions", "tools", "model"):
        assert json.dumps(now.get(field)) == json.dumps(was.get(field)), field
    assert again.seals_sent == sent.seals_sent
    assert state.tools == tuple(tools)
    assert state.bound_from == 0
