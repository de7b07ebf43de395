"""Images and documents at the simulated Anthropic: what it takes it describes, all else it refuses (A11)."""

from typing import Any

import pytest

from tests.sim import pictures
from tests.sim.faces.claude import ask, message, refusal

PNG = pictures.png(64, 48)
TEXT = {"type": "text", "text": "describe"}
LARGE = "claude-opus-4-7"
BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
HUGE = pictures.png(8001, 1)
WIDE = pictures.png(2001, 1)


def image(data: bytes = PNG, media_type: str = "image/png", **source: Any) -> dict[str, Any]:
    made = {"type": "base64", "media_type": media_type, "data": pictures.base64_of(data)}
    return {"type": "image", "source": {**made, **source}}


def document(data: bytes, media_type: str = "application/pdf", **fields: Any) -> dict[str, Any]:
    source = {"type": "base64", "media_type": media_type, "data": pictures.base64_of(data)}
    return {"type": "document", "source": source, **fields}


def words(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": text},
        **fields,
    }


def shown(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return ask(messages=[{"role": "user", "content": [*blocks, TEXT]}], **fields)


def found_inside(*blocks: dict[str, Any]) -> dict[str, Any]:
    """The blocks as what a tool gave."""
    call = {"type": "tool_use", "id": "t1", "name": "camera", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": list(blocks)}
    return ask(
        tools=[{"name": "camera", "input_schema": {"type": "object"}}],
        messages=[
            {"role": "user", "content": "describe what the camera sees"},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
        ],
    )


def said(answer: dict[str, Any]) -> str:
    return "".join(b["text"] for b in answer["content"] if b["type"] == "text")


async def test_an_answer_shows_that_everything_was_seen() -> None:
    pdf = pictures.pdf(3)
    answer = await message(shown(image(), document(pdf, title="a.pdf"), words("Hello.", title="b.txt")))
    told = said(answer)
    for medium in ("image/png, 64x48 pixels", '"a.pdf": application/pdf, 3 pages', '"b.txt": text/plain'):
        assert medium in told


async def test_what_a_tool_gave_is_seen_too() -> None:
    assert "image/gif, 3x2 pixels" in said(
        await message(found_inside(image(pictures.gif(), "image/gif"), {"type": "text", "text": "There."}))
    )


async def test_what_was_shown_earlier_is_still_seen() -> None:
    body = shown(image())
    body["messages"] += [{"role": "assistant", "content": "Nice."}, {"role": "user", "content": "describe"}]
    assert "64x48" in said(await message(body))


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    (
        "type and bytes differ",
        shown(image(media_type="image/jpeg")),
        "messages.0.content.0.image.source.base64: The image was specified using the image/jpeg media type, "
        "but the image appears to be a image/png image",
    ),
    (
        "unknown type",
        shown(image(media_type="image/bmp")),
        "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', "
        "'image/gif' or 'image/webp'",
    ),
    (
        "no base64",
        shown(image(data=PNG) | {"source": {**image()["source"], "data": "a b"}}),
        "Invalid base64 data",
    ),
    ("no image", shown(image(b"just words")), "Could not process image"),
    ("cut short", shown(image(PNG[:20])), "Could not process image"),
    ("8000 pixels", shown(image(HUGE)), "exceed max allowed size: 8000 pixels"),
    (
        "2000 pixels of many",
        shown(image(WIDE), *[image()] * 20),
        "messages.0.content.0.image.source.base64.data: At least one of the image dimensions exceed max "
        "allowed size for many-image requests: 2000 pixels",
    ),
    ("too many", shown(*[image()] * 101), "Too much media: 0 document pages + 101 images > 100"),
    ("too many of more", shown(*[image()] * 601, model=LARGE), "601 images > 600"),
    ("10 MB", shown(image(PNG + bytes(8_000_000))), "image exceeds 10 MB maximum: "),
    ("5 MB on Bedrock", shown(image(PNG + bytes(4_000_000)), model=BEDROCK), "image exceeds 5 MB maximum: "),
    (
        "documents count on Bedrock",
        shown(image(WIDE), *[document(pictures.pdf())] * 20, model=BEDROCK),
        "many-image requests: 2000 pixels",
    ),
    ("pages", shown(document(pictures.pdf(101))), "A maximum of 100 PDF pages may be provided."),
    ("pages of all", shown(*[document(pictures.pdf(51))] * 2), "A maximum of 100 PDF pages may be provided."),
    ("pages of more", shown(document(pictures.pdf(601)), model=LARGE), "A maximum of 600 PDF pages"),
    ("no PDF", shown(document(b"%PDF-1.7 but no pages")), "The PDF specified was not valid."),
    (
        "text as base64",
        shown(document(b"words", "text/plain")),
        "messages.0.content.0.document.source.base64.media_type: Input should be 'application/pdf'",
    ),
    ("no text", shown(words("")), "document.source.text.data: Field required"),
    (
        "text as image",
        shown({**words("hi"), "type": "image"}),
        "does not match any of the expected tags: 'base64', 'file', 'url'",
    ),
    (
        "from elsewhere",
        shown({"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}),
        "Unable to download the file.",
    ),
    (
        "inside a tool's result",
        found_inside(image(media_type="image/webp")),
        "messages.2.content.0.tool_result.content.0.image.source.base64: The image was specified using",
    ),
]


@pytest.mark.parametrize(("body", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
async def test_what_the_vendor_does_not_take_is_refused(body: dict[str, Any], sentence: str) -> None:
    status, told = await refusal(body)
    assert status == 400
    assert sentence in told


async def test_a_file_it_does_not_keep_is_not_found() -> None:
    status, told = await refusal(shown({"type": "image", "source": {"type": "file", "file_id": "file_1"}}))
    assert (status, told) == (404, "File not found: file_1")


@pytest.mark.parametrize(
    "body",
    [
        shown(image(WIDE), *[image()] * 19),
        shown(*[image()] * 100),
        shown(image(pictures.png(8000, 1))),
        shown(image(PNG + bytes(7_000_000))),
        shown(document(pictures.pdf(100))),
        shown(document(pictures.pdf(300)), model=LARGE),
        shown(image(pictures.jpeg(), "image/jpeg"), image(pictures.webp(), "image/webp")),
    ],
    ids=["20 images", "100 images", "8000 pixels", "7 MB", "100 pages", "300 pages", "jpeg and webp"],
)
async def test_what_is_just_within_the_limits_passes(body: dict[str, Any]) -> None:
    assert (await message(body))["stop_reason"] == "end_turn"


async def test_a_body_beyond_all_limits_is_refused_unread() -> None:
    assert await refusal(b"{" + bytes(32 * 1024 * 1024)) == (413, "Request exceeds the maximum size")
