"""The end of a long conversation reads as it does in the whole of it."""

from dataclasses import dataclass, field
from typing import cast

from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Origin, Text
from tui.chat.record import Exchange, Failure, Node
from tui.chat.route import Route
from tui.chat.usage import UNKNOWN_COST
from tui.ui.ports import SessionPort
from tui.ui.screens.past import past_of
from tui.ui.transcript.history import Past, history_blocks
from tui.ui.transcript.model import Block, CardBlock

ROUTE = Route("smart", "litellm-anthropic", "http://h", "smart", None, "anthropic", "claude-opus-4-5")
TURNS = 9


@dataclass
class Standing:
    """A session that stands at the end of its branch, as far as the past is made of it."""

    path: tuple[Node, ...]
    exchanges: dict[str, Exchange]
    fruitless: list[Exchange] = field(default_factory=list)
    refused: UserMessage | None = None
    aside: dict[str, Node] = field(default_factory=dict)

    async def nodes(self, id: str) -> tuple[Node, ...]:
        return (self.aside[id],)


def standing(refused_after: tuple[int, ...]) -> Standing:
    """Turns of a prompt and its answer; a prompt was refused after each of some, or before all of them (-1).

    The last of these waits to be asked again.
    """
    path: list[Node] = []
    exchanges = {}
    for turn in range(TURNS):
        at, before = float(turn), f"a{turn - 1}" if turn else None
        prompt = UserMessage(f"u{turn}", (Text(f"prompt {turn}"),), at)
        origin = Origin("messages", "anthropic", "claude-opus-4-5")
        answer = AssistantMessage(
            f"a{turn}", (Text(f"answer {turn}"),), origin, "end", None, None, UNKNOWN_COST, at + 0.2
        )
        path += [Node(prompt, before), Node(answer, prompt.id)]
        exchanges[answer.id] = Exchange(f"x{turn}", turn, 1, at, ROUTE, prompt.id, answer.id, seconds=turn)
    session = Standing(tuple(path), exchanges)
    failure = Failure("bad-request", "vendor", "request refused", "too long", status=400)
    for turn in refused_after:
        prompt = UserMessage(f"r{turn}", (Text(f"refused {turn}"),), turn + 0.5)
        session.aside[prompt.id] = Node(prompt, f"a{turn}" if turn >= 0 else None)
        tried = Exchange(f"y{turn}", turn, 1, turn + 0.5, ROUTE, prompt.id, state="failed", failure=failure)
        session.fruitless.append(tried)
        session.refused = prompt
    return session


async def past(session: Standing, newest: int | None = None) -> Past:
    return await past_of(cast("SessionPort", session), newest)


def shown(made: Past) -> list[tuple[str, str]]:
    """Kind and text of every block, the figures of its footers with them."""
    return [(type(block).__name__, text_of(block)) for block in history_blocks(made)]


def text_of(block: Block) -> str:
    if isinstance(block, CardBlock):
        return f"{block.title} {block.actions}"
    return getattr(block, "text", "")


async def test_the_last_turns_read_as_they_do_in_the_whole() -> None:
    session = standing(refused_after=(-1, 1, TURNS - 2, TURNS - 1))
    whole, end = await past(session), await past(session, 3)
    assert [message.id for message in end.messages] == ["u7", "a7", "u8", "a8"]
    above = next(n for n, (_, text) in enumerate(shown(whole)) if text == "prompt 7")
    assert shown(end) == shown(whole)[above:]
    texts = [text for _, text in shown(end)]
    assert texts[-2:] == ["refused 8", texts[-1]]
    assert "refused 7" in texts
    assert not {"refused -1", "refused 1"} & set(texts)
    assert {"refused -1", "refused 1"} <= {text for _, text in shown(whole)}


async def test_a_short_conversation_is_its_own_end() -> None:
    session = standing(refused_after=(0,))
    assert await past(session, 2 * TURNS) == await past(session)
    assert [m.id for m in (await past(session, 1)).messages] == ["u8", "a8"]
