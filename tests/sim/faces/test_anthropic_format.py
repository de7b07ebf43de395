"""Anthropic's answers held to a schema, ended by a stop sequence or a limit, or not given at all."""

import json
from typing import Any

import jsonschema
import pytest

from tests.sim.faces.claude import ADAPTIVE, ask, folded, message, refusal
from tui.sim.faces.anthropic_format import OLDER_BETA

CITY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "format": "date"},
        "size": {"type": "integer"},
        "kinds": {"type": "array", "items": {"enum": ["old", "new"]}, "minItems": 1},
        "near": {"anyOf": [{"$ref": "#/$defs/place"}, {"type": "null"}]},
    },
    "required": ["city", "size", "kinds", "near"],
    "additionalProperties": False,
    "$defs": {
        "place": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": False,
        }
    },
}


def wanting(schema: Any, **fields: Any) -> dict[str, Any]:
    return ask(output_config={"format": {"type": "json_schema", "schema": schema}}, **fields)


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def said(answer: dict[str, Any]) -> str:
    return "".join(b["text"] for b in answer["content"] if b["type"] == "text")


@pytest.mark.parametrize(
    "fields", [{}, {"model": "claude-opus-4-7", "thinking": ADAPTIVE}], ids=["plain", "thinking"]
)
async def test_an_answer_fits_the_schema_streamed_and_whole(fields: dict[str, Any]) -> None:
    for answer in (await message(wanting(CITY, **fields)), await folded(wanting(CITY, **fields))):
        jsonschema.validate(json.loads(said(answer)), CITY)
        assert answer["stop_reason"] == "end_turn"


async def test_the_older_field_needs_its_beta() -> None:
    body = ask(output_format={"type": "json_schema", "schema": CITY})
    assert await refusal(body) == (400, "output_format: Extra inputs are not permitted")
    jsonschema.validate(json.loads(said(await message(body, anthropic_beta=OLDER_BETA))), CITY)
    both = {**body, **wanting(CITY)}
    status, told = await refusal(both, anthropic_beta=OLDER_BETA)
    assert (status, told) == (400, "output_format: cannot be combined with output_config.format")


DEEP = {"type": "array", "items": closed(a={"type": "object"})}
FAULTS: list[tuple[str, Any, str]] = [
    ("kind", ask(output_config={"format": {"type": "xml"}}), "Input tag 'xml' found using 'type'"),
    ("no object", ask(output_config={"format": "json"}), "output_config.format: Input should be a valid"),
    (
        "no schema",
        ask(output_config={"format": {"type": "json_schema"}}),
        "output_config.format.json_schema.schema: Field required",
    ),
    (
        "extra",
        ask(output_config={"format": {"type": "json_schema", "schema": closed(), "name": "x"}}),
        "output_config.format.json_schema.name: Extra inputs are not permitted",
    ),
    (
        "open",
        wanting({"type": "object"}),
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to",
    ),
    ("open below", wanting(closed(a=DEEP)), "'additionalProperties' must be explicitly set to false"),
    (
        "bounds",
        wanting(closed(n={"type": ["integer", "null"], "minimum": 1, "maximum": 2})),
        "For 'integer' type, properties maximum, minimum are not supported",
    ),
    (
        "length",
        wanting(closed(a={"type": "string", "maxLength": 2})),
        "properties maxLength are not supported",
    ),
    ("items", wanting(closed(a={"type": "array", "minItems": 2})), "'minItems' values other than 0 or 1"),
    ("one of", wanting(closed(a={"oneOf": []})), "Schema type 'oneOf' is not supported"),
    ("afar", wanting(closed(a={"$ref": "https://x/y"})), "External $ref 'https://x/y' is not supported"),
    ("stops", ask(stop_sequences="x"), "stop_sequences: Input should be a valid list of strings"),
    ("blank stop", ask(stop_sequences=[" "]), "each stop sequence must contain non-whitespace"),
    ("metadata", ask(metadata={"a": "b"}), "metadata.a: Extra inputs are not permitted"),
    ("tier", ask(service_tier="flex"), "service_tier: Input should be 'auto' or 'standard_only'"),
]


@pytest.mark.parametrize(("body", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
async def test_what_the_vendor_cannot_hold_to_is_refused(body: dict[str, Any], sentence: str) -> None:
    status, told = await refusal(body)
    assert status == 400
    assert sentence in told


async def test_a_stop_sequence_ends_the_answer_before_it() -> None:
    full = said(await message(ask()))
    stop = full[40:46]
    for answer in (
        await message(ask(stop_sequences=["§§", stop])),
        await folded(ask(stop_sequences=["§§", stop])),
    ):
        assert said(answer) == full[: full.index(stop)]
        assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", stop)


async def test_a_stop_sequence_that_never_comes_changes_nothing() -> None:
    answer = await message(ask(stop_sequences=["§§"]))
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("end_turn", None)


async def test_the_limit_really_cuts() -> None:
    for answer in (
        await message(ask("long 300", max_tokens=30)),
        await folded(ask("long 300", max_tokens=30)),
    ):
        assert answer["stop_reason"] == "max_tokens"
        assert 20 <= answer["usage"]["output_tokens"] <= 30


async def test_no_tokens_only_warm_the_cache() -> None:
    answer = await message(ask(max_tokens=0))
    assert (answer["content"], answer["stop_reason"]) == ([], "max_tokens")
    assert answer["usage"]["output_tokens"] == 0
    streamed = await refusal(ask(max_tokens=0, stream=True))
    assert streamed == (400, "max_tokens: Input should be greater than or equal to 1")


async def test_the_automatic_cache_mark_lives_as_long_as_the_last_one_set() -> None:
    def marked(ttl: str) -> dict[str, Any]:
        block = {"type": "text", "text": "hi", "cache_control": {"type": "ephemeral", "ttl": ttl}}
        return ask(messages=[{"role": "user", "content": [block]}], cache_control={"type": "ephemeral"})

    assert (await message(marked("5m")))["stop_reason"] == "end_turn"
    status, told = await refusal(marked("1h"))
    assert status == 400
    assert "must have the same ttl" in told or "must not come after" in told
