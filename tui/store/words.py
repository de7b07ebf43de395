"""What of a message can be found, and how texts are cut into the words that are compared.

Letters are compared without case and marks. Where writing has no blanks between words (Chinese,
Japanese, Thai ...) each character and each pair of neighbours is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.parts import Attachment, Reasoning, Text, ToolCall

VERSION = 1
"""Of everything here that decides what is in the index; another number builds it anew."""

_MOST = 200_000
"""Characters of a column that are indexed, and words of a query's beginning that are long enough for any."""
_LONGEST = 60
"""Characters of a word; what is longer is found by its beginning."""
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana and Han
)
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_])+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


class Searchable(NamedTuple):
    """The texts of a message by the columns of the index."""

    text: str
    thinking: str
    tools: str


def searchable(message: Message) -> Searchable:
    """What can be found of a message; never what attachments hold, only how they are called."""
    if isinstance(message, UserMessage):
        return Searchable(_joined(_said(part) for part in message.parts), "", "")
    if isinstance(message, AssistantMessage):
        text, thinking, tools = [], [], []
        for part in message.parts:
            match part:
                case Text(text=said):
                    text.append(said)
                case Reasoning(text=thought):
                    thinking.append(thought)
                case ToolCall(name=name, arguments=arguments):
                    tools.append(f"{name} {arguments}")
        return Searchable(_joined(text), _joined(thinking), _joined(tools))
    results = (
        result.full if result.full is not None else _joined(_said(part) for part in result.parts)
        for result in message.results
    )
    return Searchable("", "", _joined(results))


def indexed(columns: Searchable) -> tuple[str, str, str]:
    """The words of each column, a blank between them, each once."""
    text, thinking, tools = (" ".join(dict.fromkeys(words(column[:_MOST]))) for column in columns)
    return text, thinking, tools


def words(text: str) -> list[str]:
    """The words of a text, in their order."""
    if text.isascii():
        return [word[:_LONGEST] for word in _ASCII_WORD.findall(text.lower())]
    out: list[str] = []
    for word in _WORD.findall(folded(text)):
        if _IS_UNSPACED.match(word):
            out += word
            out += map("".join, pairwise(word))
        else:
            out.append(word[:_LONGEST])
    return out


def asked(text: str) -> list[str]:
    """The words of a query: as ``words``, but a run of unspaced writing is asked for by its pairs."""
    out: list[str] = []
    for word in _WORD.findall(folded(text)):
        if len(word) > 1 and _IS_UNSPACED.match(word):
            out += map("".join, pairwise(word))
        else:
            out.append(word[:_LONGEST])
    return list(dict.fromkeys(out))


def folded(text: str) -> str:
    """``text`` without case and marks."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    if any(map(unicodedata.combining, plain)):
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    # Lone surrogates are no text to SQLite.
    return plain.casefold().encode("utf-8", "replace").decode()


def _said(part: Text | Attachment) -> str:
    return part.text if isinstance(part, Text) else part.name


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(texts)
