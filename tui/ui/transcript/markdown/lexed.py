"""Code as the lexer of its language reads it: pieces of text with what each of them is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
)
from pygments.util import ClassNotFound

_ROLES = (
    (Comment, "comment"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Function, "function"),
    (Name.Class, "function"),
    (Name.Decorator, "function"),
    (Name.Tag, "keyword"),
    (Name.Attribute, "function"),
    (Name.Builtin, "function"),
    (String, "string"),
    (Number, "number"),
    (Literal, "string"),
    (Operator, "operator"),
    (Punctuation, "operator"),
    (Generic.Inserted, "inserted"),
    (Generic.Deleted, "deleted"),
    (Generic.Heading, "keyword"),
    (Generic.Subheading, "function"),
)


class Lexed(NamedTuple):
    """A piece of code, read."""

    pieces: list[tuple[str | None, str]]
    """Role and text, which together are all of it; the role is a colour's name in a palette."""
    inside: bool
    """Whether it ends within a string or comment."""


@lru_cache(maxsize=64)
def reader_of(language: str) -> Callable[[str], Lexed | None] | None:
    """What reads code of a fence's language, built once; None for a language nobody knows.

    It gives None for a text that its lexer does not give back as it is.
    """
    try:
        return partial(_read, get_lexer_by_name(language, stripnl=False, ensurenl=False))
    except ClassNotFound:
        return None


def _read(lexer: Lexer, text: str) -> Lexed | None:
    tokens = list(lexer.get_tokens(text))
    if "".join(value for _, value in tokens) != text:
        # A lexer that loses or reorders text must not decide what is seen.
        return None
    last: Any = Token
    kind: Any
    for kind, value in reversed(tokens):
        if value.strip("\n") or kind in String:
            last = kind
            break
    pieces = [(_role(kind), value) for kind, value in tokens]
    return Lexed(pieces, last in String or last in Comment.Multiline)


@lru_cache(maxsize=512)
def _role(kind: Any) -> str | None:
    return next((role for parent, role in _ROLES if kind in parent), None)
