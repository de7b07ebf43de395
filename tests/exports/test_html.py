"""The page: all of it there, none of its tags from outside, nothing loaded, light to open."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import settings as runs

from tests.chat.records import records
from tests.exports.hostile import HOSTILE
from tests.exports.samples import ORIGIN, ROUTE, answered, asked, long_session, png, prompt, session
from tui.chat.finding import Finding
from tui.chat.messages import ToolMessage
from tui.chat.parts import Foreign, Image, Opaque, Reasoning, Text, ToolCall, ToolResult
from tui.chat.record import Failure, Node, SessionInfo, SessionRecord, SessionState
from tui.chat.route import Reason
from tui.exports.html import html
from tui.exports.html_parts import PICTURE_UP_TO

TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "footer",
        "section",
        "article",
        "div",
        "span",
        "p",
        "a",
        "b",
        "code",
        "pre",
        "details",
        "summary",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "time",
        "img",
        "blockquote",
        "hr",
        "br",
        "em",
        "strong",
        "s",
    ]
)
ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "details": {"class"},
}
CLASSES = frozenset(
    [
        "brand",
        "lead",
        "models",
        "links",
        "system",
        "turn",
        "branch",
        "note",
        "who",
        "quiet",
        "prompt",
        "plain",
        "step",
        "said",
        "elsewhere",
        "badge",
        "fold",
        "thinking",
        "flat",
        "tool",
        "good",
        "bad",
        "warn",
        "mono",
        "label",
        "card",
        "remark",
        "facts",
        "attached",
        "wide",
        "right",
        "center",
        "code",
        "language",
        "text",
    ]
)
COLOURS = re.compile(r"(k|s|c|m|nf|nc|nd|nt|na|nb|gi|gd|gh|gu)[a-z0-9]{0,2}")
VOID = frozenset({"meta", "img", "br", "hr"})


class Checked(HTMLParser):
    """Reads a page as a browser would, and complains of everything that may not be in it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.said: list[str] = []
        self.pictures: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.tags[tag] += 1
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | {"class", "id"}, (tag, name)
            match name:
                case "class":
                    assert all(c in CLASSES or COLOURS.fullmatch(c) for c in (value or "").split()), value
                case "id":
                    assert re.fullmatch(r"[mb]\d+|costs", value or "")
                    self.ids.append(value or "")
                case "href":
                    assert re.match(r"https?://|mailto:|#([mb]\d+|costs)$", value or "", re.I), value
                    self.links.append(value or "")
                case "src":
                    assert re.fullmatch(r"data:image/[a-z]+;base64,[A-Za-z0-9+/]+=*", value or "")
                    self.pictures.append(value or "")
                case "start":
                    assert (value or "").isdigit()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], self.open[-3:]
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def text(self) -> str:
        return "".join(self.said)


def everywhere(text: str) -> SessionRecord:
    """A session that says ``text`` wherever something can be said."""
    opaque = Opaque(replace(ORIGIN, model=text, vendor=text), {text: text})
    route = replace(ROUTE, requested=text, wire_model=text, base_url=text, why=(Reason(text, "name"),))
    failure = Failure(text, "vendor", text, text, text, 400, text)
    call = ToolCall(text, text, text)
    nodes = (
        Node(prompt(text + "1", text, Image(text, text, text), Image("image/png", text, text))),
        Node(
            answered(
                text + "2",
                Reasoning(text, "signed", opaque),
                Text(text),
                call,
                Foreign(text, opaque),
                stop_raw=text,
                origin=opaque.origin,
            ),
            text + "1",
        ),
        Node(ToolMessage(text + "3", (ToolResult(text, (Text(text),), full=text * 2),), 1.0), text + "2"),
        Node(prompt(text + "4", text), text + "1"),
    )
    exchange = asked(
        text, 1, 1, text + "1", text + "2", route=route, findings=(Finding(text, text, text, text),)
    )
    failed = replace(exchange, answer=None, failure=failure, state="failed")
    info = SessionInfo(text, text, created=1.0, source=text)
    return SessionRecord(info, SessionState(leaf=text + "3", system=text), nodes, (exchange, failed))


def test_all_of_a_session_is_told() -> None:
    record = session()
    page = Checked(html(record))
    for part in (
        "Which log leaks? <b>bold</b> & | pipes",
        "I shall read both.",
        "09:19 rss=376 MB",
        "grep: logs: No such file",
        "approved (session) by user",
        "In the vendor's words: messages.1.content.0: Invalid `signature` in `thinking` block",
        "$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new",
        "smart → claude-opus-4-5-20251101",
        "model/info: vendor is anthropic",
        "model claude-opus-4-5 · group smart · deployment dep-4f2 · retries 0 · fallbacks 0",
        "cost unknown",
        "≥ $0.0369",
        "report.pdf · application/pdf · 3 pages",
        "the prefix changed → fork",
        "Use a context manager.",
    ):
        assert part in page.text, part
    assert page.tags["img"] == 1
    assert "b2" in page.ids
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert f"#m{[n.message.id for n in record.nodes].index('a2') + 1}" in page.links


def test_nothing_is_loaded_and_only_its_own_style_may_apply() -> None:
    page = html(session())
    style = page.split("<style>")[1].split("</style>")[0]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith(f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:;")
    assert not re.search(r"url\(|@import", style)
    assert not re.search(r" style=|<script|<link", page)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_tag_and_no_attribute_comes_from_a_session(text: str) -> None:
    plain = Checked(html(everywhere("a")))
    page = Checked(html(everywhere(text)))
    for tag in ("style", "title", "article", "section", "details", "summary", "nav", "footer"):
        assert page.tags[tag] == plain.tags[tag], tag
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.text
    )
    assert not [link for link in page.links if re.search("evil|script", link, re.I)]


@runs(max_examples=60)
@given(record=records())
def test_any_session_is_a_sound_page(record: SessionRecord) -> None:
    html(record).encode()
    Checked(html(record))


def test_pictures_are_shown_up_to_a_size_and_only_pictures() -> None:
    big = Image("image/png", "A" * (PICTURE_UP_TO + 4), "big.png")
    vector = Image("image/svg+xml", "PHN2Zz4=", "drawn.svg")
    shown = Image("image/png", png(), "small.png")
    record = SessionRecord(SessionInfo("a"), SessionState(leaf="u"), (Node(prompt("u", big, vector, shown)),))
    page = Checked(html(record))
    assert page.pictures == [f"data:image/png;base64,{png()}"]
    assert all(name in page.text for name in ("big.png", "drawn.svg", "small.png"))


def test_a_long_session_costs_in_proportion() -> None:
    short, long = html(long_session(400)), html(long_session(1600))
    assert len(long) < 4.2 * len(short)
    assert len(short) / 400 < 1_500
    assert "content-visibility: auto" in short


def test_an_empty_session_is_a_page() -> None:
    assert "An untitled session" in Checked(html(SessionRecord(SessionInfo("a")))).text
