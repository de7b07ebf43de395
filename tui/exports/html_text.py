"""Foreign text as HTML: escaped, or rendered from Markdown by rules that let no tag of its own in; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from tui.clean import clean, visible

LONGEST = 100_000
"""Characters that are read as Markdown, or coloured as code; a longer text is shown as it is."""
CLASSES = ("k", "s", "c", "m", "nf", "nc", "nd", "nt", "na", "nb", "gi", "gd", "gh", "gu")
"""Beginnings of pygments' class names that are coloured."""
_SAFE_LINK = re.compile(r"https?://[^\s]|mailto:[^\s]", re.IGNORECASE)
_RANK = 3
"""Added to the rank of headings in an answer, for those above are ours."""


def text(value: str) -> str:
    """Text on one line, escaped; nothing hidden in it is left out."""
    return escape(visible(value))


def block(value: str) -> str:
    """Text of many lines, escaped, for where white space counts."""
    return escape(clean(value))


def rendered(value: str) -> str:
    """Markdown as HTML; links lead only where a browser goes without harm, pictures are never fetched."""
    body = clean(value)
    if len(body) > LONGEST:
        return f'<pre class="text">{escape(body)}</pre>'
    return str(_parser().render(body))


def coloured(value: str, language: str) -> str:
    """Code, escaped, in spans with the classes of its tokens where the language is known."""
    body = clean(value)
    if len(body) <= LONGEST and language:
        spans = _spans(body, language.lower()[:40])
        if spans is not None:
            return spans
    return escape(body)


def _spans(body: str, language: str) -> str | None:
    lexer = _lexer(language)
    if lexer is None:
        return None
    out: list[str] = []
    for kind, piece in lexer.get_tokens(body):
        name = _class_of(kind)
        out.append(
            f'<span class="{name}">{escape(piece)}</span>' if name and piece.strip() else escape(piece)
        )
    return "".join(out)


@lru_cache(maxsize=512)
def _class_of(kind: Any) -> str:
    """The class of a token the style sheet has a colour for; most have none, and no span."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return next((known for known in CLASSES if name.startswith(known)), "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _fence(token: Token) -> str:
    info = token.info.strip()
    named = f'<span class="language">{text(info)}</span>' if info else ""
    inside = coloured(token.content, info.partition(" ")[0])
    return f'<div class="code">{named}<pre><code>{inside}</code></pre></div>\n'


def _image(token: Token) -> str:
    """A picture somewhere else is told, not shown: to fetch it would tell its owner who reads."""
    source = str(token.attrs.get("src", ""))
    return f'<span class="elsewhere">picture “{text(token.content)}” at {text(source)}, not loaded</span>'


def _target(token: Token) -> str | None:
    """Where a link leads; None where that is neither the web nor a mailbox."""
    target = clean(str(token.attrs.get("href", "")))
    return target if _SAFE_LINK.match(target) else None


def _link(token: Token) -> str:
    target = _target(token)
    if target is None:
        return '<span class="elsewhere">'
    return f'<a href="{escape(target)}" rel="noopener noreferrer nofollow">'


def _ordered(token: Token) -> str:
    start = token.attrs.get("start")
    return f'<ol start="{int(start)}">\n' if start is not None else "<ol>\n"


def _rank(token: Token) -> int:
    return min(6, int(token.tag[1]) + _RANK)


def _cell(token: Token) -> str:
    # A class, not the style Markdown's renderer writes: the page allows no style but its own.
    aligned = {"text-align:right": ' class="right"', "text-align:center": ' class="center"'}
    return f"<{token.tag}{aligned.get(str(token.attrs.get('style', '')), '')}>"


_RULES: Mapping[str, Callable[[Token], str]] = {
    "fence": _fence,
    "code_block": lambda token: f'<div class="code"><pre><code>{block(token.content)}</code></pre></div>\n',
    "code_inline": lambda token: f"<code>{block(token.content)}</code>",
    # An entity may stand for what hides, so it is cleaned once more.
    "text": lambda token: block(token.content),
    "image": _image,
    "link_open": _link,
    "heading_open": lambda token: f"<h{_rank(token)}>",
    "heading_close": lambda token: f"</h{_rank(token)}>\n",
    "ordered_list_open": _ordered,
    "table_open": lambda _: '<div class="wide"><table>\n',
    "table_close": lambda _: "</table></div>\n",
    "th_open": _cell,
    "td_open": _cell,
}
"""What a token becomes, where Markdown's own renderer would write anything but a bare tag."""


class _Renderer(RendererHTML):
    """Markdown's renderer with our rules."""

    def __init__(self, parser: Any = None) -> None:
        super().__init__(parser)
        ours: dict[str, Any] = {name: _adapted(rule) for name, rule in _RULES.items()}
        ours["link_close"] = _link_end
        self.rules = {**self.rules, **ours}


def _adapted(rule: Callable[[Token], str]) -> Any:
    def written(tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return rule(tokens[idx])

    return written


def _link_end(tokens: Sequence[Token], idx: int, *_: Any) -> str:
    """The end of a link, with its address where that is no link; links do not nest."""
    opened = next(tokens[at] for at in range(idx - 1, -1, -1) if tokens[at].type == "link_open")
    if _target(opened) is not None:
        return "</a>"
    return f" ({text(str(opened.attrs.get('href', '')))})</span>"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"])
    parser.disable("reference")  # a definition is not shown, so text could hide in one
    # Every link is parsed, so that a bad one is shown as what it is.
    parser.validateLink = bool  # type: ignore[method-assign,assignment]
    return parser
