"""The same chat with Textual's MarkdownStream: ``python -m benchmarks.floors.markdown_stream URL``."""

from __future__ import annotations

import gc
import sys
from typing import Any

from anthropic import AsyncAnthropic
from textual import on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown

from benchmarks.server import CLAUDE, KEY

READY = "Type here"


class MarkdownStreamApp(App[None]):
    """A prompt, and its answer above it as it comes."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = AsyncAnthropic(base_url=url, api_key=KEY)
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        """The answers, and the prompt below."""
        with VerticalScroll(id="answers"):
            yield Markdown("")
        prompt = Input(placeholder=READY)
        prompt.cursor_blink = False
        yield prompt

    def on_mount(self) -> None:
        """Follow the end; spare the collector the SDK's objects, as anyone would who measured."""
        self.query_one("#answers").anchor()
        self.query_one(Input).focus()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 100)

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.input.value = ""
        self.run_worker(self._answer(event.value))

    async def _answer(self, prompt: str) -> None:
        asked: Any = [{"role": "user", "content": prompt}]
        events = await self._client.messages.create(
            model=CLAUDE, max_tokens=8000, messages=asked, stream=True
        )
        stream = Markdown.get_stream(self.query_one(Markdown))
        async for event in events:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                await stream.write(event.delta.text)
        await stream.stop()


if __name__ == "__main__":
    MarkdownStreamApp(sys.argv[1]).run()
