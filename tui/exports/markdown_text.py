"""Foreign text inside a Markdown document: it stays as it is, and in its place; pure.

What is shown as Markdown is checked by parsing it: no raw HTML, no picture that would be fetched, no
heading above its rank, nothing open at its end. What cannot be shown so stands in a fence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tui.clean import clean, visible

LONGEST = 100_000
"""Characters that are read as Markdown; a longer text stands in a fence."""
RANK = 4
"""The highest heading inside an answer; those above it are ours."""
_MARKS = re.compile(r"[\\`*_\[\]<>&|~#!$^=]")
_AT_START = re.compile(r"^(\s*\d*)([-+:.)])")
_TICKS = re.compile(r"`+")
_ATX = re.compile(r"^((?:\s|>)*)(#{1,6})(?=\s|$)")
_LEAD = re.compile(r"(?:\s|>)*")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_END = "\u2404END\u2404"
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:.|\n)+?(?<!`)\1(?!`)")


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    line = _MARKS.sub(r"\\\g<0>", visible(text))
    return _AT_START.sub(r"\1\\\2", line)


def code(text: str) -> str:
    """Text on one line as a code span; empty for none."""
    line = visible(text)
    if not line.strip():
        return plain(line)
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fence(text: str, language: str = "") -> str:
    """Text in a fence longer than any in it."""
    body = clean(text)
    ticks = "`" * max(3, _longest_run(body) + 1)
    end = "" if body.endswith("\n") or not body else "\n"
    return f"{ticks}{language}\n{body}{end}{ticks}"


def quote(text: str) -> str:
    """A block with a quotation mark before every line."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def prose(text: str) -> str:
    """An answer as the Markdown it is, word for word; in a fence where that could leave its place."""
    body = clean(text).strip("\n")
    if not body.strip():
        return ""
    if len(body) > LONGEST:
        return fence(body, "markdown")
    for way in (str, _escaped):
        shown = _in_its_place(way(body))
        if shown is not None:
            return shown
    return fence(body, "markdown")


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _escaped(text: str) -> str:
    """With what would be HTML or a picture shown as written, except inside code."""
    lines = text.split("\n")
    inside = [False] * len(lines)
    for token in _parser().parse(text):
        if token.type in ("fence", "code_block") and token.map:
            inside[token.map[0] : token.map[1]] = [True] * (token.map[1] - token.map[0])
    out: list[str] = []
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and inside[end] == inside[start]:
            end += 1
        piece = "\n".join(lines[start:end])
        out.append(piece if inside[start] else _escape_outside_spans(piece))
        start = end
    return "\n".join(out)


def _escape_outside_spans(text: str) -> str:
    out, at = [], 0
    for span in _CODE_SPAN.finditer(text):
        out += [_escape(text[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*out, _escape(text[at:])])


def _escape(text: str) -> str:
    return re.sub(r"(?<!\\)(<(?=[A-Za-z/!?])|!(?=\[))", r"\\\1", text)


def _in_its_place(text: str) -> str | None:
    """The text with its headings lowered; None where a reader would not show all of it, or not there."""
    tokens, env = _parsed(text)
    if not _stays(tokens, env, 1):
        return None
    headings = [token for token in tokens if token.type == "heading_open"]
    if not headings:
        return text
    lowered = _lowered(text.split("\n"), headings)
    return lowered if lowered is not None and _stays(*_parsed(lowered), RANK) else None


def _lowered(lines: list[str], headings: list[Token]) -> str | None:
    """The lines with these headings at ``RANK`` or below; None where one is written in a way of its own."""
    for token in headings:
        first, end = token.map or (0, 0)
        marks = "#" * min(6, int(token.tag[1]) + RANK - 1)
        if token.markup.startswith("#") and _ATX.match(lines[first]):
            lines[first] = _ATX.sub(rf"\g<1>{marks}", lines[first], count=1)
        elif end - first == 2 and (lead := _LEAD.match(lines[first])):
            # Underlined: it becomes one of the other kind, and the line below it empty.
            lines[first] = f"{lead[0]}{marks} {lines[first][lead.end() :]}"
            lines[first + 1] = lead[0].rstrip()
        else:
            return None
    return "\n".join(lines)


def _parsed(text: str) -> tuple[list[Token], Mapping[str, object]]:
    env: dict[str, object] = {}
    return _parser().parse(f"{text}\n\n{_END}", env), env


def _stays(tokens: list[Token], env: Mapping[str, object], rank: int) -> bool:
    """Whether a reader shows all of it, fetches nothing, and is where it was at the end; no heading above."""
    ends = tokens[-3:]
    closed = [t.type for t in ends] == ["paragraph_open", "inline", "paragraph_close"]
    if not closed or ends[0].level or ends[1].content != _END or env.get("references"):
        return False
    return all(_harmless(token, rank) for token in tokens)


def _harmless(token: Token, rank: int) -> bool:
    if token.type in ("html_block", "html_inline", "image"):
        return False
    if token.type == "heading_open" and int(token.tag[1]) < rank:
        return False
    if token.type == "link_open" and not _SAFE_LINK.match(str(token.attrs.get("href", ""))):
        return False
    if token.type in ("text", "text_special") and clean(token.content) != token.content:
        return False  # written as an entity
    if token.type == "fence" and clean(token.info) != token.info:
        return False
    return all(_harmless(child, rank) for child in token.children or ())


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """The plain rules with tables; HTML is read as such and every link as one, so that they are found."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.validateLink = bool  # type: ignore[method-assign,assignment]
    return parser
