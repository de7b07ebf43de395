"""What is observed of whole turns against the simulated proxy: on the step it happens, and on no other."""

from collections.abc import Iterator, Mapping

import pytest

from tests.engine.recording import RecordingWriter
from tests.engine.scripted import ScriptedGateway, answer, collect, session, text_block, thinking_block
from tests.engine.test_session_on_sim import catalog as catalog
from tests.engine.test_session_on_sim import desk, say, stop_of
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event, Observed, StepFinished
from tui.chat.record import Exchange
from tui.chat.route import Served
from tui.chat.settings import Settings
from tui.engine import observing
from tui.engine.session import Session
from tui.sim.server import SimServer
from tui.sim.state import SimState

OPUS = "anthropic/claude-opus-4-5"
SONNET = "anthropic/claude-sonnet-4-5-20250929"
HEAL = "litellm-silent-thinking-self-heal"


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


def told(events: list[Event]) -> list[str]:
    return [finding.cls for event in events if isinstance(event, Observed) for finding in event.findings]


def kept(session: Session) -> list[list[str]]:
    return [[finding.cls for finding in exchange.observed] for exchange in session.log.values()]


ONE = "what is 17*23?"
CASES: list[tuple[str, str, Settings, list[list[str]]]] = [
    ("ordinary", "smart", Settings(), [[], []]),
    ("ordinary, thinking asked for", "smart", Settings(thinking="on"), [[], []]),
    ("ordinary, adaptive", "anthropic/claude-fable-5-1", Settings(), [[], []]),
    ("ordinary, bridged", "openai/gpt-5.1", Settings(), [[], []]),
    ("config thinking", SONNET, Settings(), [["config-thinking"], []]),
    ("config thinking, and asked for", SONNET, Settings(thinking="on"), [[], []]),
    ("fallback", "flaky", Settings(), [["fallback"], []]),
    ("wildcard", "claude-sonnet-4-5", Settings(), [["wildcard-caught"], ["wildcard-caught"]]),
    ("no price", "mystery", Settings(), [["unknown-price"], ["unknown-price"]]),
]


@pytest.mark.parametrize(("model", "settings", "classes"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
@pytest.mark.parametrize("stream", [True, False])
async def test_what_is_so_is_named_on_its_step(
    server: SimServer,
    catalog: Catalog,
    model: str,
    settings: Settings,
    classes: list[list[str]],
    stream: bool,
) -> None:
    settings = Settings(thinking=settings.thinking, stream=stream)
    async with desk(server, catalog) as at:
        session = at.session(model, settings)
        events = await say(session, ONE)
        assert stop_of(events) == "end"
        assert kept(session) == classes
        assert told(events) == [cls for step in classes for cls in step]


async def test_a_self_heal_is_named_on_the_step_it_happens(server: SimServer, catalog: Catalog) -> None:
    writer = RecordingWriter()
    async with desk(server, catalog) as at:
        session = at.session("smart", Settings(thinking="on"), writer=writer)
        await say(session, "think hard about the tides")
        events = await say(session, "self-heal: and the moon?")
        assert kept(session) == [[], [HEAL]]
        at_end = [type(event) for event in events].index(Observed)
        assert isinstance(events[at_end + 1], StepFinished)


async def test_a_retry_of_the_proxy_is_named(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        session = at.session("smart")
        await say(session, "proxy retries: hello")
        assert kept(session) == [["proxy-retried"]]


async def test_a_mixed_group_is_named_and_then_held(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        session = at.session("mixed", Settings(thinking="on"))
        await say(session, ONE)
        assert kept(session) == [["mixed-group"], []]


async def test_a_changed_system_prompt_breaks_the_cache_and_going_on_does_not(
    server: SimServer, catalog: Catalog
) -> None:
    """Long enough for the vendor to cache: three turns as they are, then one under another prompt."""
    long = "Say what you know about rivers. " * 600
    async with desk(server, catalog) as at:
        session = at.session("smart")
        for text in (long, "and lakes?", "and seas?"):
            await say(session, text)
        assert kept(session) == [[], [], []]
        session.revise(system="Be brief.", toolbox=session.toolbox)
        session.accept_fork()
        events = await say(session, "and ponds?")
        (found,) = [f for e in events if isinstance(e, Observed) for f in e.findings]
        assert found.cls == "cache-broken"
        assert "system prompt" in found.says
        assert kept(session)[3] == ["cache-broken"]
        await say(session, "and puddles?")
        assert kept(session)[4] == []


async def test_the_whole_history_is_gone_through_only_where_thinking_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    def counting(conversation: Conversation, exchanges: Mapping[str, Exchange], seals_sent: int) -> None:
        looked.append(seals_sent)

    monkeypatch.setattr(observing, "prefix_of", counting)
    plain, sealed = answer(text_block(0, "ok")), answer(thinking_block(0, "hm", "c2ln"), text_block(1, "ok"))
    chat = session(ScriptedGateway([plain, plain, sealed, sealed, plain], served=Served(model=OPUS)))
    for _ in range(5):
        await collect(chat.send("?"))
    assert [exchange.seals_sent for exchange in chat.log.values()] == [0, 0, 0, 1, 2]
    assert looked == [2]
