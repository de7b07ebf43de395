"""The configuration of models and presets: knobs under patterns and names; pure.

What needs more than the file's text, a schema in a file of its own and variables in headers, stays
open here and is put in place by whoever reads files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.chat.parts import Json
from tui.chat.settings import Overrides, Preset
from tui.config.node import Place, optional
from tui.config.tools import tool_names
from tui.errors import UsageError
from tui.knob_text import VARIABLE, header_complaint, schema_of
from tui.knobs import KNOBS

MODEL_KEYS: dict[str, tuple[str, ...]] = {
    "model": ("system", *KNOBS),
    "preset": ("model", "endpoint", "system", "tools", *KNOBS),
}
"""The valid keys of an entry of ``models`` and of ``presets``."""

ENDPOINTS = ("auto", "messages", "chat", "responses")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What requests to the models matching a pattern carry; knobs not in it are left open."""

    match: str
    system: str | None = None
    knobs: Overrides = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """A schema that stands in a file of its own; ``place`` is file, line and key path, for complaints."""

    path: str
    place: str


@dataclass(frozen=True, slots=True, repr=False)
class HeaderText:
    """A header's value with ``${VAR}`` still in it, and its place; not shown, it may be a secret."""

    template: str
    place: str

    def __repr__(self) -> str:
        return "HeaderText(…)"


def read_model(match: str, place: Place) -> ModelSettings:
    """One entry of ``models``."""
    fields = place.fields(MODEL_KEYS["model"])
    return ModelSettings(match, optional(fields, "system", Place.string, None), _knobs(fields))


def read_preset(name: str, place: Place) -> Preset:
    """One entry of ``presets``."""
    complaint = check_preset_name(name)
    if complaint:
        place.wrong(complaint, hint="choose another name")
    fields = place.fields(MODEL_KEYS["preset"])
    return Preset(
        model=optional(fields, "model", Place.string, None),
        endpoint=optional(fields, "endpoint", lambda p: p.word(ENDPOINTS), "auto"),
        system=optional(fields, "system", Place.string, None),
        tools=optional(fields, "tools", tool_names, None),
        overrides=_knobs(fields),
    )


def check_preset_name(name: str) -> str | None:
    """What is wrong with a preset's name; None when nothing is."""
    if _NAME.fullmatch(name):
        return None
    return "a preset's name is letters, digits, dots, dashes and underscores"


def _knobs(fields: Mapping[str, Place]) -> Overrides:
    readers = {"stop": _stop, "schema": _schema, "extra": _extra, "headers": _headers}
    return {
        name: readers[name](fields[name]) if name in readers else _word(fields[name])
        for name in KNOBS
        if name in fields
    }


def _word(place: Place) -> object:
    """A knob's value from a scalar as it was written: YAML reads a bare ``off`` as false."""
    if isinstance(place.node.value, dict | tuple):
        place.wrong("must be a single value")
    try:
        return KNOBS[place.name].parse(place.node.text)
    except UsageError as error:
        place.wrong(error.what, hint=error.hint)


def _stop(place: Place) -> object:
    if not isinstance(place.node.value, tuple):
        return _word(place)
    return tuple(_text(item) for item in place.items())


def _text(place: Place) -> str:
    """A text that may well be blank, such as two line ends."""
    if not isinstance(place.node.value, str) or not place.node.value:
        place.wrong("must be a text, and not empty", hint="put it in quotes")
    return place.node.value


def _schema(place: Place) -> object:
    value = place.node.value
    if isinstance(value, str) and value.startswith("@"):
        return SchemaFile(value[1:], f"{place.at}: {place.path}")
    if not isinstance(value, dict):
        return _word(place)
    try:
        return schema_of(place.name, place.json())
    except UsageError as error:
        place.wrong(error.what, hint=error.hint)


def _extra(place: Place) -> Mapping[str, Json]:
    return {key: child.json() for key, child in place.entries().items()}


def _headers(place: Place) -> Mapping[str, HeaderText]:
    found: dict[str, HeaderText] = {}
    for name, child in place.entries().items():
        template = child.string().strip()
        complaint = header_complaint(name, VARIABLE.sub("x", template))
        if complaint:
            child.wrong(complaint)
        found[name.lower()] = HeaderText(template, f"{child.at}: {child.path}")
    return found
