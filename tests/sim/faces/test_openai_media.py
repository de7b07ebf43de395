"""Images and files at the simulated OpenAI, xAI and DeepSeek, on chat and on Responses."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim import pictures
from tests.sim.faces.asking import Answer, Asker, asking, chat_message

PNG = pictures.url("image/png", pictures.png(64, 48))
GIF = pictures.url("image/gif", pictures.gif())
PDF = pictures.url("application/pdf", pictures.pdf(2))
TEXT = pictures.url("text/markdown", b"# Plain words")
CHAT = {
    "openai": ("/vendor/openai/v1/chat/completions", "gpt-5.1"),
    "xai": ("/vendor/xai/v1/chat/completions", "grok-4"),
    "deepseek": ("/vendor/deepseek/chat/completions", "deepseek-chat"),
}
RESPONSES = {
    "openai": ("/vendor/openai/v1/responses", "gpt-5.1"),
    "xai": ("/vendor/xai/v1/responses", "grok-4"),
}
Part = dict[str, Any]


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def image(url: Any = PNG, **fields: Any) -> Part:
    return {"type": "image_url", "image_url": {"url": url, **fields}}


def file(data: Any = PDF, **fields: Any) -> Part:
    return {"type": "file", "file": {"file_data": data, "filename": "a.pdf", **fields}}


def input_image(url: Any = PNG, **fields: Any) -> Part:
    return {"type": "input_image", "image_url": url, **fields}


def input_file(data: Any = PDF, **fields: Any) -> Part:
    return {"type": "input_file", "file_data": data, "filename": "a.pdf", **fields}


def chat(sim: Asker, vendor: str, *parts: Part) -> Answer:
    path, model = CHAT[vendor]
    content = [{"type": "text", "text": "describe"}, *parts]
    return sim.post(path, {"model": model, "messages": [{"role": "user", "content": content}]})


def respond(sim: Asker, vendor: str, *parts: Part) -> Answer:
    path, model = RESPONSES[vendor]
    content = [{"type": "input_text", "text": "describe"}, *parts]
    return sim.post(path, {"model": model, "input": [{"role": "user", "content": content}]})


def test_chat_shows_what_it_saw(sim: Asker) -> None:
    told = chat_message(chat(sim, "openai", image(detail="high"), image(GIF), file()))["content"]
    for medium in ("image/png, 64x48 pixels", "image/gif, 3x2 pixels", '"a.pdf": application/pdf, 2 pages'):
        assert medium in told
    assert "image/png, 64x48 pixels" in chat_message(chat(sim, "xai", image()))["content"]


def test_responses_shows_what_it_saw(sim: Asker) -> None:
    answer = respond(
        sim, "openai", input_image(detail="low"), input_file(), input_file(TEXT, filename="a.md")
    )
    told = answer.body["output"][-1]["content"][0]["text"]
    for medium in ("image/png, 64x48 pixels", "application/pdf, 2 pages", '"a.md": text/markdown, 13 bytes'):
        assert medium in told


def test_what_a_tool_gave_is_seen_on_responses(sim: Asker) -> None:
    items = [
        {"role": "user", "content": "describe what the camera sees"},
        {"type": "function_call", "call_id": "c1", "name": "camera", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": [input_image(), input_file()]},
    ]
    answer = sim.post(RESPONSES["openai"][0], {"model": "gpt-5.1", "input": items})
    told = answer.body["output"][-1]["content"][0]["text"]
    assert "64x48 pixels" in told
    assert "2 pages" in told


AN_IMAGE = "Expected a base64-encoded data URL with an image MIME type"
CHAT_FAULTS: list[tuple[str, str, tuple[Part, ...], str]] = [
    (
        "no image type",
        "openai",
        (image(TEXT),),
        f"Invalid 'messages[0].content[1].image_url.url'. {AN_IMAGE}",
    ),
    ("no base64", "openai", (image("data:image/png;base64,?"),), "but got an invalid base64-encoded value."),
    (
        "no picture",
        "openai",
        (image(pictures.url("image/png", b"words")),),
        "You uploaded an unsupported image",
    ),
    (
        "cut short",
        "openai",
        (image(pictures.url("image/png", pictures.png()[:18])),),
        "does not represent a valid image",
    ),
    (
        "from elsewhere",
        "openai",
        (image("https://x.invalid/a.png"),),
        "Error while downloading https://x.invalid",
    ),
    ("extra", "openai", (image(size=1),), "Unknown parameter: 'messages[0].content[1].image_url.size'."),
    ("detail", "openai", (image(detail="huge"),), "Invalid value: 'huge'."),
    (
        "no URL",
        "openai",
        (image(None),),
        "Missing required parameter: 'messages[0].content[1].image_url.url'.",
    ),
    (
        "no object",
        "openai",
        ({"type": "image_url", "image_url": PNG},),
        "'messages[0].content[1].image_url': expected an object, but got a string instead.",
    ),
    ("no PDF type", "openai", (file(TEXT),), "application/pdf MIME type"),
    ("no PDF", "openai", (file(pictures.url("application/pdf", b"x")),), "The PDF is invalid or corrupted."),
    ("no name", "openai", (file(filename=None),), "Missing required parameter: "),
    ("file id", "openai", (file(file_id="file-1"),), "No such File object: file-1"),
    ("too many", "openai", (image(),) * 501, "Too many images in request. Max is 500."),
    ("grok's types", "xai", (image(GIF),), "Supported content types: [JPG/JPEG, PNG]"),
    ("grok's files", "xai", (file(),), "file is only supported by certain models."),
    ("deepseek sees nothing", "deepseek", (image(),), "unknown variant `image_url`, expected `text`"),
]


@pytest.mark.parametrize(
    ("vendor", "parts", "sentence"), [f[1:] for f in CHAT_FAULTS], ids=[f[0] for f in CHAT_FAULTS]
)
def test_chat_refuses(sim: Asker, vendor: str, parts: tuple[Part, ...], sentence: str) -> None:
    answer = chat(sim, vendor, *parts)
    assert answer.status in (400, 404)
    assert sentence in answer.error["message"]


RESPONSES_FAULTS: list[tuple[str, str, Part, str]] = [
    ("no image type", "openai", input_image(PDF), f"Invalid 'input[0].content[1].image_url'. {AN_IMAGE}"),
    ("an object", "openai", input_image({"url": PNG}), "expected an image URL, but got an object instead."),
    ("detail", "openai", input_image(detail=3), "Invalid value: '3'."),
    ("file id", "openai", {"type": "input_file", "file_id": "file-1"}, "No such File object: file-1"),
    (
        "from elsewhere",
        "openai",
        {"type": "input_file", "file_url": "https://x.invalid"},
        "Error while downloading",
    ),
    ("extra", "openai", input_file(size=3), "Unknown parameter: 'input[0].content[1].size'."),
    ("grok's types", "xai", input_image(GIF), "Supported content types: [JPG/JPEG, PNG]"),
    ("grok's files", "xai", input_file(), "file is only supported by certain models."),
]


@pytest.mark.parametrize(
    ("vendor", "part", "sentence"), [f[1:] for f in RESPONSES_FAULTS], ids=[f[0] for f in RESPONSES_FAULTS]
)
def test_responses_refuses(sim: Asker, vendor: str, part: Part, sentence: str) -> None:
    answer = respond(sim, vendor, part)
    assert answer.status in (400, 404)
    assert sentence in answer.error["message"]


def test_a_request_beyond_all_limits_is_refused(sim: Asker) -> None:
    large = pictures.url("image/png", pictures.png() + bytes(26 * 1024 * 1024))
    answer = chat(sim, "openai", image(large), image(large))
    assert answer.status == 413
    assert "exceeds the limit of 50 MB" in answer.error["message"]
