"""Which deployment of a group is held: where what it sealed would be lost on another."""

from typing import Any

import pytest

from tests.engine.scripted import ScriptedGateway, collect, session
from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.chat.events import Observed, StepFinished, Warned
from tui.chat.route import Accepts, Served
from tui.errors import CallFailed

SERVED = Served(model_id="dep-2", model="openai/gpt-5.1")
TWINS = ("dep-1", "dep-2")
OPENAI: dict[str, Any] = {
    "provider": "litellm-responses",
    "upstream": "openai/gpt-5.1",
    "vendor": "openai",
    "generation": "gpt-5.1",
    "accepts": Accepts(efforts=("low",)),
}


def _answer(sealed: bool = True) -> list[Any]:
    """A Responses answer told in one event."""
    thought: dict[str, Any] = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [],
        "encrypted_content": "gAAAA" if sealed else None,
    }
    text = {"type": "message", "id": "msg_1", "content": [{"type": "output_text", "text": "so"}]}
    return [
        {"type": "response.completed", "response": {"status": "completed", "output": [thought, text]}},
    ]


@pytest.mark.parametrize(
    ("deployments", "sealed", "held", "seals"),
    [
        (TWINS, True, "dep-2", 1),
        (TWINS, False, "smart", 0),
        (("dep-2",), True, "smart", 1),
        (("dep-1", "dep-3"), True, "smart", 0),
        ((), True, "smart", 0),
    ],
    ids=["of two", "nothing sealed", "the only one", "a stranger", "nothing known"],
)
async def test_the_account_that_sealed_openais_reasoning_is_asked_again(
    deployments: tuple[str, ...], sealed: bool, held: str, seals: int
) -> None:
    gateway = ScriptedGateway([_answer(sealed), _answer()], served=SERVED)
    chat = session(gateway, deployments=deployments, **OPENAI)
    await collect(chat.send("one"))
    events = await collect(chat.send("two"))
    assert [route.wire_model for route in gateway.routes] == ["smart", held]
    (step,) = [event for event in events if isinstance(event, StepFinished)]
    assert step.seals_sent == seals


async def test_a_key_that_may_not_hold_goes_on_without_the_reasoning_and_says_so() -> None:
    refused = CallFailed("refused", cls="key-model-refused", status=403)
    gateway = ScriptedGateway([_answer(), refused, _answer()], served=SERVED)
    chat = session(gateway, deployments=TWINS, **OPENAI)
    await collect(chat.send("one"))
    events = await collect(chat.send("two"))
    assert [route.wire_model for route in gateway.routes] == ["smart", "dep-2", "smart"]
    (pin,) = [f for event in events if isinstance(event, Observed) for f in event.findings][:1]
    assert (pin.cls, "no longer pinned" in pin.says) == ("key-model-refused", True)
    says = [event.finding.says for event in events if isinstance(event, Warned)]
    assert any("1 OpenAI block will not be sent" in text for text in says)


async def test_a_deployment_of_a_pattern_is_never_called_by_its_id() -> None:
    gateway = ScriptedGateway([_answer(), _answer()], served=SERVED)
    chat = session(gateway, deployments=TWINS, **OPENAI)
    behind = tuple(Deployment(id, "openai/*", "openai") for id in TWINS)
    chat.catalog = Catalog((ModelCard("openai/*", behind),))
    await collect(chat.send("one"))
    await collect(chat.send("two"))
    assert [route.wire_model for route in gateway.routes] == ["smart", "smart"]
