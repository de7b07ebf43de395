"""Knobs under model patterns and in presets: read as everywhere else, complained of with their place."""

import json
from pathlib import Path

import pytest

from tests.test_knobs import VALUES
from tui.chat.settings import OutputSchema, Preset, Settings
from tui.config.load import load_config, parse
from tui.config.models import MODEL_KEYS
from tui.errors import ConfigError

SCHEMA = '{"type": "object", "title": "list"}'


def test_every_knob_is_a_key_of_models_and_presets() -> None:
    assert set(VALUES) < set(MODEL_KEYS["model"])
    assert set(VALUES) < set(MODEL_KEYS["preset"])


def test_every_knob_is_read() -> None:
    text = f"""
models:
  "*":
    thinking: 2048
    effort: low
    display: omitted
    max_tokens: 9000
    temperature: 0
    top_p: .95
    top_k: 5
    stop: ["\\n\\n", "off"]
    schema: {SCHEMA}
    stream: false
    cache: off
    extra: {{seed: 7}}
    headers: {{X-Team: research}}
"""
    assert parse(text.encode(), "c", {}).settings_for("m") == Settings(
        thinking=2048,
        effort="low",
        display="omitted",
        max_tokens=9000,
        temperature=0.0,
        top_p=0.95,
        top_k=5,
        stop=("\n\n", "off"),
        schema=OutputSchema("list", json.loads(SCHEMA)),
        stream=False,
        cache="off",
        extra={"seed": 7},
        headers={"x-team": "research"},
    )


def test_later_patterns_win_and_default_unsets() -> None:
    text = b"""
models:
  "*": {temperature: 1, stop: END, headers: {a: "1", b: "1"}, extra: {a: 1}, system: all}
  "b*": {temperature: default, stop: default, headers: {b: "2"}, extra: {b: 2}, system: some}
"""
    config = parse(text, "c", {})
    assert (config.settings_for("a").temperature, config.settings_for("a").stop) == (1.0, ("END",))
    other = config.settings_for("b")
    assert (other.temperature, other.stop) == (None, ())
    assert (other.headers, other.extra) == ({"a": "1", "b": "2"}, {"a": 1, "b": 2})
    assert (config.system_for("a"), config.system_for("a", "b"), config.system_for()) == ("all", "some", None)


def test_presets_hold_a_whole_session() -> None:
    text = b"""
presets:
  review:
    model: smart
    endpoint: chat
    system: Be strict.
    tools: [read_file]
    thinking: high
    extra: {seed: 7}
  bare: {}
  alone: {tools: none}
"""
    config = parse(text, "c", {})
    assert config.preset("review") == Preset(
        "smart", "chat", "Be strict.", ("read_file",), {"thinking": "high", "extra": {"seed": 7}}
    )
    assert config.preset("bare") == Preset()
    assert config.preset("alone") == Preset(tools=())
    with pytest.raises(ConfigError, match="no preset 'reveiw'") as failed:
        config.preset("reveiw")
    assert (failed.value.hint, failed.value.exit_code) == ("did you mean review?", 2)
    with pytest.raises(ConfigError, match="no preset 'x'"):
        parse(b"", "c", {}).preset("x")


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("models: {a: {efort: low}}", "c.yaml:1: models.a.efort: unknown key", "did you mean effort?"),
        ("models:\n  a:\n    effort: lwo", "c.yaml:3: models.a.effort: 'lwo' is not valid", "low?"),
        ("models: {a: {temperature: 3}}", "models.a.temperature: must be a number from 0 to 2, not '3'", ""),
        ("models: {a: {temperature: [1]}}", "models.a.temperature: must be a single value", ""),
        ("models: {a: {stop: [1]}}", "models.a.stop[0]: must be a text, and not empty", "quotes"),
        ("models: {a: {stop: ['']}}", "models.a.stop[0]: must be a text, and not empty", ""),
        ("models: {a: {schema: [1]}}", "models.a.schema: must be a single value", ""),
        ("models: {a: {schema: {}}}", "models.a.schema: must be a JSON Schema", ""),
        ("models: {a: {schema: '{'}}", "models.a.schema: is not JSON", "@"),
        ("models: {a: {schema: '@gone.json'}}", "c.yaml:1: models.a.schema: gone.json: No such file", ""),
        ("models: {a: {extra: 1}}", "models.a.extra: must be a mapping", ""),
        ("models: {a: {headers: {authorization: x}}}", "headers.authorization: is not for a knob", ""),
        ("models: {a: {headers: {x a: x}}}", "models.a.headers.x a: is not a header's name", ""),
        ("models: {a: {headers: {x-a: 1}}}", "models.a.headers.x-a: must be a text", "quotes"),
        ("models: {a: {headers: {x-a: {command: [x]}}}}", "models.a.headers.x-a: must be a text", ""),
        ("presets: {a b: {}}", "presets.a b: a preset's name is letters", "another"),
        ("presets: {a: {modle: x}}", "presets.a.modle: unknown key", "did you mean model?"),
        ("presets: {a: {endpoint: chta}}", "presets.a.endpoint: 'chta' is not valid", "chat?"),
        ("presets: {a: {tools: calculator}}", "presets.a.tools: must be a list", ""),
        ("presets: {a: {thinking: hihg}}", "presets.a.thinking: 'hihg' is not valid", "high?"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, says: str, hint: str) -> None:
    with pytest.raises(ConfigError) as failed:
        parse(text.encode(), "c.yaml", {})
    assert says in str(failed.value)
    assert hint in failed.value.hint


def test_a_schema_stands_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(SCHEMA, encoding="utf-8")
    file = tmp_path / "config.yaml"
    file.write_text("presets: {a: {schema: '@list.json'}}\n", encoding="utf-8")
    schema = load_config({}, file=str(file)).preset("a").overrides["schema"]
    assert schema == OutputSchema("list", json.loads(SCHEMA))


def test_variables_in_headers_are_filled_in_and_never_shown() -> None:
    text = b"models: {a: {headers: {x-key: 'k-${HEADER_KEY}'}}}"
    assert parse(text, "c", {"HEADER_KEY": "s3cret"}).settings_for("a").headers == {"x-key": "k-s3cret"}
    # Whoever uses another model needs no such variable.
    assert parse(text, "c", {}).settings_for("a").headers == {"x-key": "k-${HEADER_KEY}"}
    with pytest.raises(ConfigError, match=r"c:1: models\.a\.headers\.x-key: needs a value") as failed:
        parse(text, "c", {"HEADER_KEY": "s3cret\nx: y"})
    assert "s3cret" not in str(failed.value)
