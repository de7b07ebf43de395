"""How blocks come into the transcript: whole, part by part while they stream, or a session at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from textual.timer import Timer

from tui.chat.events import PartKind
from tui.chat.parts import AssistantPart, ToolResult
from tui.clean import clean, visible
from tui.ui.transcript import told
from tui.ui.transcript.blocks import is_foldable
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import (
    Block,
    FooterBlock,
    MediaBlock,
    NoticeLevel,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    ToolState,
    UserBlock,
)
from tui.ui.transcript.page import Laid
from tui.ui.transcript.pane import Pane
from tui.ui.transcript.stream import Coalescer

PULSE = 0.25
"""Seconds between two looks at the clock while something runs."""


@dataclass(slots=True)
class _Live:
    """Something whose seconds are counted on the screen."""

    index: int
    since: float


class Feed(Pane):
    """The pane with the calls that add and change blocks; texts need not be clean."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clock=clock, id=id, classes=classes)
        self.thinking_folded = False
        """Whether new reasoning is shown folded."""
        self.tools_folded = True
        """Whether new tool calls are shown folded."""
        self._indexes: dict[str, int] = {}
        self._coalescer = Coalescer()
        self._live: dict[str, _Live] = {}
        self._open: set[str] = set()
        self._frame_timer: Timer | None = None
        self._pulse_timer: Timer | None = None
        self._turn_runs = False

    # Blocks as a whole

    def index_of(self, key: str) -> int | None:
        """Where the block with this key stands."""
        return self._indexes.get(key)

    def add(self, *blocks: Block) -> None:
        """Append blocks whose texts are clean."""
        first = self.page.total
        for index, block in enumerate(blocks, len(self.page)):
            self._indexes[block.key] = index
        self.page.extend(blocks)
        self.update_rows(first)

    def add_user(self, key: str, text: str, at_label: str = "") -> None:
        """Append a prompt."""
        self.add(UserBlock(key, clean(text), visible(at_label), group=key))

    def footer(self, key: str, text: str, *, group: str = "") -> None:
        """Append a step's quiet line."""
        self.add(FooterBlock(key, visible(text), group=group))

    def notice(self, text: str, *, level: NoticeLevel = "info", hint: str = "", key: str = "") -> None:
        """Append a remark."""
        self.add(told.notice_block(key or f"notice-{len(self.page)}", text, level=level, hint=hint))

    def card(self, key: str, title: str, *facts: Any, **values: Any) -> None:
        """Append a failure with the keys that help, as ``told.card_block`` has them."""
        self.add(told.card_block(key, title, *facts, **values))

    def replace(self, block: Block) -> None:
        """Put a block in the place of the one with its key."""
        index = self._indexes.get(block.key)
        if index is not None:
            self.page.entries[index].block = block
            self._changed(index)

    def put(self, laid: Laid) -> None:
        """Replace everything by blocks (texts clean) that were laid out, maybe for the width of before."""
        old = self.page.entries[:]
        self.clear()
        self.page.take(laid, old)
        self._indexes = laid.indexes
        self.update_rows(0)

    def load(self, blocks: Iterable[Block]) -> None:
        """Replace everything by the blocks of a session (texts clean) and show its end."""
        self.clear()
        self.add(*blocks)
        self.jump_to_end()

    def clear(self) -> None:
        """Remove everything."""
        self._coalescer.clear()
        self._indexes.clear()
        self._live.clear()
        self._open.clear()
        self.page.cut(0)
        self.cursor, self.selected = None, None
        self.following = True
        self.update_rows(0)
        self.refresh()

    def _cut(self, length: int) -> None:
        """Keep only the first ``length`` blocks."""
        for entry in self.page.entries[length:]:
            key = entry.block.key
            self._coalescer.take_all(key)
            self._indexes.pop(key, None)
            self._live.pop(key, None)
            self._open.discard(key)
        self.page.cut(length)
        if self.cursor is not None and self.cursor >= length:
            self.cursor = None
        self.selected = None
        self.update_rows(self.page.total)

    # Parts that stream

    def set_running(self, running: bool) -> None:
        """Say that a turn runs: until it ends, the virtual size grows in jumps."""
        self._turn_runs = running
        self._set_growing()

    def start_part(self, key: str, kind: PartKind, label: str = "", *, group: str = "") -> None:
        """Open a part; ``label`` is the tool's name or the foreign block's type."""
        folded = {"thinking_folded": self.thinking_folded, "tools_folded": self.tools_folded}
        block = told.new_part(key, kind, label, group, **folded)
        if isinstance(block, ThinkingBlock):
            block.live = True
            self._live[key] = _Live(len(self.page), self.clock())
        self.add(block)
        self.page.entries[-1].open = True
        self.page.entries[-1].lines = None
        self._open.add(key)
        self._set_growing()
        self._pulse()

    def append(self, key: str, text: str) -> None:
        """Add text to an open part; it is drawn with the next frame."""
        if key in self._indexes and text:
            # Cleaned with its frame: by the law of ``clean`` any cut will do, and each call costs as much.
            self._coalescer.push(key, text)
            if self._frame_timer is None:
                self._schedule()

    def finish_part(self, key: str, part: AssistantPart | None = None, *, note: str = "") -> None:
        """Close a part in its final form; without one, it was cut and ``note`` may say so."""
        index = self._indexes.get(key)
        if index is None:
            return
        waiting = clean(self._coalescer.take_all(key))
        if waiting:
            self._grow_block(index, waiting)
        self._open.discard(key)
        live = self._live.pop(key, None)
        entry = self.page.entries[index]
        block = entry.block
        anew = told.close_part(block, part, note)
        if isinstance(block, ThinkingBlock) and live:
            block.seconds = self.clock() - live.since
        self.page.close(index, rendered_anew=anew)
        self.update_rows(self.page.heights.offset(index))
        self._set_growing()

    def update_thinking(self, key: str, **values: Any) -> None:
        """Change ``badge``, ``tokens``, ``estimated`` or ``seconds`` of a reasoning block."""
        index = self._indexes.get(key)
        if index is None:
            return
        block = self.page.entries[index].block
        if isinstance(block, ThinkingBlock):
            for name, value in values.items():
                setattr(block, name, visible(value) if isinstance(value, str) else value)
            self._changed(index)

    def tool_state(self, key: str, state: ToolState, *facts: Any, **values: Any) -> None:
        """A tool call waits, runs or has ended; the rest as ``told.set_tool`` has it."""

        def change(block: ToolBlock, index: int) -> None:
            if state == "running":
                self._live[key] = _Live(index, self.clock())
            told.set_tool(block, state, *facts, **values)

        self._change_tool(key, change)

    def tool_ended(self, key: str, result: ToolResult, seconds: float, *, ran: bool, refused: bool) -> None:
        """A call has its result, whether it ``ran`` or was ``refused``."""
        self._change_tool(
            key, lambda block, _: told.end_tool(block, result, seconds, ran=ran, refused=refused)
        )

    def _change_tool(self, key: str, change: Callable[[ToolBlock, int], None]) -> None:
        index = self._indexes.get(key)
        block = None if index is None else self.page.entries[index].block
        if index is None or not isinstance(block, ToolBlock):
            return
        self._live.pop(key, None)
        change(block, index)
        self._changed(index)
        self._pulse()

    def set_waiting(self, text: str | None) -> None:
        """Show what is waited for below everything; None takes it away."""
        before = self.rows
        self.status_line = (
            None if text is None else Line((Piece(visible(text), self.page.palette.dim, False),))
        )
        self.update_rows(min(before, self.rows) - 2)

    # Folding

    def fold(self, index: int) -> None:
        """Fold or unfold one block, its first row staying where it is."""
        block = self.page.entries[index].block
        if isinstance(block, ThinkingBlock | ToolBlock | MediaBlock) and is_foldable(block):
            block.folded = not block.folded
            self._refold([index])

    def toggle_thinking(self) -> None:
        """Fold all reasoning, or unfold it if it is folded."""
        self.thinking_folded = not self.thinking_folded
        self._fold_all(ThinkingBlock, self.thinking_folded)

    def toggle_tools(self) -> None:
        """Fold all tool calls, or unfold them if they are folded."""
        self.tools_folded = not self.tools_folded
        self._fold_all(ToolBlock, self.tools_folded)

    def _fold_all(self, kind: type[ThinkingBlock | ToolBlock], folded: bool) -> None:
        indexes = []
        for index, entry in enumerate(self.page.entries):
            if isinstance(entry.block, kind) and entry.block.folded != folded:
                entry.block.folded = folded
                indexes.append(index)
        self._refold(indexes)

    def _refold(self, indexes: list[int]) -> None:
        at_end = self.following and self.rows > self.window
        anchor = None if at_end or not len(self.page) else self.page.heights.find(self.top)
        if anchor is not None:
            index, within = anchor
        first, end = self._shown()
        for changed in indexes:
            # Hundreds are rendered that left the screen: to do that again would hold it up.
            self.page.refold(changed, shown=first <= changed < end)
        if anchor is not None:
            within = min(within, max(0, self.page.heights[index] - 1))
            self.move_to(self.page.heights.offset(index) + within)
        self.update_rows()
        self.refresh()

    def _shown(self) -> tuple[int, int]:
        """The first block on the screen, and the one behind the last."""
        if not len(self.page):
            return 0, 0
        last = min(len(self.page) - 1, self.page.heights.find(self.top + self.window - 1)[0])
        return self.page.heights.find(self.top)[0], last + 1

    # Frames

    def _changed(self, index: int) -> None:
        if self.page.changed(index) is not None:
            self.update_rows(self.page.heights.offset(index))
        else:
            self.update_rows()

    def _grow_block(self, index: int, text: str) -> int | None:
        """Let a block grow; returns the first changed row of the page."""
        block = self.page.entries[index].block

        def add(more: str) -> None:
            if isinstance(block, ToolBlock):
                block.arguments += more
            elif isinstance(block, TextBlock | ThinkingBlock):
                block.text += more

        changed = self.page.feed(index, text, add)
        if changed is None:
            return None
        return self.page.heights.offset(index) + self.page.entries[index].gap + changed

    def _schedule(self) -> None:
        if self._frame_timer is None and self.is_attached:
            delay = self._coalescer.delay(time.monotonic())
            self._frame_timer = self.set_timer(max(delay, 0.001), self._frame)

    def _frame(self) -> None:
        self._frame_timer = None
        # Frames keep to real time, whatever clock the screen shows.
        began = time.monotonic()
        firsts = []
        for key, text in self._coalescer.take():
            index = self._indexes.get(key)
            first = None if index is None else self._grow_block(index, clean(text))
            if first is not None:
                firsts.append(first)
        self.update_rows(min(firsts) if firsts else None)
        ended = time.monotonic()
        self._coalescer.worked(ended, ended - began)
        if self._coalescer.backlog:
            self._schedule()

    @property
    def backlog(self) -> int:
        """Characters that arrived and are not drawn yet."""
        return self._coalescer.backlog

    def _set_growing(self) -> None:
        growing = self._turn_runs or bool(self._open)
        if growing != self.growing:
            self.growing = growing
            self.update_rows()

    def _pulse(self) -> None:
        if self._live and self._pulse_timer is None and self.is_attached:
            self._pulse_timer = self.set_timer(PULSE, self._beat)

    def _beat(self) -> None:
        """Bring the seconds of what runs up to date."""
        self._pulse_timer = None
        for live in self._live.values():
            block = self.page.entries[live.index].block
            if isinstance(block, ThinkingBlock | ToolBlock):
                block.seconds = self.clock() - live.since
                before = self.page.heights[live.index]
                known = self.page.entries[live.index].lines is not None
                self.page.changed(live.index)
                first = self.page.heights.offset(live.index)
                if before != self.page.heights[live.index]:
                    self.update_rows(first)
                elif known:
                    self.repaint_rows(first, self.page.entries[live.index].gap + 1)
        self._pulse()
