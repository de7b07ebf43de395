"""Looks at a step while it runs for what is odd about who answers it; the rules are in ``truth``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.frame import Headers
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.chat.usage import Figure
from tui.errors import CallFailed, SightlineError
from tui.exchanges.anatomy import anatomy
from tui.exchanges.cache import cache_finding, cache_report, cached_tokens
from tui.gateway.client import served as served_of
from tui.truth import observations
from tui.truth.asked import asked_of
from tui.truth.healing import SELF_HEAL, may_be_healed
from tui.truth.observed import Prefix
from tui.truth.observed import Step as Seen
from tui.truth.reconcile import UNKNOWN, odd_costs
from tui.wire.codec import Request

CHARS_PER_TOKEN = 5
"""Few characters make one token at the least; so an estimate of thinking stays below what it counts."""
MOST_BYTES = 600_000
"""Of two requests that are compared at the end of a step; the Cache page compares larger ones."""
SHOWN_IN_FULL = 0.6
"""Where the text of an answer explains as much of its tokens, its thinking is no mere summary."""


@dataclass(slots=True)
class Observing:
    """One step's observer: what is odd, each once, first by the headers and then by the end."""

    route: Route
    catalog: Catalog
    request: Request
    conversation: Conversation
    """What the request was made from."""
    exchanges: Mapping[str, Exchange]
    """Earlier ones of the session by the id of their answer."""
    earlier: tuple[str, bytes] | None = None
    """The exchange before this one, and what was sent for it."""
    found: tuple[Finding, ...] = ()
    """Everything so far."""
    _seen: Seen | None = field(default=None, repr=False)

    def answering(self, served: Served) -> tuple[Finding, ...]:
        """What the headers tell."""
        messages, last = self.conversation.messages, self.conversation.last_answer
        self._seen = seen = Seen(
            route=self.route,
            catalog=self.catalog,
            served=served,
            asked=asked_of(self.request.value),
            seals_sent=self.request.seals_sent,
            before=None if last is None else self.exchanges.get(last.id),
            begins_turn=bool(messages) and isinstance(messages[-1], UserMessage),
        )
        return self._look(lambda: observations.at_headers(seen))

    def ended(self, message: AssistantMessage | None, error: SightlineError | None) -> tuple[Finding, ...]:
        """What the end tells, of an answer or of a refusal."""
        if isinstance(error, CallFailed):
            headers = dict(error.answer.headers) if error.answer is not None else {}
            return self._look(lambda: observations.of_failure(self.route, served_of(headers), error))
        if self._seen is None or message is None:
            return ()
        return self._look(lambda: observations.at_end(self._whole(message)))

    def _whole(self, message: AssistantMessage) -> Seen:
        """With the answer, and where it is asked for what it may miss, with what stood before it."""
        assert self._seen is not None
        seen = replace(self._seen, message=message)
        if not may_be_healed(seen):
            return seen
        # It goes through the whole history, so never for an answer that thinks as it should.
        return replace(seen, prefix=prefix_of(self.conversation, self.exchanges, self.request.seals_sent))

    def paid(
        self, exchange: Exchange, message: AssistantMessage, figures: tuple[Figure, ...], headers: Headers
    ) -> tuple[Finding, ...]:
        """What does not fit in the figures of what it cost."""
        ended = replace(exchange, usage=message.usage, cost=message.cost, figures=figures)
        # What a pattern caught has no price in the list, whatever the proxy knows about it.
        shared = self._seen is not None and self._seen.here.shared
        return self._look(
            lambda: [
                *(odd for odd in odd_costs(ended, self.catalog, headers) if odd.cls != UNKNOWN or not shared),
                *self._cache(ended),
            ]
        )

    def _cache(self, ended: Exchange) -> Iterator[Finding]:
        """Where a cached prefix broke; looked for only where less was read than was there."""
        before = self._seen.before if self._seen is not None else None
        if before is None or self.earlier is None or self.earlier[0] != before.id:
            return
        cached, read = cached_tokens(before), ended.usage.cache_read if ended.usage is not None else None
        bodies = (self.request.body, self.earlier[1])
        if cached is None or read is None or read >= cached or sum(map(len, bodies)) > MOST_BYTES:
            return
        now, then = anatomy(bodies[0], ended.route.dialect), anatomy(bodies[1], before.route.dialect)
        finding = cache_finding(ended, cache_report(ended, now, before, then), before)
        if finding is not None:
            yield finding

    def _look(self, rules: Callable[[], Sequence[Finding]]) -> tuple[Finding, ...]:
        try:
            findings = rules()
        except Exception as error:
            # An answer that is being paid for is not lost because something about it was too odd to judge.
            findings = (Finding("unexpected", f"Looking for what is odd about this step failed: {error!r}"),)
        new = tuple(finding for finding in findings if finding not in self.found)
        self.found += new
        return new


