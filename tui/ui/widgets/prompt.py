"""The prompt: many lines, Enter sends, a paste never does; earlier prompts come back by the arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from tui.clean import clean
from tui.ui.keystrokes import QUIET_S, Burst
from tui.ui.widgets.completions import Completions


class Prompt(TextArea):
    """Where the user types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter", "newline", "New line", show=False, id="prompt.newline"),
        Binding("ctrl+underscore,ctrl+shift+z,super+z", "undo", "Undo", show=False, id="prompt.undo"),
        Binding("ctrl+y,super+y", "redo", "Redo", show=False, id="prompt.redo"),
        Binding("up", "up", "Earlier prompt", show=False),
        Binding("down", "down", "Later prompt", show=False),
        Binding("pageup", "screen.scroll_transcript(-1)", "Scroll up", show=False),
        Binding("pagedown", "screen.scroll_transcript(1)", "Scroll down", show=False),
        Binding("ctrl+d", "delete_or_quit", "Quit when empty", show=False, id="prompt.quit"),
    ]

    @dataclass
    class Submitted(Message):
        """Enter was pressed on a prompt; ``text`` is what goes out."""

        prompt: Prompt
        text: str

        @property
        def control(self) -> Prompt:
            """The prompt that sent this."""
            return self.prompt

    @dataclass
    class Recalled(Message):
        """Up was pressed on an empty prompt: a queued prompt may come back."""

        prompt: Prompt

    class QuitRequested(Message):
        """Ctrl+D was pressed on an empty prompt."""

    @dataclass
    class Dropped(Message):
        """Paths of files were pasted, as terminals do on a drop; ``text`` is as it came."""

        text: str
        paths: tuple[str, ...]

    @dataclass
    class FilePicked(Message):
        """A name was taken from the popup after ``@``."""

        name: str

    class ErasedNothing(Message):
        """Backspace was pressed on an empty prompt."""

    class EditRequested(Message):
        """Ctrl+X Ctrl+E: the person's own editor is wanted."""

    def __init__(self, history: list[str], popup: Completions, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            compact=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            placeholder="Ask something, or type / for commands",
        )
        self.cursor_blink = False
        self.history_prompts = history
        """Earlier prompts, oldest first."""
        self._popup = popup
        self._place: int | None = None
        self._kept = ""
        self._burst = Burst()
        self._settling: Timer | None = None
        self._chord = False
        """Whether the key before was Ctrl+X with nothing to cut."""

    @property
    def is_settling(self) -> bool:
        """Whether an Enter was pressed that may still turn out to be part of a paste."""
        return self._burst.waiting

    def put(self, text: str) -> None:
        """Replace the text, cursor at its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def remember(self, text: str) -> None:
        """Make ``text`` the newest of the earlier prompts."""
        if not self.history_prompts or self.history_prompts[-1] != text:
            self.history_prompts.append(text)
        self._place = None

    def _chorded(self, event: events.Key) -> bool:
        """Follow Ctrl+X Ctrl+E; with a selection Ctrl+X goes on cutting it."""
        begun, self._chord = self._chord, event.key == "ctrl+x" and self.selection.is_empty
        if begun and event.key == "ctrl+e":
            self.post_message(self.EditRequested())
        elif not self._chord:
            return False
        event.stop()
        event.prevent_default()
        return True

    async def _on_key(self, event: events.Key) -> None:
        if self._chorded(event):
            return
        if event.key == "backspace" and not self.text:
            self.post_message(self.ErasedNothing())
        if event.key != "enter":
            if self._burst.key(event.time):
                self.insert("\n")
            if not self._completing(event) and not await self._act(event):
                await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        judged = self._burst.enter(event.time)
        if judged == "wait":
            self._settling = self.set_timer(QUIET_S, self._settle)
        else:
            self.insert("\n" if judged == "newline" else "\n\n")

    async def _act(self, event: events.Key) -> bool:
        """Do what the prompt binds to the key at once: later, what was typed after it would come first."""
        if event.is_printable:
            return False
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or bound.node is not self or not bound.enabled:
            return False
        event.stop()
        event.prevent_default()
        await self.run_action(bound.binding.action)
        return True

    def _completing(self, event: events.Key) -> bool:
        """Let the popup have the key, if it is open and the key is one of its own."""
        popup = self._popup
        if not popup.open or event.key not in ("up", "down", "tab", "escape"):
            return False
        event.stop()
        event.prevent_default()
        if event.key == "up":
            popup.action_cursor_up()
        elif event.key == "down":
            popup.action_cursor_down()
        elif event.key == "escape":
            popup.close()
        elif popup.chosen is not None:
            self.complete(popup.chosen)
        return True

    @property
    def text_before_cursor(self) -> str:
        """What stands in the cursor's line before it."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def replace_before_cursor(self, count: int, text: str) -> None:
        """Put ``text`` in place of the last ``count`` characters before the cursor."""
        row, column = self.cursor_location
        self.replace(text, (row, column - count), (row, column))
        self.move_cursor((row, column - count + len(text)))

    def complete(self, name: str) -> None:
        """Take a slash name or a file's from the popup."""
        if self._popup.kind == "file":
            self.post_message(self.FilePicked(name))
            return
        self.put(f"/{name} ")
        self._popup.close()

    async def _on_paste(self, event: events.Paste) -> None:
        from tui.ui.file_names import dropped_files

        event.stop()
        event.prevent_default()
        if self._burst.pasted(event.time):
            self.insert("\n")
        if paths := dropped_files(event.text):
            self.post_message(self.Dropped(clean(event.text), paths))
            return
        result = self.replace(clean(event.text.replace("\r\n", "\n").replace("\r", "\n")), *self.selection)
        self.move_cursor(result.end_location)
        self.focus()

    def _settle(self) -> None:
        if not self._burst.settle():
            return
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if before.endswith("\\"):
            self.replace("\n", (row, column - 1), (row, column))
            return
        chosen = self._popup.chosen
        if chosen is not None and self._popup.kind == "file":
            self.complete(chosen)
            return
        self._popup.close()
        self.post_message(self.Submitted(self, f"/{chosen}" if chosen else self.text))

    def action_newline(self) -> None:
        """Start a new line at the cursor."""
        self.replace("\n", *self.selection)

    def action_delete_or_quit(self) -> None:
        """Delete to the right; on an empty prompt ask to quit."""
        if self.text:
            self.action_delete_right()
        else:
            self.post_message(self.QuitRequested())

    def action_up(self) -> None:
        """Up a line; from the first line to an earlier prompt."""
        if not self.text:
            self.post_message(self.Recalled(self))
        elif self.cursor_at_first_line and (self._recalled or self.cursor_at_start_of_text):
            self.show_earlier()
        else:
            self.action_cursor_up()

    def show_earlier(self) -> None:
        """Show the prompt before the one shown; the text typed is kept for the way back."""
        if self._place is None or not self._recalled:
            self._place, self._kept = len(self.history_prompts), self.text
        if self._place > 0:
            self._place -= 1
            self.put(self.history_prompts[self._place])

    @property
    def _recalled(self) -> bool:
        """Whether the text is an earlier prompt, unchanged."""
        place = self._place
        return place is not None and self.history_prompts[place : place + 1] == [self.text]

    def action_down(self) -> None:
        """Down a line; from the last line to a later prompt, at the end to the text typed."""
        if self._place is None or not self._recalled or not self.cursor_at_last_line:
            self.action_cursor_down()
            return
        self._place += 1
        if self._place >= len(self.history_prompts):
            self._place = None
            self.put(self._kept)
        else:
            self.put(self.history_prompts[self._place])


def sent_in(told: Iterable[Message]) -> Iterator[str]:
    """The texts that were sent, among what a prompt told."""
    return (message.text for message in told if isinstance(message, Prompt.Submitted))
