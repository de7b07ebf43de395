"""Gemini's generation config: what is refused, and what an answer is held to; media in its parts."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.sim import pictures
from tests.sim.faces.asking import Answer, Asker, asking

MODEL = "gemini-3-pro-preview"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "size": {"type": "integer", "minimum": 3}},
    "required": ["city", "size"],
}
JSON = "application/json"


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def ask(
    sim: Asker, prompt: str = "What is tea?", *parts: dict[str, Any], stream: bool = False, **config: Any
) -> Answer:
    method = "streamGenerateContent?alt=sse" if stream else "generateContent"
    body = {"contents": [{"role": "user", "parts": [*parts, {"text": prompt}]}], "generationConfig": config}
    return sim.post(f"/vendor/gemini/v1beta/models/{MODEL}:{method}", body)


def inline(data: bytes, media_type: str) -> dict[str, Any]:
    return {"inlineData": {"mimeType": media_type, "data": pictures.base64_of(data)}}


def said(answer: Answer) -> str:
    chunks = answer.data or [answer.body]
    parts = [p for c in chunks for p in c["candidates"][0]["content"]["parts"]]
    return "".join(p.get("text", "") for p in parts if not p.get("thought"))


def finish(answer: Answer) -> Any:
    return (answer.data or [answer.body])[-1]["candidates"][0]["finishReason"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "config",
    [
        {"responseMimeType": JSON, "responseJsonSchema": {**SCHEMA, "additionalProperties": False}},
        {"response_mime_type": JSON, "responseSchema": {**SCHEMA, "type": "OBJECT"}},
    ],
    ids=["JSON schema", "OpenAPI"],
)
def test_an_answer_fits_the_schema(sim: Asker, config: dict[str, Any], stream: bool) -> None:
    jsonschema.validate(json.loads(said(ask(sim, stream=stream, **config))), SCHEMA)


def test_json_without_a_schema_is_json(sim: Asker) -> None:
    assert isinstance(json.loads(said(ask(sim, responseMimeType=JSON))), dict)


@pytest.mark.parametrize("stream", [False, True])
def test_stop_sequences_and_limits_end_the_answer(sim: Asker, stream: bool) -> None:
    full = said(ask(sim))
    stopped = ask(sim, stopSequences=["§", full[30:35]], stream=stream)
    assert said(stopped) == full[: full.index(full[30:35])]
    assert finish(stopped) == "STOP"
    cut = ask(sim, "long 300", maxOutputTokens=20, stream=stream)
    assert finish(cut) == "MAX_TOKENS"


def test_an_answer_shows_what_was_seen(sim: Asker) -> None:
    answer = ask(
        sim,
        "describe",
        inline(pictures.png(64, 48), "image/png"),
        inline(pictures.pdf(2), "application/pdf"),
        inline(b"words", "text/plain"),
    )
    for medium in ("image/png, 64x48 pixels", "application/pdf, 2 pages", "text/plain, 5 bytes"):
        assert medium in said(answer)


def test_what_a_tool_gave_is_seen(sim: Asker) -> None:
    call = {
        "functionCall": {"name": "camera", "args": {}},
        "thoughtSignature": "skip_thought_signature_validator",
    }
    shown = {"name": "camera", "response": {}, "parts": [inline(pictures.gif(5, 4), "image/png")]}
    shown["parts"] = [inline(pictures.png(5, 4), "image/png")]
    body = {
        "contents": [
            {"role": "user", "parts": [{"text": "describe what the camera sees"}]},
            {"role": "model", "parts": [call]},
            {"role": "user", "parts": [{"functionResponse": shown}]},
        ]
    }
    answer = sim.post(f"/vendor/gemini/v1beta/models/{MODEL}:generateContent", body)
    assert "image/png, 5x4 pixels" in said(answer)


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("unknown", {"stop": ["x"]}, "Unknown name \"stop\" at 'generation_config': Cannot find field."),
    ("temperature", {"temperature": 2.5}, "temperature must be in the range [0.0, 2.0]"),
    ("top p", {"topP": -0.1}, "top_p must be in the range [0.0, 1.0]"),
    ("top k", {"top_k": 0}, "top_k must be in the range [1, 1000]"),
    ("limit", {"maxOutputTokens": 0}, "maxOutputTokens value of 0 but the supported range is from 1"),
    ("limit above", {"maxOutputTokens": 65_537}, "maxOutputTokens value of 65537"),
    ("stops", {"stopSequences": ["a"] * 6}, "The number of stop sequences is out of range."),
    ("type", {"responseMimeType": "text/html"}, "response_mime_type: allowed mimetypes are"),
    ("schema of text", {"responseSchema": {"type": "STRING"}}, "response_schema: only allowed when"),
    (
        "two schemas",
        {"responseMimeType": JSON, "responseSchema": {}, "responseJsonSchema": {}},
        "Only one of response_schema and response_json_schema may be set.",
    ),
    (
        "beyond OpenAPI",
        {"responseMimeType": JSON, "responseSchema": {"properties": {"a": {"additionalProperties": False}}}},
        "Unknown name \"additionalProperties\" at 'generation_config.response_schema.properties[a]'",
    ),
    (
        "level and budget",
        {"thinkingConfig": {"thinkingLevel": "low", "thinkingBudget": 1}},
        "You can only set only one of thinking budget and thinking level.",
    ),
    ("level", {"thinkingConfig": {"thinkingLevel": "huge"}}, 'ThinkingLevel), "huge"'),
    (
        "wrong form",
        {"stopSequences": "x"},
        "Invalid value at 'generationConfig.stopSequences' (TYPE_LIST), \"x\"",
    ),
]


@pytest.mark.parametrize(("config", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_what_the_vendor_does_not_take_is_refused(sim: Asker, config: dict[str, Any], sentence: str) -> None:
    answer = ask(sim, **config)
    assert answer.status == 400
    assert sentence in answer.error["message"]


MEDIA_FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("gif", inline(pictures.gif(), "image/gif"), "Unsupported MIME type: image/gif"),
    ("no picture", inline(b"words", "image/png"), "Unable to process input image."),
    ("cut short", inline(pictures.png()[:18], "image/png"), "Unable to process input image."),
    ("no pages", inline(b"%PDF-1.4", "application/pdf"), "The document has no pages."),
    ("archive", inline(b"PK", "application/zip"), "Unsupported MIME type: application/zip"),
    ("no type", inline(b"x", ""), "mime_type: must not be empty."),
    (
        "no base64",
        {"inline_data": {"mime_type": "image/png", "data": "?"}},
        "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed.",
    ),
    (
        "from elsewhere",
        {"fileData": {"fileUri": "https://x.invalid"}},
        "Cannot fetch content from the provided URL.",
    ),
]


@pytest.mark.parametrize(
    ("part", "sentence"), [f[1:] for f in MEDIA_FAULTS], ids=[f[0] for f in MEDIA_FAULTS]
)
def test_media_the_vendor_does_not_take_are_refused(sim: Asker, part: dict[str, Any], sentence: str) -> None:
    answer = ask(sim, "describe", part)
    assert answer.status == 400
    assert sentence in answer.error["message"]
