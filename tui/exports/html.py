"""A session as one page: no script, nothing loaded from anywhere, readable on paper and on a phone; pure."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.figures import SOURCES, count, duration, money
from tui.chat.record import SessionRecord
from tui.exports import words
from tui.exports.html_parts import Parts
from tui.exports.html_style import POLICY, STYLE
from tui.exports.html_text import block, text
from tui.exports.story import Branch, Step, Story, Turn, story_of

LISTED = 70
"""Characters of a prompt in the list of prompts."""


def html(record: SessionRecord) -> str:
    """The whole session as a page of its own."""
    story = story_of(record)
    parts = Parts(story)
    pieces = [*_top(record)]
    pieces += _header(record, story)
    pieces += _contents(story, parts)
    pieces.append("<main>")
    if record.state.system:
        pieces.append('<section class="system"><h2>System prompt</h2>')
        pieces.append(
            f'<div class="prompt"><p class="plain">{block(record.state.system)}</p></div></section>'
        )
    pieces += parts.forks(None)
    for branch in story.branches:
        pieces += _branch(branch, story, parts)
    if story.strays:
        pieces.append('<section class="turn"><h2>Requests whose messages are gone</h2>')
        for step in story.strays:
            pieces += parts.step(step)
        pieces.append("</section>")
    pieces += _costs(story)
    pieces.append("</main><footer>Written by sightline; times are UTC.</footer></body></html>")
    return "\n".join(pieces) + "\n"


def _top(record: SessionRecord) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
    yield f"<title>{text(words.title_of(record))}</title>"
    yield f"<style>{STYLE}</style></head><body>"


def _header(record: SessionRecord, story: Story) -> Iterator[str]:
    turns = sum(turn.prompt is not None for branch in story.branches for turn in branch.turns)
    steps = sum(1 for step in story.steps if not step.aside)
    facts = [
        words.when(record.info.created),
        _counted(turns, "turn"),
        _counted(steps, "step"),
        money(story.cost),
    ]
    if len(story.branches) > 1:
        facts.append(f"{len(story.branches)} branches")
    if record.info.source:
        facts.append(f"imported from {record.info.source}")
    yield f'<header><p class="brand">sightline session</p><h1>{text(words.title_of(record))}</h1>'
    yield f'<p class="lead">{text(" · ".join(facts))}</p>'
    models = [
        f"<li><b>{text(model)}</b> {text(f'over {endpoint}' if endpoint else 'imported')}"
        f" · {_counted(times, 'step')}</li>"
        for model, endpoint, times in words.models_of(story)
    ]
    if models:
        yield f'<ul class="models">{"".join(models)}</ul>'
    yield "</header>"


def _contents(story: Story, parts: Parts) -> Iterator[str]:
    prompts = [turn.prompt for branch in story.branches for turn in branch.turns if turn.prompt is not None]
    yield "<nav>"
    if prompts:
        yield f"<details><summary>{_counted(len(prompts), 'prompt')}</summary><ol>"
        for prompt in prompts:
            says = text(" ".join(prompt.text[: 4 * LISTED].split())[:LISTED]) or "attachments alone"
            yield f'<li><a href="#{parts.anchor(prompt.id)}">{says}</a></li>'
        yield "</ol></details>"
    links = [f'<li><a href="#b{b.number}">branch {b.number}</a></li>' for b in story.branches[1:]]
    links.append('<li><a href="#costs">costs</a></li>')
    yield f'<ul class="links">{"".join(links)}</ul></nav>'


def _branch(branch: Branch, story: Story, parts: Parts) -> Iterator[str]:
    if branch.number > 1:
        yield f'<section class="branch" id="b{branch.number}"><h2>Branch {branch.number}</h2>'
        if branch.after in story.places:
            where = f'<a href="#{parts.anchor(branch.after or "")}">{story.turn_of[branch.after or ""]}</a>'
            yield f'<p class="note">Goes on from {where}, in another way.</p>'
        else:
            yield '<p class="note">Begins anew.</p>'
    for turn in branch.turns:
        yield from _turn(turn, parts)
    if branch.number > 1:
        yield "</section>"


def _turn(turn: Turn, parts: Parts) -> Iterator[str]:
    number = f"Turn {turn.number}" if turn.number is not None else "A turn without an answer"
    yield f'<section class="turn"><h2>{number}</h2>'
    if turn.prompt is not None:
        yield from parts.prompt(turn.prompt)
    for step in turn.steps:
        yield from parts.step(step)
    yield "</section>"


def _costs(story: Story) -> Iterator[str]:
    head = ("turn", "step", "model", "endpoint", "in", "cached", "out", "thinking", "time", "cost", "from")
    yield '<section id="costs"><h2>Costs</h2><div class="wide"><table><thead><tr>'
    yield "".join(f"<th{_side(place)}>{name}</th>" for place, name in enumerate(head))
    yield "</tr></thead><tbody>"
    for step in story.steps:
        yield _row(_cells(step))
    yield "</tbody><tfoot>"
    yield _row(("", "", "in all", *[""] * 6, money(story.cost), SOURCES[story.cost.source]))
    yield "</tfoot></table></div></section>"


def _cells(step: Step) -> tuple[str, ...]:
    exchange, usage = step.exchange, step.usage
    return (
        str(exchange.turn) if exchange else "",
        f"{exchange.step} {step.aside}".strip() if exchange else "",
        step.model,
        words.endpoint_of(step),
        count(usage.input_total if usage else None),
        count(usage.cache_read if usage else None),
        count(usage.output if usage else None),
        count(usage.reasoning if usage else None),
        duration(exchange.seconds if exchange else None),
        money(step.cost),
        SOURCES[step.cost.source],
    )


def _row(cells: tuple[str, ...]) -> str:
    inside = "".join(f"<td{_side(place)}>{text(cell)}</td>" for place, cell in enumerate(cells))
    return f"<tr>{inside}</tr>"


def _side(column: int) -> str:
    """Figures stand to the right."""
    return "" if column in (2, 3, 10) else ' class="right"'


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
