"""What every built-in tool promises to vendors, models and users."""

import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin import Reach, everything, unasked

TOOLBOX = everything(lambda: datetime(2026, 11, 22, tzinfo=UTC), Reach(Path("/nowhere")))


def _objects(schema: Json) -> list[Json]:
    """Every schema of an object within a schema, itself included."""
    if isinstance(schema, list):
        return [found for item in schema for found in _objects(item)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if "object" in schema.get("type", ()) or "properties" in schema else []
    return here + [found for item in schema.values() for found in _objects(item)]


@pytest.mark.parametrize("spec", TOOLBOX.specs, ids=lambda spec: spec.name)
def test_schemas_are_strict_and_plain(spec: ToolSpec) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", spec.name)
    assert spec.description
    assert spec.schema["type"] == "object"
    assert not {"oneOf", "anyOf", "allOf", "not", "enum", "$schema", "$ref"} & set(spec.schema)
    for schema in _objects(spec.schema):
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(schema["properties"])
    jsonschema.Draft202012Validator.check_schema(spec.schema)


@pytest.mark.parametrize("spec", TOOLBOX.specs, ids=lambda spec: spec.name)
def test_every_argument_has_a_type_and_is_described(spec: ToolSpec) -> None:
    for name, schema in spec.schema["properties"].items():
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert schema["description"]
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert set(kinds) <= {"string", "integer", "number", "boolean", "array", "object", "null"}


def test_only_what_changes_nothing_runs_unasked() -> None:
    free = [spec.name for spec in unasked(TOOLBOX).specs]
    assert free == ["calculator", "current_time", "read_file", "list_files", "search_files"]
    assert {"write_file", "edit_file"} <= {spec.name for spec in TOOLBOX.specs}
