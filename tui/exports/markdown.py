"""A session as Markdown for people: what was asked, thought, done and answered, and what it cost; pure.

Headings: the session 1, turns and branches 2, who speaks 3; nothing foreign stands above 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tui.chat.figures import SOURCES, count, duration, money
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Document, Foreign, Image, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import SessionRecord
from tui.clean import visible
from tui.exports import words
from tui.exports.markdown_text import code, fence, plain, prose, quote
from tui.exports.story import Branch, Step, Story, Turn, story_of

FOLDED_FROM = 12
"""Lines from which a tool's result is folded."""
NARROW = 120
"""Lines of a prompt up to this length keep their breaks, in a fence; longer ones the reader wraps."""


def markdown(record: SessionRecord) -> str:
    """The whole session as one document; text from outside stays in its place and hides nothing."""
    story = story_of(record)
    blocks = [*_head(record, story)]
    if record.state.system:
        blocks += ["### system", fence(record.state.system)]
    for branch in story.branches:
        blocks += _branch(branch, story)
    if story.strays:
        blocks.append("## Requests whose messages are gone")
        for step in story.strays:
            blocks += _step(step, story)
    blocks += _costs(story)
    return "\n\n".join(blocks) + "\n"


def _head(record: SessionRecord, story: Story) -> Iterator[str]:
    yield f"# {plain(words.title_of(record))}"
    rows = [f"{words.when(record.info.created)}, session {code(record.info.id)}"]
    for model, endpoint, times in words.models_of(story):
        steps = "1 step" if times == 1 else f"{times:,} steps"
        rows.append(f"{code(model)} {'over ' + code(endpoint) if endpoint else '(imported)'}: {steps}")
    rows.append(f"{money(story.cost)} in all")
    if record.info.source:
        rows.append(f"imported from {plain(record.info.source)}")
    if len(story.branches) > 1:
        rows.append(f"{len(story.branches)} branches; the first is where the session stands")
    yield "\n".join(f"- {row}" for row in rows)


def _branch(branch: Branch, story: Story) -> Iterator[str]:
    if branch.number > 1:
        where = story.turn_of.get(branch.after or "")
        yield f"## Branch {branch.number}"
        yield f"*Goes on from {where}, in another way.*" if where else "*Begins anew.*"
    for turn in branch.turns:
        yield from _turn(turn, story)


def _turn(turn: Turn, story: Story) -> Iterator[str]:
    number = f"Turn {turn.number}" if turn.number is not None else "A turn without an answer"
    yield f"## {number}"
    if turn.prompt is not None:
        yield f"### you · {words.when(turn.prompt.at)}"
        yield from _prompt(turn.prompt)
        yield from _forks(turn.prompt.id, story)
    for step in turn.steps:
        yield from _step(step, story)


def _prompt(prompt: UserMessage) -> Iterator[str]:
    for part in prompt.parts:
        if not isinstance(part, Text):
            yield f"- attached: {plain(words.attachment_line(part))}"
        elif part.text.strip():
            lines = part.text.split("\n")
            keeps = len(lines) > 1 and max(map(len, lines)) <= NARROW
            yield fence(part.text, "text") if keeps else quote(prose(part.text))


def _forks(id: str, story: Story) -> Iterator[str]:
    if numbers := story.forks.get(id):
        told = ", ".join(f"branch {number}" for number in numbers)
        yield f"*Elsewhere it goes on from here as {told}.*"


def _step(step: Step, story: Story) -> Iterator[str]:
    message, exchange = step.message, step.exchange
    if step.is_asked:
        yield f"### {f'{step.aside} · ' if step.aside else ''}{code(step.model) or 'answer'}"
    if message is not None:
        yield from _answer(message, step)
    elif step.results is not None:
        for result in step.results.results:
            yield from _result(result)
    if exchange is not None and exchange.failure is not None:
        lines = words.failure_lines(exchange.failure)
        yield quote("\n".join([f"✗ **{plain(lines[0])}**", *(f"\n{plain(line)}" for line in lines[1:])]))
    if exchange is not None:
        for finding in exchange.findings:
            yield f"> ⚠ {plain(words.finding_line(finding))}"
    if step.is_asked:
        yield f"*{words.step_line(step)}*"
    for thing in (message, step.results):
        if thing is not None:
            yield from _forks(thing.id, story)


def _answer(message: AssistantMessage, step: Step) -> Iterator[str]:
    seconds = step.exchange.thinking_seconds if step.exchange else {}
    results = {result.call_id: result for result in step.results.results} if step.results else {}
    for index, part in enumerate(message.parts):
        cut = index in message.unfinished
        match part:
            case Text(text=text):
                if text.strip():
                    yield prose(text)
            case Reasoning(text=text):
                says = f"thinking · {words.thinking_line(part, seconds.get(index), cut)}"
                if text.strip():
                    yield from _folded(says, quote(prose(text)))
                else:
                    yield f"*{plain(says)}*"
            case ToolCall():
                result, facts = results.pop(part.id, None), step.calls.get(part.id)
                yield f"**tool** {code(part.name)} · {plain(words.call_line(result, facts, cut))}"
                yield fence(words.pretty_arguments(part), "json")
                if facts is not None and facts.diff:
                    yield fence(facts.diff, "diff")
                if result is not None:
                    yield from _result(result)
            case Foreign(label=label):
                yield f"*a block of kind* {code(label)}, *kept as it came*"
    for result in results.values():
        yield from _result(result)


def _result(result: ToolResult) -> Iterator[str]:
    for part in result.parts:
        if isinstance(part, Image | Document):
            yield f"- gave: {plain(words.attachment_line(part))}"
    text = result.text
    if not text:
        return
    shown = fence(text, "text")
    if shown.count("\n") > FOLDED_FROM:
        yield from _folded(f"result · {shown.count(chr(10)) - 1:,} lines", shown)
    else:
        yield shown
    if result.full is not None and len(result.full) > len(text):
        yield f"*The model was given {len(text):,} of {len(result.full):,} characters.*"


def _folded(says: str, body: str) -> Iterator[str]:
    yield f"<details><summary>{escape(visible(says))}</summary>"
    yield body
    yield "</details>"


def _costs(story: Story) -> Iterator[str]:
    yield "## Costs"
    rows = [
        "| turn | step | model | endpoint | in | cached | out | thinking | time | cost | from |",
        "|--:|--:|---|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for step in story.steps:
        exchange, usage = step.exchange, step.usage
        cells = (
            str(exchange.turn) if exchange else "",
            f"{exchange.step} {step.aside}".strip() if exchange else "",
            plain(step.model),
            words.endpoint_of(step),
            count(usage.input_total if usage else None),
            count(usage.cache_read if usage else None),
            count(usage.output if usage else None),
            count(usage.reasoning if usage else None),
            duration(exchange.seconds if exchange else None),
            money(step.cost),
            SOURCES[step.cost.source],
        )
        rows.append(f"| {' | '.join(cells)} |")
    rows.append(f"| | | **in all** | | | | | | | **{money(story.cost)}** | {SOURCES[story.cost.source]} |")
    yield "\n".join(rows)
