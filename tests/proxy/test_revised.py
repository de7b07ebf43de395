"""A talk goes on after its system prompt or tools are changed, with a model that binds its seals to both."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.proxy.drive import Talk
from tests.proxy.tap import Call
from tests.proxy.test_other_vendors import sealed_in
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.settings import Settings
from tui.sim.server import SimServer

FABLE = "anthropic/claude-fable-5-1"
PROMPTS = (
    "Two thoughts. What is 12*7? Use the calculator.",
    "parallel: what is 6*7, and what is 5*5?",
    "Two thoughts. Thank you. What did I ask first?",
)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_what_was_sealed_before_a_change_stays_here_and_what_comes_after_goes_back(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], vendors: SimServer, stream: bool
) -> None:
    before = len(vendors.state.exchanges)
    steps = 0
    async with talk(FABLE, settings=Settings(stream=stream)) as session:
        one = session.session
        calculator = one.toolbox.only(["calculator"])
        changes = (("Be kind.", one.toolbox), ("Be brief.", one.toolbox), ("Be brief.", calculator))
        for system, toolbox in changes:
            one.revise(system=system, toolbox=toolbox)
            known: list[str] = []
            for prompt in PROMPTS:
                seen = await session.say(prompt)
                assert seen.error is None, (system, prompt, seen.error)
                steps += len(seen.steps)
                for call in calls()[-len(seen.steps) :]:
                    # Of the talk so far the vendor gets exactly what it sealed since the last change.
                    assert sealed_in(call.body["messages"]) == known
                    assert json.dumps(system) in json.dumps(call.body["system"])
                    known += sealed_in([{"role": "assistant", "content": call.blocks}])
            assert len(known) >= 4
        answers = (m for m in one.conversation.messages if isinstance(m, AssistantMessage))
        kept = [part for answer in answers for part in answer.parts if isinstance(part, Reasoning)]
        assert len(kept) > len(known)
    # A healed call would be one more than the steps, and its seals would be gone.
    assert [call.status for call in calls()] == [200] * steps
    assert [note for e in vendors.state.exchanges[before:] for note in e.notes] == []


async def test_without_remembering_the_change_the_same_talk_would_be_refused(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conversation, "revised", lambda self, system: replace(self, system=system))
    async with talk(FABLE) as session:
        await session.say(PROMPTS[0])
        session.session.revise(system="Be brief.", toolbox=session.session.toolbox)
        await session.say(PROMPTS[0])
    assert 400 in {call.status for call in calls()}
