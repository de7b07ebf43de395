"""Commands about files that go with a prompt: by path, from the clipboard, dropped, or picked after ``@``."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.widgets import TextArea
from textual.worker import Worker

from tui.chat.parts import Attachment
from tui.errors import SightlineError, UsageError
from tui.ui.beside import beside
from tui.ui.commands import parse_slash
from tui.ui.draft import write_private_data
from tui.ui.prompted import Attached, attach, attached_again
from tui.ui.screens.conversation import ConversationScreen
from tui.ui.widgets.chips import Chips
from tui.ui.widgets.prompt import Prompt


class Attaching(ConversationScreen):
    """Takes files to the prompt being written and away from it."""

    def action_attach(self, path: str = "") -> None:
        """Attach the file named; without a name let one be picked."""
        if path:
            beside(self, partial(self._take_files, [path], dropped=""), "attach")
            return
        self.prompt.focus()
        before = self.prompt.text_before_cursor
        self.prompt.insert("@" if not before or before[-1].isspace() else " @")

    def action_paste_image(self, _: str = "") -> None:
        """Attach the picture on the clipboard."""
        beside(self, self._paste_image, "attach")

    async def _paste_image(self) -> bool:
        from tui.attachments.clipboard import clipboard_image

        try:
            found = await asyncio.to_thread(clipboard_image)
            files = [await asyncio.to_thread(self._kept, attachment) for attachment in found]
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
        except OSError as error:
            self.app.say(f"The picture cannot be kept: {error}", warning=True)
        else:
            self._add(files)
            return True
        return False

    def _kept(self, attachment: Attachment) -> Attached:
        """What came from the clipboard, in a file, so that a draft finds it again."""
        if self.home.is_temporary:
            # Such a conversation leaves no file behind.
            return attached_again(attachment, None)
        digest = hashlib.sha256(attachment.data.encode()).hexdigest()[:12]
        path = self.deps.data_dir / "pasted" / f"{digest}-{Path(attachment.name).name or 'picture'}"
        write_private_data(path, attachment)
        return attach(str(path), path.parent)

    @on(Prompt.Dropped)
    def _dropped(self, event: Prompt.Dropped) -> None:
        beside(self, partial(self._take_files, event.paths, dropped=event.text), "attach")

    async def _take_files(self, paths: Sequence[str], *, dropped: str) -> bool:
        """Attach files; where that fails what was dropped is text after all. Returns whether it went well."""
        try:
            files = [await asyncio.to_thread(attach, path, Path.cwd()) for path in paths]
        except UsageError as error:
            if dropped:
                self.prompt.insert(dropped)
            self.app.say(f"Not attached: {error.what}\n{error.hint}".strip(), warning=True)
        else:
            self._add(files)
            return True
        return False

    def submit(self, text: str) -> None:
        """Send ``text`` with its files; one that is still read is waited for, without it nothing goes."""
        being_read = [
            worker
            for worker in self.workers
            if worker.node is self and worker.group == "attach" and not worker.is_finished
        ]
        if being_read and parse_slash(text) is None:
            beside(self, partial(self._submit_after, being_read), "submit", exclusive=True)
        else:
            super().submit(text)

    async def _submit_after(self, being_read: Sequence[Worker[Any]]) -> None:
        await self.workers.wait_for_complete(being_read)
        if all(worker.result for worker in being_read):
            super().submit(self.prompt.text)

    def _add(self, files: Sequence[Attached]) -> None:
        from tui.attachments.facts import describe

        self.chips.attached = (*self.chips.attached, *files)
        self.save_soon()
        route = self.route
        for file in files:
            kind = describe(file.attachment).kind
            taken = {"image": route.accepts.vision, "pdf": route.accepts.pdf}.get(kind) if route else None
            if route and taken is False:
                what = "images" if kind == "image" else "PDF files"
                self.app.say(
                    f"{route.requested} takes no {what}: {self.pick_key} chooses another.", warning=True
                )

    @on(Chips.Removed)
    def _removed(self, event: Chips.Removed) -> None:
        attached = self.chips.attached
        self.chips.attached = (*attached[: event.index], *attached[event.index + 1 :])
        self.save_soon()

    @on(Prompt.ErasedNothing)
    def _erased_nothing(self) -> None:
        if self.chips.attached:
            self.chips.attached = self.chips.attached[:-1]
            self.save_soon()

    # The picker after @

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        from tui.ui.file_names import file_query

        if event.text_area is not self.prompt:
            return
        query = file_query(self.prompt.text_before_cursor)
        if query is not None:
            beside(self, partial(self._offer_files, query), "files", exclusive=True)
        elif self.completions.kind == "file":
            self.completions.close()

    async def _offer_files(self, query: str) -> None:
        from tui.ui.file_names import file_names, file_query

        names = await asyncio.to_thread(file_names, query, Path.cwd())
        if file_query(self.prompt.text_before_cursor) == query:
            self.completions.offer_files(names)

    @on(Prompt.FilePicked)
    def _file_picked(self, event: Prompt.FilePicked) -> None:
        from tui.ui.file_names import file_query

        query = file_query(self.prompt.text_before_cursor)
        if query is None:
            return
        if event.name.endswith("/"):
            self.prompt.replace_before_cursor(len(query), event.name)
            return
        self.prompt.replace_before_cursor(len(query) + 1, f"{Path(event.name).name} ")
        self.completions.close()
        beside(self, partial(self._take_files, [event.name], dropped=""), "attach")
