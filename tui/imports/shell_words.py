"""The words of a shell's command line, as data: nothing is run, expanded or read from a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.imports.limits import MAX_SHELL, refused

_ENDS = frozenset({"\n", ";", "&", "|"})
_ANSI = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "E": "\x1b",
}
_CODE = re.compile(r"x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}")
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")
_PLAIN = re.compile(r"[^\\\"]+")
_PLAIN_ANSI = re.compile(r"[^\\']+")
_PLAIN_WORD = re.compile(r"[^\\\"'$ \t\n;&|]+")
"""Runs of characters that mean themselves, in double quotes, in ``$'…'`` and outside of quotes."""
_WINDOWS = re.compile(r"[^']*?\^(?:\n|\")")
"""Windows' shell has no single quotes: a caret behind one is a word's own."""
_CARET = re.compile(r"\^(\r?\n)?(.)", re.DOTALL)


def commands(text: str) -> Iterator[tuple[list[str], str | None]]:
    """Each command's words, and the here-document it is given; UsageError for a quote that is not closed."""
    if len(text) > MAX_SHELL:
        raise refused(f"command lines of more than {MAX_SHELL:,} characters are not read")
    text = text.replace("\r\n", "\n")
    if _WINDOWS.match(text):
        text = _without_carets(text)
    yield from _Words(text).commands()


def _without_carets(text: str) -> str:
    """A command line of Windows' shell without its escapes; what a browser copies for it."""
    return _CARET.sub(lambda found: " " if found[1] and found[2].isspace() else found[2], text)


class _Words:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._documents: list[str] = []

    def commands(self) -> Iterator[tuple[list[str], str | None]]:
        words: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in _ENDS:
                self._at += 1
                document = self._document() if char == "\n" else None
                if words and not (char != "\n" and self._documents):
                    yield words, document
                    words = []
            elif char in " \t":
                self._at += 1
            elif char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text.startswith("\\\n", self._at):
                self._at += 2
            elif heredoc := _HEREDOC.match(self._text, self._at):
                self._documents.append(heredoc[2])
                self._at = heredoc.end()
            else:
                words.append(self._word())
        if words:
            yield words, None

    def _document(self) -> str | None:
        """The here-document that begins on the line after its command."""
        if not self._documents:
            return None
        name, self._documents = self._documents[0], []
        end = re.compile(rf"^\t*{name}$", re.MULTILINE).search(self._text, self._at)
        if end is None:
            raise refused(f"the here-document {name} has no end")
        said, self._at = self._text[self._at : end.start()], end.end()
        return said

    def _word(self) -> str:
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if plain := _PLAIN_WORD.match(self._text, self._at):
                out.append(plain[0])
                self._at = plain.end()
                continue
            if char in " \t" or char in _ENDS:
                break
            if char == "'":
                out.append(self._until("'"))
            elif char == '"':
                out.append(self._double())
            elif self._text.startswith("$'", self._at):
                self._at += 1
                out.append(self._ansi())
            elif self._text.startswith('$"', self._at):
                self._at += 1
                out.append(self._double())
            elif char == "\\":
                after = self._text[self._at + 1 : self._at + 2]
                out.append("" if after == "\n" else after)
                self._at += 2
            else:
                out.append(char)
                self._at += 1
        return "".join(out)

    def _until(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise self._open()
        said, self._at = self._text[self._at + 1 : end], end + 1
        return said

    def _double(self) -> str:
        out: list[str] = []
        start, self._at = self._at, self._at + 1
        while self._at < len(self._text):
            if plain := _PLAIN.match(self._text, self._at):
                out.append(plain[0])
                self._at = plain.end()
                continue
            char = self._text[self._at]
            after = self._text[self._at + 1 : self._at + 2]
            self._at += 1
            if char == '"':
                return "".join(out)
            if char == "\\" and after and after in '"\\$`\n':
                out.append("" if after == "\n" else after)
                self._at += 1
            else:
                out.append(char)
        self._at = start
        raise self._open()

    def _ansi(self) -> str:
        out: list[str] = []
        start, self._at = self._at, self._at + 1
        while self._at < len(self._text):
            if plain := _PLAIN_ANSI.match(self._text, self._at):
                out.append(plain[0])
                self._at = plain.end()
                continue
            char = self._text[self._at]
            self._at += 1
            if char == "'":
                return _paired("".join(out))
            if char != "\\":
                out.append(char)
            elif code := _CODE.match(self._text, self._at):
                digits, base = (code[0][1:], 16) if code[0][0] in "xuU" else (code[0], 8)
                out.append(chr(min(int(digits, base), 0x10FFFF)))
                self._at = code.end()
            else:
                after = self._text[self._at : self._at + 1]
                out.append(_ANSI.get(after, after))
                self._at += 1
        self._at = start
        raise self._open()

    def _open(self) -> Exception:
        line = self._text.count("\n", 0, self._at) + 1
        return refused(f"a quote that is opened in line {line} is never closed")


def _paired(text: str) -> str:
    """Surrogates that a browser wrote one by one, as the characters they make."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
