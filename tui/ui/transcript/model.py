"""What the transcript shows, as plain values: one class for each kind of block, text already clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from tui.chat.parts import Image
from tui.ui.transcript.packed import packable

if TYPE_CHECKING:
    from tui.attachments import Pixels
    from tui.ui.transcript.line import Line
    from tui.ui.transcript.palette import Palette

ToolState = Literal[
    "arguments", "written", "approval", "running", "ok", "error", "refused", "stopped", "not run"
]
"""``written``: the call is complete and nothing has happened to it yet."""
NoticeLevel = Literal["info", "warning", "error"]


class Fork(NamedTuple):
    """Which of several messages at one place of the session is shown; counts from 1."""

    place: int
    of: int


@packable("text")
@dataclass(slots=True)
class UserBlock:
    """A prompt; ``at`` is the time of day as shown."""

    key: str
    text: str
    at: str = ""
    group: str = ""
    fork: Fork | None = None


@dataclass(slots=True)
class MediaBlock:
    """An attachment of a prompt: ``text`` names it; an image may be drawn below."""

    key: str
    text: str
    image: Image | None = field(default=None, repr=False)
    """What is drawn; None for documents."""
    pixels: tuple[int, int] | None = None
    """Width and height of the image; None where its header does not tell."""
    copy: Pixels | None = field(default=None, repr=False)
    """The image small enough for the screen, once it is decoded."""
    drawable: bool = False
    """Whether the terminal can show it, and it can be decoded."""
    asked: bool = False
    """Whether somebody decodes it."""
    folded: bool = False
    group: str = ""

    @property
    def draws(self) -> bool:
        """Whether there is a picture to unfold."""
        return self.drawable and self.image is not None and self.pixels is not None

    @property
    def wants_copy(self) -> bool:
        """Whether the picture is shown and nobody decodes it yet."""
        return self.draws and not self.folded and self.copy is None and not self.asked


@packable("text")
@dataclass(slots=True)
class TextBlock:
    """An answer's text in Markdown."""

    key: str
    text: str = ""
    group: str = ""
    note: str = ""
    """Said beneath a text that was cut."""


@packable("text")
@dataclass(slots=True)
class ThinkingBlock:
    """Reasoning; ``badge`` says what became of its seal, ``tokens`` are an estimate when ``estimated``."""

    key: str
    text: str = ""
    badge: str = ""
    tokens: int | None = None
    estimated: bool = True
    seconds: float | None = None
    live: bool = False
    folded: bool = False
    group: str = ""


@packable("arguments", "result", "diff", "full")
@dataclass(slots=True)
class ToolBlock:
    """A tool call with what became of it."""

    key: str
    name: str
    arguments: str = ""
    state: ToolState = "arguments"
    seconds: float | None = None
    result: str | None = None
    size: int | None = None
    """Bytes of the result."""
    note: str = ""
    """How the call was approved, or why not."""
    diff: str = ""
    """What the call would change or changed, where the tool told."""
    full: str | None = field(default=None, repr=False)
    """Everything the tool said, as it came, where the result is only a piece of it."""
    full_size: int | None = None
    """Bytes of ``full``."""
    folded: bool = True
    group: str = ""

    def keep(self, full: str | None) -> None:
        """Take everything the tool said, as it came; it may be megabytes."""
        self.full = full
        self.full_size = None if full is None else len(full.encode("utf-8", "replace"))


@dataclass(slots=True)
class FooterBlock:
    """The quiet line below a step."""

    key: str
    text: str
    group: str = ""
    fork: Fork | None = None


@dataclass(slots=True)
class NoticeBlock:
    """A remark about the turn."""

    key: str
    text: str
    level: NoticeLevel = "info"
    hint: str = ""
    group: str = ""


@dataclass(slots=True)
class CardBlock:
    """A failure: what failed, in which layer, the vendor's own sentence, what to do, and keys to do it."""

    key: str
    title: str
    what: str = ""
    vendor_message: str = ""
    hint: str = ""
    layer: str = ""
    status: int | None = None
    actions: tuple[tuple[str, str], ...] = field(default=())
    """(key, label) of each action."""
    group: str = ""
    exchange: str = ""
    """The id of the request that failed; empty where none was made."""


@dataclass(slots=True)
class DrawnBlock:
    """Rows that draw themselves, such as a stretch of source or a row of a table."""

    key: str
    draw: Callable[[int, Palette], list[Line]]
    rows: Callable[[int], int]
    """How many rows there will be at a width, without drawing them."""
    text: str = ""
    """What is copied of it."""
    gap: int = 0
    """Empty rows above it."""
    group: str = ""


Block: TypeAlias = (
    UserBlock
    | MediaBlock
    | TextBlock
    | ThinkingBlock
    | ToolBlock
    | FooterBlock
    | NoticeBlock
    | CardBlock
    | DrawnBlock
)
