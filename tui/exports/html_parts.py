"""Prompts, steps and what is in them as HTML; pure.

Every tag and attribute is written here; what comes from a session passes ``html_text`` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tui.chat.media import IMAGE_TYPES
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Attachment, Foreign, Image, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import CallFacts, Failure
from tui.exports import words
from tui.exports.html_text import block, coloured, rendered, text
from tui.exports.story import Step, Story

PICTURE_UP_TO = 2_000_000
"""Characters of base64 of a picture that is shown; a larger one is named."""
PICTURES_UP_TO = 24_000_000
"""The same for all pictures of a page together."""
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Parts:
    """Writes the pieces of one page; counts the pictures it shows."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._room = PICTURES_UP_TO

    def anchor(self, id: str) -> str:
        """The name of a message's place on the page; ours, for its id may say anything."""
        return f"m{self._story.places[id]}"

    def forks(self, id: str | None) -> Iterator[str]:
        """Links to the branches that leave here."""
        if numbers := self._story.forks.get(id):
            links = ", ".join(f'<a href="#b{number}">branch {number}</a>' for number in numbers)
            yield f'<p class="note">⑂ Elsewhere it goes on from here as {links}.</p>'

    def prompt(self, prompt: UserMessage) -> Iterator[str]:
        """What the user said, as it was typed."""
        yield f'<div class="prompt" id="{self.anchor(prompt.id)}">'
        yield f'<h3 class="who">you <time>{words.when(prompt.at)}</time></h3>'
        for part in prompt.parts:
            if isinstance(part, Text):
                yield f'<p class="plain">{block(part.text)}</p>'
        yield from self._attached(part for part in prompt.parts if not isinstance(part, Text))
        yield "</div>"
        yield from self.forks(prompt.id)

    def step(self, step: Step) -> Iterator[str]:
        """An answer, what it called, how it failed, and the facts of the request behind it."""
        message, exchange = step.message, step.exchange
        yield (
            f'<article class="step" id="{self.anchor(message.id)}">' if message else '<article class="step">'
        )
        if step.is_asked:
            over = f' <span class="quiet">over {words.endpoint_of(step)}</span>' if exchange else ""
            said = f"{step.aside} · {step.model}" if step.aside else step.model
            yield f'<h3 class="who">{text(said)}{over}</h3>'
        if message is not None:
            yield from self._answer(message, step)
        elif step.results is not None:
            for result in step.results.results:
                yield from self._stray(result)
        if exchange is not None:
            if exchange.failure is not None:
                yield from _failed(exchange.failure)
            for finding in exchange.findings:
                yield f'<div class="card remark"><p>⚠ {text(words.finding_line(finding))}</p></div>'
        if step.is_asked:
            yield from _facts(step)
        yield "</article>"
        if message is not None:
            yield from self.forks(message.id)
        if step.results is not None:
            yield f'<span id="{self.anchor(step.results.id)}"></span>'
            yield from self.forks(step.results.id)

    def _answer(self, message: AssistantMessage, step: Step) -> Iterator[str]:
        seconds: Mapping[int, float] = step.exchange.thinking_seconds if step.exchange else {}
        results = {result.call_id: result for result in step.results.results} if step.results else {}
        for index, part in enumerate(message.parts):
            cut = index in message.unfinished
            match part:
                case Text(text=said):
                    if said.strip():
                        yield f'<div class="said">{rendered(said)}</div>'
                case Reasoning():
                    yield from _thinking(part, words.thinking_line(part, seconds.get(index), cut))
                case ToolCall():
                    yield from self._call(part, results.pop(part.id, None), step.calls.get(part.id), cut)
                case Foreign(label=label):
                    yield f'<p class="note">a block of kind <code>{text(label)}</code>, kept as it came</p>'
        for result in results.values():
            yield from self._stray(result)

    def _call(
        self, call: ToolCall, result: ToolResult | None, facts: CallFacts | None, cut: bool
    ) -> Iterator[str]:
        state = "warn" if result is None else "bad" if result.is_error else "good"
        sign = {"warn": "○", "bad": "✗", "good": "✓"}[state]
        yield '<details class="fold tool"><summary>'
        yield f'<span class="{state}">{sign}</span> <b>{text(call.name)}</b> '
        yield f'<span class="mono">{text(words.short_arguments(call))}</span> '
        yield f'<span class="badge">{text(words.call_line(result, facts, cut))}</span></summary>'
        yield '<p class="label">arguments</p>'
        yield f'<pre class="text"><code>{coloured(words.pretty_arguments(call), "json")}</code></pre>'
        if facts is not None and facts.diff:
            yield '<p class="label">change</p>'
            yield f'<pre class="text"><code>{coloured(facts.diff, "diff")}</code></pre>'
        if result is not None:
            yield '<p class="label">result</p>'
            yield from self._result(result)
        yield "</details>"

    def _stray(self, result: ToolResult) -> Iterator[str]:
        """A result whose call is not beside it."""
        yield '<details class="fold tool"><summary><b>a result</b> '
        yield f'<span class="badge">{text(words.call_line(result, None, False))}</span></summary>'
        yield from self._result(result)
        yield "</details>"

    def _result(self, result: ToolResult) -> Iterator[str]:
        if result.text:
            yield f'<pre class="text">{block(result.text)}</pre>'
        yield from self._attached(part for part in result.parts if not isinstance(part, Text))
        if result.full is not None and len(result.full) > len(result.text):
            told = f"{len(result.text):,} of {len(result.full):,} characters"
            yield f'<p class="note">The model was given {told}.</p>'

    def _attached(self, parts: Iterable[Attachment]) -> Iterator[str]:
        shown = [f"<li>{self._picture(part)}{text(words.attachment_line(part))}</li>" for part in parts]
        if shown:
            yield f'<ul class="attached">{"".join(shown)}</ul>'

    def _picture(self, part: Attachment) -> str:
        """A picture of the session itself; nothing for what is none, or too large."""
        data = part.data
        if not isinstance(part, Image) or part.media_type not in IMAGE_TYPES:
            return ""
        if len(data) > min(PICTURE_UP_TO, self._room) or not _BASE64.fullmatch(data):
            return ""
        self._room -= len(data)
        return f'<img src="data:{part.media_type};base64,{data}" alt="" loading="lazy">'


def _thinking(part: Reasoning, says: str) -> Iterator[str]:
    head = f'<b>thinking</b> <span class="badge">{text(says)}</span>'
    if part.text.strip():
        yield f'<details class="fold thinking"><summary>{head}</summary>'
        yield f'<p class="plain">{block(part.text)}</p></details>'
    else:
        yield f'<div class="thinking flat">{head}</div>'


def _failed(failure: Failure) -> Iterator[str]:
    first, *rest = words.failure_lines(failure)
    yield f'<div class="card"><p><b class="bad">✗ {text(first)}</b></p>'
    yield "".join(f"<p>{text(line)}</p>" for line in rest)
    yield "</div>"


def _facts(step: Step) -> Iterator[str]:
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(says)}</dd>" for name, says in words.details(step))
    yield f'<details class="facts"><summary class="badge">{text(words.step_line(step))}</summary>'
    yield f"<dl>{rows}</dl></details>"
