"""A conversation that was kept as blocks again: the very ones its events made while it happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tui.chat.conversation import CANCELLED
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Attachment, ToolCall
from tui.chat.record import CallFacts, Exchange, Failure, Node, SessionRecord
from tui.chat.unread import peeked
from tui.clean import clean
from tui.truth.badges import badges, known_model
from tui.truth.known import EMPTY_ANSWER, PIN_REFUSED
from tui.ui.transcript import told
from tui.ui.transcript.blocks.media import media_block
from tui.ui.transcript.model import Block, FooterBlock, ThinkingBlock, ToolBlock, UserBlock
from tui.ui.transcript.packed import pack

LOST = "the program ended here, before the answer did; what had arrived is kept"
UNPINNED = 403
"""A status after which the second attempt is told of by a finding."""


@dataclass(frozen=True, slots=True)
class Past:
    """One branch of a session, with what is known of how each of its messages came about."""

    messages: Sequence[Message] = ()
    """From the first to the last."""
    exchanges: Mapping[str, Exchange] = field(default_factory=dict)
    """By the id of their answer."""
    lone: Sequence[Exchange] = ()
    """Those that left no answer, in the order they were begun."""
    refused: Sequence[UserMessage] = ()
    """Prompts that got no answer, of any branch; each is shown where it was sent."""
    parents: Mapping[str, str | None] = field(default_factory=dict)
    """By the id of a refused prompt, the message before it."""
    pending: str | None = None
    """The refused prompt that may be asked again."""
    calls: Mapping[str, Sequence[CallFacts]] = field(default_factory=dict)
    """By the id of the message with their results, in its order."""

    @staticmethod
    def of(record: SessionRecord) -> Past:
        """The branch a stored session stands on."""
        return Past.on(record.path(), record.exchanges, record.nodes, record.state.refused)

    @staticmethod
    def on(
        path: Iterable[Node],
        exchanges: Iterable[Exchange],
        nodes: Iterable[Node],
        pending: str | None = None,
    ) -> Past:
        """The branch ``path`` of the tree ``nodes``; ``exchanges`` of any branch, as they were begun.

        ``pending`` is the prompt that got no answer and may be asked again.
        """
        path, exchanges = tuple(path), tuple(exchanges)
        here = {node.message.id for node in path}
        turns = (one for one in exchanges if one.purpose == "turn")
        lone = tuple(one for one in turns if one.answer is None and one.state != "open")
        asked = {*(one.after for one in lone), pending} - here
        refused = [node for node in nodes if node.message.id in asked]
        return Past(
            tuple(node.message for node in path),
            {one.answer: one for one in exchanges if one.answer is not None},
            lone,
            tuple(node.message for node in refused if isinstance(node.message, UserMessage)),
            {node.message.id: node.parent for node in refused},
            pending,
            _Calls(path),
        )


class _Calls(Mapping[str, Sequence[CallFacts]]):
    """What is known of the calls of a branch, read where it is looked at."""

    def __init__(self, path: Iterable[Node]) -> None:
        self._nodes = {node.message.id: node for node in path if isinstance(node.message, ToolMessage)}

    def __getitem__(self, id: str) -> Sequence[CallFacts]:
        return peeked(self._nodes[id]).calls

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def history_blocks(
    past: Past, *, thinking_folded: bool = False, tools_folded: bool = True, simulated: bool = False
) -> list[Block]:
    """The blocks of a branch, as they stood when its last turn was over, their texts packed."""
    blocks = []
    for block in _History(past, thinking_folded, tools_folded, simulated).blocks():
        # At once: room that all the texts took together would not be given back.
        pack(block)
        blocks.append(block)
    return blocks


class _History:
    """The walk along a branch; what was sent without an answer stands where it was sent."""

    def __init__(self, past: Past, thinking_folded: bool, tools_folded: bool, simulated: bool) -> None:
        self._past = past
        self._folded = {"thinking_folded": thinking_folded, "tools_folded": tools_folded}
        self._simulated = simulated
        self._number = 0
        self._warnings: set[str] = set()
        self._lone: dict[str | None, list[Exchange]] = defaultdict(list)
        for exchange in past.lone:
            self._lone[exchange.after].append(exchange)
        self._refused: dict[str | None, list[UserMessage]] = defaultdict(list)
        for prompt in past.refused:
            self._refused[past.parents.get(prompt.id)].append(prompt)

    def blocks(self) -> Iterator[Block]:
        messages = self._past.messages
        yield from self._aside(None, messages[0] if messages else None)
        calls: list[tuple[ToolCall, ToolBlock]] = []
        for place, kept in enumerate(messages):
            # What is shown is in the blocks: the message itself goes on taking no room.
            message = peeked(kept)
            after = messages[place + 1] if place + 1 < len(messages) else None
            match message:
                case UserMessage():
                    yield from _prompt(message)
                case AssistantMessage():
                    calls = []
                    yield from self._answer(message, calls, is_last=after is None)
                    if not isinstance(after, ToolMessage):
                        for _, block in calls:
                            told.set_tool(block, "not run")
                case ToolMessage():
                    _results(message, calls, self._past.calls.get(message.id, ()))
            yield from self._aside(message, after)
            ends = not isinstance(after, AssistantMessage) and not self._lone.get(message.id)
            if isinstance(message, ToolMessage) and ends and _is_stopped(message):
                yield from self._said("cancelled")

    def _key(self, kind: str) -> str:
        self._number += 1
        return f"past-{kind}-{self._number}"

    def _said(self, stop: str) -> Iterator[Block]:
        if block := told.stop_block(self._key("stop"), stop):
            yield block

    def _answer(
        self, message: AssistantMessage, calls: list[tuple[ToolCall, ToolBlock]], *, is_last: bool
    ) -> Iterator[Block]:
        exchange = self._past.exchanges.get(message.id)
        exchange = None if exchange is None else peeked(exchange)
        findings = exchange.findings if exchange else ()
        yield from self._warned(findings)
        exact = told.told_tokens(message)
        for index, part in enumerate(message.parts):
            kind, label = told.kind_of(part)
            block = told.new_part(f"{message.id}-{index}", kind, label, message.id, **self._folded)
            told.close_part(block, part, told.cut_note(message) if index in message.unfinished else "")
            if isinstance(block, ThinkingBlock):
                block.seconds = exchange.thinking_seconds.get(index) if exchange else None
                if exact and exact[0] == index:
                    block.tokens, block.estimated = exact[1], False
            elif isinstance(block, ToolBlock) and isinstance(part, ToolCall):
                calls.append((part, block))
            yield block
        yield FooterBlock(f"{message.id}-footer", self._line(message, exchange), group=message.id)
        if not message.parts:
            yield told.finding_block(self._key("finding"), EMPTY_ANSWER)
        if exchange is not None and exchange.failure is not None:
            again = is_last and not self._lone.get(exchange.after)
            yield told.failure_block(
                self._key("failure"), exchange.failure, retry=again, exchange=exchange.id
            )
        elif exchange is not None and exchange.state == "lost":
            yield told.notice_block(self._key("lost"), LOST, level="warning")
        else:
            yield from self._said(message.stop)

    def _warned(self, findings: Sequence[Finding]) -> Iterator[Block]:
        """What was warned of, each once; the session keeps it with every request it holds for."""
        for finding in findings:
            if finding.says not in self._warnings:
                self._warnings.add(finding.says)
                yield told.finding_block(self._key("finding"), finding)

    def _line(self, message: AssistantMessage, exchange: Exchange | None) -> str:
        if exchange is None:
            return told.step_line(message)
        return told.step_line(
            message,
            exchange.route.endpoint,
            exchange.seconds,
            seals_sent=exchange.seals_sent,
            seals_received=exchange.seals_received,
            simulated=self._simulated,
            odd=badges(exchange.observed, exchange.served, known_model(message.origin)),
        )

    def _aside(self, message: Message | None, after: Message | None) -> Iterator[Block]:
        """What was sent behind ``message`` and got no answer, as long as it was sent before ``after``."""
        id = message.id if message else None
        yield from self._fruitless(self._lone.get(id, ()) if message else (), after)
        for prompt in self._refused.get(id, ()):
            tries = self._lone[prompt.id]
            # What was stopped before any answer is of no use to anybody, unless it may be asked again.
            is_pending = after is None and prompt.id == self._past.pending
            has_failed = any(one.failure is not None for one in tries)
            if is_pending or (has_failed and (after is None or prompt.at <= after.at)):
                yield from _prompt(prompt)
                yield from self._fruitless(tries, after, is_pending=is_pending)

    def _fruitless(
        self, exchanges: Sequence[Exchange], after: Message | None, *, is_pending: bool = True
    ) -> Iterator[Block]:
        shown = [one for one in exchanges if after is None or one.at <= after.at]
        for place, one in enumerate(shown):
            yield from self._warned(one.findings)
            yield from self._warned([odd for odd in one.observed if odd.cls == PIN_REFUSED])
            follower = shown[place + 1] if place + 1 < len(shown) else None
            if one.failure is not None and self._is_retried(one, follower, after):
                if one.status != UNPINNED:
                    yield told.again_block(self._key("again"), 2, _why(one.failure))
            elif one.failure is not None:
                last = after is None and follower is None and is_pending
                yield told.failure_block(self._key("failure"), one.failure, retry=last, exchange=one.id)
            elif one.state == "lost":
                yield told.notice_block(self._key("lost"), LOST, level="warning")
            else:
                yield from self._said("cancelled")

    def _is_retried(self, one: Exchange, follower: Exchange | None, after: Message | None) -> bool:
        """Whether the same turn went on with another attempt."""
        answer = self._past.exchanges.get(after.id) if isinstance(after, AssistantMessage) else None
        return any(other is not None and other.turn == one.turn for other in (follower, answer))


def _prompt(message: UserMessage) -> Iterator[Block]:
    id = message.id
    yield UserBlock(id, clean(message.text), told.clock_label(message.at), group=id)
    attached = [part for part in message.parts if isinstance(part, Attachment)]
    yield from (media_block(f"{id}-media-{n}", part, id) for n, part in enumerate(attached))


def _results(
    message: ToolMessage, calls: Sequence[tuple[ToolCall, ToolBlock]], facts: Sequence[CallFacts]
) -> None:
    """Give each call its result; those of calls with one id stand in the order of the calls."""
    waiting: dict[str, list[ToolBlock]] = defaultdict(list)
    for call, block in calls:
        waiting[call.id].append(block)
    known = facts if len(facts) == len(message.results) else [None] * len(message.results)
    for result, fact in zip(message.results, known, strict=True):
        if not waiting[result.call_id]:
            continue
        block = waiting[result.call_id].pop(0)
        answer = fact.answer if fact else None
        seconds = fact.seconds if fact else None
        if answer is not None:
            block.note = clean(told.decided(answer))
        if fact is not None:
            block.diff = clean(fact.diff)
        refused = answer is not None and answer.decision == "never"
        told.end_tool(block, result, seconds, ran=seconds is not None, refused=refused)
        pack(block)
    for rest in waiting.values():
        for block in rest:
            told.set_tool(block, "not run")


def _is_stopped(message: ToolMessage) -> bool:
    return any(result.is_error and result.text == CANCELLED for result in message.results)


def _why(failure: Failure) -> str:
    return f"{failure.title}: {failure.what}" if failure.what else failure.title
