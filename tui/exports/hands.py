"""What may be done to each text of a session on its way out, by what kind of text it is."""

from __future__ import annotations

from typing import Protocol

from tui.chat.frame import Headers
from tui.chat.parts import Json


class Hand(Protocol):
    """Gives for each text the one that goes out; the same for the same text, wherever it stands."""

    def concerns(self, text: str) -> bool:
        """Whether anything in ``text``, JSON or not, might change; quick, and wrong on the safe side only."""
        ...

    def name(self, text: str) -> str:
        """A name, an id, a word of a format, an address, a name of a field."""
        ...

    def text(self, text: str) -> str:
        """What was said, by whomever."""
        ...

    def remark(self, text: str) -> str:
        """A sentence about the session: an error, a warning."""
        ...

    def arguments(self, text: str) -> str:
        """A tool's arguments as JSON text, whole or cut."""
        ...

    def field(self, name: str, text: str, /) -> str:
        """A text in a tool's arguments, under this name."""
        ...

    def argument_name(self, name: str) -> str:
        """The name of a field in a tool's arguments."""
        ...

    def seal(self, text: str) -> str:
        """A vendor's signature or cipher."""
        ...

    def media(self, text: str) -> str:
        """Base64 of an image, a document, a sound."""
        ...

    def headers(self, headers: Headers) -> Headers:
        """Headers of a request or an answer."""
        ...

    def number(self, number: Json) -> Json:
        """A number, a truth value or nothing."""
        ...
