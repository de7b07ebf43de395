"""The rows of the Seals tab: every sealed part of a conversation against the last request; pure.

What was sent is read off the request's bytes. The rules of repair only say why a seal is not in them.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.parts import AssistantPart, Origin, Reasoning
from tui.chat.route import Target
from tui.chat.seals import is_own, is_returnable
from tui.wire.sealed import Seal, seals_in_answer, seals_in_request

Verdict = Literal["same", "changed", "lost", "not sent", "new"]
"""``lost`` should have been sent and was not; ``new`` came after the last request."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The last request: its bytes, what it was made from, and who reads it."""

    body: bytes
    conversation: Conversation
    target: Target
    tools_ok: bool = True
    """Whether calls went out as calls."""


@dataclass(frozen=True, slots=True)
class SealRow:
    """One sealed part; ``sent`` is the hash of what went out in its place."""

    turn: int
    step: int
    """Counts from 1 within the turn."""
    state: str
    """What kind of seal it is, in a word people know."""
    seal: Seal
    origin: Origin
    verdict: Verdict
    sent: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SealsSeen:
    """All rows, newest first, and what else the comparison says."""

    rows: tuple[SealRow, ...] = ()
    asked: bool = False
    """Whether there was a request to compare with."""
    strangers: int = 0
    """Seals in the request that no answer held."""

    @property
    def counts(self) -> Counter[Verdict]:
        """How many rows ended in each verdict."""
        return Counter(row.verdict for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Held:
    """A seal of the history and where it stands."""

    message: int
    part: int
    seal: Seal


@dataclass(slots=True)
class SealReader:
    """Compares a growing conversation with its requests; what was hashed once is not hashed again."""

    _messages: list[Message] = field(default_factory=list)
    _held: list[tuple[_Held, ...]] = field(default_factory=list)
    _places: list[tuple[int, int]] = field(default_factory=list)
    """Turn and step of each message."""

    def read(
        self,
        conversation: Conversation,
        sent: Sent | None,
        numbers: Mapping[str, tuple[int, int]] | None = None,
    ) -> SealsSeen:
        """All seals against the last request; ``numbers`` are the turn and step of answers, where told."""
        self._take(conversation.messages)
        held = [one for some in self._held for one in some]
        verdicts, strangers = _compared(held, conversation, sent)
        rows = [self._row(one, conversation, numbers or {}, *verdicts[one]) for one in reversed(held)]
        return SealsSeen(tuple(rows), sent is not None, strangers)

    def _take(self, messages: Sequence[Message]) -> None:
        """Bring what is known of each message up to date."""
        same = 0
        for known, message in zip(self._messages, messages, strict=False):
            if known is not message:
                break
            same += 1
        del self._messages[same:], self._held[same:], self._places[same:]
        turn, step = self._places[-1] if self._places else (0, 0)
        for index, message in enumerate(messages[same:], same):
            seals: tuple[tuple[int, Seal], ...] = ()
            if isinstance(message, UserMessage):
                turn, step = turn + 1, 0
            elif isinstance(message, AssistantMessage):
                step += 1
                seals = seals_in_answer(message)
            self._messages.append(message)
            self._places.append((turn, step))
            self._held.append(tuple(_Held(index, part, seal) for part, seal in seals))

    def _row(
        self,
        one: _Held,
        conversation: Conversation,
        numbers: Mapping[str, tuple[int, int]],
        verdict: Verdict,
        sent: str,
        why: str,
    ) -> SealRow:
        message = conversation.messages[one.message]
        assert isinstance(message, AssistantMessage)
        part = message.parts[one.part]
        turn, step = numbers.get(message.id, self._places[one.message])
        origin = part.opaque.origin if part.opaque is not None else message.origin
        return SealRow(turn, step, _state(part, one.seal), one.seal, origin, verdict, sent, why)


def _state(part: AssistantPart, seal: Seal) -> str:
    """``signed`` thinking, ``omitted`` if its text is, ``redacted``, ``encrypted``, ``thought`` of a call."""
    if seal.form == "signature" and isinstance(part, Reasoning) and part.state == "omitted":
        return "omitted"
    return {"signature": "signed", "thought": "thought"}.get(seal.form, seal.form)


_Verdicts = dict[_Held, tuple[Verdict, str, str]]


def _compared(held: Sequence[_Held], conversation: Conversation, sent: Sent | None) -> tuple[_Verdicts, int]:
    """What became of each seal, and how many were sent that nobody held."""
    verdicts: _Verdicts = {}
    if sent is None:
        return dict.fromkeys(held, ("new", "", "")), 0
    waiting: dict[Seal, int] = Counter(seals := seals_in_request(sent.target.dialect, sent.body))
    missing: list[_Held] = []
    for one in held:
        if not _was_there(one, conversation, sent):
            verdicts[one] = ("new", "", "")
        elif waiting.get(one.seal):
            waiting[one.seal] -= 1
            verdicts[one] = ("same", one.seal.hash, "")
        else:
            missing.append(one)
    others: defaultdict[str, deque[Seal]] = defaultdict(deque)
    for seal in seals:
        # The first of equal seals were matched above; what is left over stands for something else.
        if waiting.get(seal):
            others[seal.form].append(seal)
            waiting[seal] -= 1
    kept = _kept(sent) if missing else frozenset()
    for one in missing:
        why = _why_not(one, sent, kept)
        if why:
            verdicts[one] = ("not sent", "", why)
        elif others[one.seal.form]:
            verdicts[one] = ("changed", others[one.seal.form].popleft().hash, "")
        else:
            verdicts[one] = ("lost", "", "it should have been sent and was not")
    return verdicts, sum(map(len, others.values()))


def _was_there(one: _Held, conversation: Conversation, sent: Sent) -> bool:
    """Whether the request was made from a history that held the message."""
    then = sent.conversation.messages
    return one.message < len(then) and then[one.message] is conversation.messages[one.message]


def _kept(sent: Sent) -> frozenset[tuple[str, int]]:
    """The wire blocks that repair lets pass, by message and identity."""
    seen = sent.conversation.sendable(sent.target, tools_ok=sent.tools_ok)
    return frozenset(
        (message.id, id(part.opaque))
        for message in seen.messages
        if isinstance(message, AssistantMessage)
        for part in message.parts
        if part.opaque is not None
    )


def _why_not(one: _Held, sent: Sent, kept: frozenset[tuple[str, int]]) -> str:
    """Why the rules keep a seal back; empty when they do not."""
    message = sent.conversation.messages[one.message]
    assert isinstance(message, AssistantMessage)
    part, target = message.parts[one.part], sent.target
    if part.opaque is None:
        # The seal is within the id of a plain call; only its own vendor gets ids as they came.
        return "" if message.origin.vendor == target.vendor else _foreign(message.origin, target)
    if (message.id, id(part.opaque)) in kept:
        return ""
    if one.part in message.unfinished:
        return "it was cut off before its end"
    reader = sent.conversation.reader(one.message, target)
    if reader is not target and not _readable(part, reader) and _readable(part, target):
        return "bound to other instructions or tools, before the fork"
    if not _readable(part, target):
        return _foreign(part.opaque.origin, target)
    if isinstance(part, Reasoning):
        return "nothing follows it in its answer"
    return "its text is blank" if sent.tools_ok else "calls are told as text where no tools are offered"


def _readable(part: AssistantPart, target: Target) -> bool:
    if isinstance(part, Reasoning):
        return is_returnable(part, target)
    return part.opaque is not None and is_own(part.opaque.origin, target)


def _foreign(origin: Origin, target: Target) -> str:
    """In what the maker of a seal and the reader of the request differ."""
    if origin.vendor != target.vendor:
        return f"foreign: {origin.vendor} made it, {target.vendor} reads this"
    if not target.model:
        return "foreign: several models may answer here"
    if origin.model != target.model:
        return f"foreign: {origin.model} made it, {target.model} reads this"
    if origin.deployment != target.deployment:
        return f"foreign: made by deployment {origin.deployment or '?'}, sent to {target.deployment or '?'}"
    return f"foreign: it came over {origin.dialect}, this is {target.dialect}"