def prefix_of(
    conversation: Conversation, exchanges: Mapping[str, Exchange], seals_sent: int
) -> Prefix | None:
    """What the newest answer that was read in full tells of the tokens in front of the coming one.

    None where there is none, or where something before it may not stand in the request any more.
    """
    spoken, added, prompted = 0, 0, False
    for place in range(len(conversation.messages) - 1, conversation.bound_from - 1, -1):
        message = conversation.messages[place]
        if not isinstance(message, AssistantMessage):
            prompted = prompted or isinstance(message, UserMessage)
            added += _chars(message)
            continue
        exchange, usage = exchanges.get(message.id), message.usage
        told_in = usage.input_total if usage is not None else None
        if exchange is None or usage is None or told_in is None or usage.output is None or message.unfinished:
            return None
        if any(finding.cls == SELF_HEAL for finding in exchange.observed):
            spoken += usage.output
            continue
        thoughts = [part for part in message.parts if isinstance(part, Reasoning)]
        sealed = [part for part in thoughts if part.state != "unsigned"]
        if exchange.seals_sent + len(sealed) > seals_sent:
            return None
        least, whole = _answer_tokens(message, usage.output, usage.reasoning)
        return Prefix(
            tokens=told_in + least + spoken,
            whole=told_in + whole + spoken,
            sealed=_sealed_tokens(sealed, usage.reasoning),
            old=_thought(conversation.messages[: place + 1]) if prompted else 0,
            added=added,
            model=message.origin.model,
        )
    return None


def _answer_tokens(message: AssistantMessage, output: int, reasoning: int | None) -> tuple[int, int]:
    """The least an answer counts for where it is sent back: without its thinking, and with it.

    What is told of thinking may be more than comes back: where only a summary of it was shown.
    """
    thoughts = sum(len(part.text) for part in message.parts if isinstance(part, Reasoning))
    shown = sum(
        len(part.text) if isinstance(part, Text) else len(part.arguments)
        for part in message.parts
        if isinstance(part, Text | ToolCall)
    )
    if not any(isinstance(part, Reasoning) for part in message.parts):
        return output, output
    by_text = (thoughts + shown) // CHARS_PER_TOKEN
    whole = output if by_text >= output * SHOWN_IN_FULL else min(by_text, output)
    least = max(output - reasoning, 0) if reasoning is not None else min(shown // CHARS_PER_TOKEN, output)
    return least, max(whole, least)


def _sealed_tokens(sealed: Sequence[Reasoning], reasoning: int | None) -> int:
    """The least that sealed thinking counts for where it is sent back."""
    by_text = sum(len(part.text) for part in sealed) // CHARS_PER_TOKEN
    return by_text if reasoning is None else min(by_text, reasoning)


def _thought(messages: Sequence[object]) -> int:
    """The most that the thinking in ``messages`` counts for."""
    total = 0
    for message in messages:
        if isinstance(message, AssistantMessage):
            chars = sum(len(part.text) for part in message.parts if isinstance(part, Reasoning))
            told = message.usage.reasoning if message.usage is not None else None
            total += max(told or 0, chars)
    return total


def _chars(message: UserMessage | ToolMessage) -> int:
    if isinstance(message, UserMessage):
        return len(message.text)
    return sum(
        len(part.text) for result in message.results for part in result.parts if isinstance(part, Text)
    )
