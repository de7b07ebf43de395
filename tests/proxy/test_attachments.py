"""Images and documents through the real proxy: at the vendor in the vendor's shape, byte for byte."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.attachments.samples import moving_gif, noise, pdf, picture
from tests.proxy.drive import Seen, Talk
from tests.proxy.tap import Call
from tui.attachments import attachment_of, load
from tui.chat.parts import Attachment
from tui.chat.settings import Settings
from tui.errors import UsageError
from tui.sim.server import SimServer

CLAUDE = "anthropic/claude-sonnet-4-5-20250929"
GPT, GEMINI, GROK = "openai/gpt-5.1", "gemini/gemini-3-pro-preview", "xai/grok-4"
FILES = {"photo.png": noise("PNG"), "photo.jpg": noise("JPEG"), "report.pdf": pdf(2)}
NOTES = "# Notes\n\nnaïve, 世界\n"
IMAGE, DOCUMENT = ["photo.png", "photo.jpg"], ["report.pdf"]

Media = list[tuple[str, str]]
"""Of each image and document of a request, in order: its media type, and the hash of its bytes."""

ROADS: list[tuple[str, str, list[str]]] = [
    (CLAUDE, "messages", IMAGE + DOCUMENT),
    (CLAUDE, "chat", IMAGE + DOCUMENT),
    (GPT, "chat", IMAGE + DOCUMENT),
    (GEMINI, "chat", IMAGE + DOCUMENT),
    (GROK, "chat", IMAGE),
    (GPT, "responses", IMAGE + DOCUMENT),
    (CLAUDE, "responses", IMAGE + DOCUMENT),
    (GPT, "messages", IMAGE + DOCUMENT),
    (GEMINI, "responses", IMAGE + DOCUMENT),
]
"""Model, endpoint, and what goes there; the last two are roads nobody takes unless told to."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Attachment]:
    """The files and notes, as attachments read from the disk."""
    directory = tmp_path_factory.mktemp("files")
    for name, data in {**FILES, "notes.md": NOTES.encode()}.items():
        (directory / name).write_bytes(data)
    return {name: load(name, directory) for name in (*FILES, "notes.md")}


def expected(names: list[str]) -> Media:
    kinds = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
    return [(kinds[name[-3:]], hashlib.sha256(FILES[name]).hexdigest()) for name in names]


def media_in(call: Call) -> Media:
    """What a vendor was sent, read in that vendor's own shape; anything else that looks like media fails."""
    vendor = call.path.split("/")[2]
    shape = _SHAPES["responses" if call.path.endswith("/responses") else vendor]
    found = [shape(block) for block in _blocks(call.body) if _is_media(block)]
    return [(kind, hashlib.sha256(base64.b64decode(data, validate=True)).hexdigest()) for kind, data in found]


def _blocks(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _blocks(inner)


def _is_media(block: dict[str, Any]) -> bool:
    kinds = ("image", "document", "image_url", "file", "input_image", "input_file")
    return block.get("type") in kinds or "inline_data" in block or "inlineData" in block


def _anthropic(block: dict[str, Any]) -> tuple[str, str]:
    source = block["source"]
    assert (block["type"] == "document") == (source["media_type"] == "application/pdf")
    assert source["type"] == "base64"
    return source["media_type"], source["data"]


def _openai(block: dict[str, Any]) -> tuple[str, str]:
    if block["type"] == "file":
        assert block["file"]["filename"] == "report.pdf"
        return _data_url(block["file"]["file_data"])
    assert block["type"] == "image_url"
    return _data_url(block["image_url"]["url"])


def _responses(block: dict[str, Any]) -> tuple[str, str]:
    if block["type"] == "input_file":
        assert block["filename"] == "report.pdf"
        return _data_url(block["file_data"])
    assert block["type"] == "input_image"
    return _data_url(block["image_url"])


def _gemini(block: dict[str, Any]) -> tuple[str, str]:
    return block["inline_data"]["mime_type"], block["inline_data"]["data"]


def _data_url(url: str) -> tuple[str, str]:
    head, _, data = url.partition(",")
    assert head.startswith("data:")
    assert head.endswith(";base64")
    return head[5:-7], data


_SHAPES: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "anthropic": _anthropic,
    "openai": _openai,
    "xai": _openai,
    "deepseek": _openai,
    "gemini": _gemini,
    "responses": _responses,
}


def text_of(call: Call) -> str:
    return json.dumps(call.body, ensure_ascii=False)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(("model", "endpoint", "names"), ROADS, ids=lambda v: v if isinstance(v, str) else "")
