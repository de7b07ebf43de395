"""Reasoning: one line with its size, time and seal, and the words behind a gutter when unfolded."""

from __future__ import annotations

from tui.ui.transcript.blocks.figures import estimated_tokens, running, span
from tui.ui.transcript.blocks.plain import GUTTER, Plain
from tui.ui.transcript.line import FOLD, Hit, Line, Piece
from tui.ui.transcript.model import ThinkingBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap

FOLDED, UNFOLDED = "▸", "▾"


def thinking_lines(block: ThinkingBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a reasoning part."""
    rows = thinking_head(block, width, palette)
    if block.folded or not block.text.strip():
        return rows
    body = thinking_body(width, palette)
    tail = body.feed(block.text if block.live else block.text.rstrip("\n"))
    return [*rows, *body.closed, *tail]


def thinking_body(width: int, palette: Palette) -> Plain:
    """The growing rows below the head."""
    return Plain(width, palette.thinking, Piece(GUTTER, palette.marker, False))


def thinking_head(block: ThinkingBlock, width: int, palette: Palette) -> list[Line]:
    """The line that folds: ``▾ thinking ~412 tok · 3.1 s · ✓ sealed``."""
    arrow = (FOLDED if block.folded else UNFOLDED) if block.text.strip() else "▪"
    facts: list[Piece] = []
    tokens = block.tokens if block.tokens is not None else estimated_tokens(block.text)
    if tokens:
        sign = "~" if block.estimated or block.tokens is None else ""
        facts.append(Piece(f"{sign}{tokens:,} tok", palette.dim, False))
    if block.seconds is not None and (block.text or block.live):
        facts.append(Piece((running if block.live else span)(block.seconds), palette.dim, False))
    if block.live:
        facts.append(Piece("thinking…", palette.dim, False))
    elif block.badge:
        style = palette.ok if block.badge.startswith("✓") else palette.warning
        facts.append(Piece(block.badge, style, False))
    pieces = [Piece(f"{arrow} ", palette.marker, False), Piece("thinking", palette.thinking)]
    for number, fact in enumerate(facts):
        pieces += [Piece(" · " if number else "  ", palette.dim, False), fact]
    rows = wrap(pieces, width)
    for row in rows:
        row.hits = (Hit(0, width, FOLD),)
    return rows