async def test_files_arrive_as_they_are_and_again_in_the_next_turn(
    talk: Callable[..., Talk],
    calls: Callable[[], list[Call]],
    vendors: SimServer,
    files: dict[str, Attachment],
    model: str,
    endpoint: str,
    names: list[str],
    stream: bool,
) -> None:
    before = len(vendors.state.exchanges)
    async with talk(model, endpoint=endpoint, settings=Settings(stream=stream)) as session:
        given = [files[name] for name in (*names, "notes.md")]
        seen = await session.say("What is 12*7? Use the calculator.", attachments=given)
        assert seen.error is None, seen.error
        assert seen.tools == ["84"]
        seen = await session.say("Thank you.")
        assert seen.error is None, seen.error
    asked = calls()
    assert len(asked) == 3
    assert {c.status for c in asked} == {200}
    assert [note for e in vendors.state.exchanges[before:] for note in e.notes] == []
    native = model == CLAUDE and endpoint == "messages"
    for call in asked:
        if native:
            notes = [b for b in _blocks(call.body) if b.get("title") == "notes.md"]
            assert [note["source"]["data"] for note in notes] == [NOTES]
            titles = [b["title"] for b in _blocks(call.body) if b.get("type") == "document"]
            assert titles == ["report.pdf", "notes.md"]
            call.request = json.dumps(_without(call.body, notes[0])).encode()
        else:
            said = json.dumps(f'<document name="notes.md">\n{NOTES}</document>', ensure_ascii=False)
            assert said[1:-1] in text_of(call)
        assert media_in(call) == expected(names)


def _without(value: Any, block: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, block) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, block) for item in value if item != block]
    return value


async def test_a_conversation_with_files_goes_round_endpoints_and_vendors(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], files: dict[str, Attachment]
) -> None:
    round_: tuple[tuple[str, str, list[str]], ...] = (
        (CLAUDE, "messages", IMAGE + DOCUMENT),
        (CLAUDE, "chat", IMAGE + DOCUMENT),
        (GPT, "responses", IMAGE + DOCUMENT),
        (GPT, "chat", IMAGE + DOCUMENT),
        (GROK, "chat", IMAGE),
        ("deepseek/deepseek-reasoner", "chat", []),
        (GEMINI, "chat", IMAGE + DOCUMENT),
        (CLAUDE, "messages", IMAGE + DOCUMENT),
    )
    async with talk(CLAUDE) as session:
        given = [files[name] for name in IMAGE + DOCUMENT]
        for number, (model, endpoint, names) in enumerate(round_):
            session.session.switch(model, endpoint)
            seen = await session.say(f"Hello {number}.", attachments=given if number == 0 else ())
            assert seen.error is None, (model, endpoint, seen.error)
            call = calls()[-1]
            assert call.status == 200
            assert media_in(call) == expected(names), (model, endpoint)
            untold = [name for name in IMAGE + DOCUMENT if name not in names]
            assert [f" {name}, " in text_of(call) for name in untold] == [True] * len(untold)
            assert bool(told(seen)) == bool(untold)


def told(seen: Seen) -> list[str]:
    """What was warned of as only named."""
    return [finding.says for finding in seen.warnings if "only the name is told" in finding.says]


WRONG: list[tuple[str, str, str, bytes, str]] = [
    (GROK, "chat", "report.pdf", FILES["report.pdf"], "takes no PDF"),
    (GROK, "chat", "a.gif", picture("GIF"), "takes jpeg, png, not image/gif"),
    (GPT, "chat", "a.gif", moving_gif(), "takes no moving GIF"),
    (GEMINI, "chat", "a.gif", picture("GIF"), "not image/gif"),
    (CLAUDE, "messages", "wide.png", picture(size=(9000, 2)), "8000 pixels a side; this has 9000"),
    (CLAUDE, "chat", "wide.png", picture(size=(9000, 2)), "8000 pixels a side; this has 9000"),
    ("deepseek/deepseek-reasoner", "chat", "photo.png", FILES["photo.png"], "not known to take images"),
]


@pytest.mark.parametrize(
    ("model", "endpoint", "name", "data", "why"), WRONG, ids=lambda v: v if isinstance(v, str) else ""
)
async def test_what_a_vendor_does_not_take_is_never_sent(
    talk: Callable[..., Talk],
    calls: Callable[[], list[Call]],
    model: str,
    endpoint: str,
    name: str,
    data: bytes,
    why: str,
) -> None:
    async with talk(model, endpoint=endpoint) as session:
        seen = await session.say("Look.", attachments=[attachment_of(data, name)])
        assert isinstance(seen.error, UsageError)
        assert why in seen.error.what
        assert calls() == []
        # The prompt left the history: the conversation goes on.
        assert (await session.say("Hello.")).error is None


def test_the_proxy_drops_what_we_never_hand_it(http: httpx2.Client, calls: Callable[[], list[Call]]) -> None:
    """Why text files go as text, and images to DeepSeek only by word: nobody would be told."""
    source = {"type": "text", "media_type": "text/plain", "data": NOTES}
    content = [{"type": "document", "source": source, "title": "notes.md"}, {"type": "text", "text": "Hi."}]
    body = {"model": GPT, "max_tokens": 100, "messages": [{"role": "user", "content": content}]}
    assert http.post("/v1/messages", json=body).status_code == 200
    assert "Notes" not in text_of(calls()[-1])
    url = f"data:image/png;base64,{base64.b64encode(FILES['photo.png']).decode()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "Hi."}]
    body = {"model": "deepseek/deepseek-reasoner", "messages": [{"role": "user", "content": content}]}
    assert http.post("/v1/chat/completions", json=body).status_code == 200
    assert "image_url" not in text_of(calls()[-1])
