"""The one table of knobs: the word for each, what it does, and how its text becomes a setting.

A knob's name is the word used in the configuration, after ``--set`` and ``/set``, and in the form; it
is also its field in ``Settings``. Two knobs hold many entries and are set one by one: ``body.NAME`` is
an entry of ``extra``, ``header.NAME`` one of ``headers``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui import knob_text
from tui.chat.settings import Overrides, Settings
from tui.errors import UsageError
from tui.knob_text import OWN_HEADERS, ReadFile, header_complaint, schema_of
from tui.nearest import nearest

__all__ = [
    "DEFAULT",
    "EFFORTS",
    "KNOBS",
    "OWN_HEADERS",
    "THINKING",
    "Knob",
    "ReadFile",
    "assignments",
    "header_complaint",
    "knob",
    "parse_assignment",
    "parse_assignments",
    "schema_of",
]

DEFAULT = "default"
"""The word for what holds when nobody says anything."""
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
THINKING = ("off", "on", "minimal", "low", "medium", "high", "xhigh", "max")

_Read: TypeAlias = Callable[[str, str, ReadFile | None], Any]
_BODY, _HEADER = "body.", "header."


@dataclass(frozen=True, slots=True)
class Knob:
    """One knob; ``read`` takes its name, the text and a reader of files, and raises UsageError."""

    name: str
    title: str
    help: str
    """One sentence on what it does."""
    absent: str
    """What holds while it is not set."""
    read: _Read
    show: Callable[[Any], str] = str
    words: tuple[str, ...] = ()
    """Every word it takes of any model; a model may take fewer."""
    prefix: str = ""
    """What stands before the name of an entry, for knobs that hold many; else empty."""

    @property
    def default(self) -> Any:
        """Its value while it is not set."""
        return getattr(_DEFAULTS, self.name)

    def parse(self, text: str, read: ReadFile | None = None) -> Any:
        """The value in ``text``; UsageError names what would be right. ``default`` unsets it."""
        return self.default if text == DEFAULT else self.read(self.name, text, read)

    def shown(self, value: Any) -> str:
        """``value`` as text that ``parse`` reads back."""
        return DEFAULT if value is None or value == () else self.show(value)


_DEFAULTS = Settings()


def _words(words: tuple[str, ...]) -> _Read:
    return lambda name, text, _: knob_text.word(name, text, words)


def _range(high: float) -> _Read:
    return lambda name, text, _: knob_text.between(name, text, 0, high)


def _switch(name: str, text: str, _: ReadFile | None) -> bool:
    return knob_text.switch(name, text)


def _whole(name: str, text: str, _: ReadFile | None) -> int:
    return knob_text.whole(name, text)


def _texts(name: str, text: str, _: ReadFile | None) -> tuple[str, ...]:
    return knob_text.texts(name, text)


def _one_by_one(name: str, _text: str, _: ReadFile | None) -> Any:
    entry = next(f"{k.prefix}NAME=VALUE" for k in KNOBS.values() if k.name == name)
    raise UsageError(name, "is set entry by entry", hint=f"write {entry}")


_TABLE = (
    Knob(
        "thinking",
        "Thinking",
        "Whether and how much the model thinks before it answers: a word, or a budget in tokens.",
        "nothing is sent, so what the proxy configures applies, else the model's own default",
        lambda name, text, _: knob_text.word_or_tokens(name, text, THINKING),
        words=THINKING,
    ),
    Knob(
        "effort",
        "Effort",
        "How much work the model puts into an answer, beside what thinking says.",
        "what thinking says, else the model's own default",
        _words(EFFORTS),
        words=EFFORTS,
    ),
    Knob(
        "display",
        "Display of thinking",
        "How thinking comes back: as a summary, or without its text, which the vendor keeps or seals.",
        "older Claude summarizes, newer omits; of OpenAI's models a summary is asked",
        _words(("summarized", "omitted")),
        words=("summarized", "omitted"),
    ),
    Knob(
        "max_tokens",
        "Most tokens",
        "The most tokens of one answer, its thinking included.",
        "the vendor's limit; on /v1/messages the model's limit or 32,000, whichever is less",
        _whole,
    ),
    Knob(
        "temperature",
        "Temperature",
        "How freely the model chooses its words: 0 is steady, Claude goes to 1, others to 2.",
        "nothing is sent: the vendor's default",
        _range(2),
        show=repr,
    ),
    Knob(
        "top_p",
        "Top P",
        "The share of likely words the model chooses among, from 0 to 1.",
        "nothing is sent: the vendor's default",
        _range(1),
        show=repr,
    ),
    Knob(
        "top_k",
        "Top K",
        "How many of the likeliest words the model chooses among.",
        "nothing is sent: the vendor's default",
        _whole,
    ),
    Knob(
        "stop",
        "Stop texts",
        "Texts that end the answer where they would come; several are a JSON list.",
        "nothing ends the answer but the model",
        _texts,
        show=lambda value: json.dumps(list(value), ensure_ascii=False),
    ),
    Knob(
        "schema",
        "Schema of the answer",
        "The JSON Schema the answer follows: the schema itself, or @ and the path of its file.",
        "the answer is free text",
        knob_text.schema,
        show=knob_text.show_schema,
    ),
    Knob(
        "stream",
        "Stream",
        "Whether the answer comes as it is made, or in one piece.",
        "on",
        _switch,
        show=lambda value: "on" if value else "off",
        words=("on", "off"),
    ),
    Knob(
        "cache",
        "Prompt cache",
        "Whether, and for how long, Claude is asked to keep the prompt for the next request.",
        "5m, or what the configuration says",
        _words(("off", "5m", "1h")),
        words=("off", "5m", "1h"),
    ),
    Knob(
        "extra",
        "Body fields",
        "Further fields of the request's body as JSON, sent as given.",
        "none",
        _one_by_one,
        show=lambda value: json.dumps(dict(value), ensure_ascii=False),
        prefix=_BODY,
    ),
    Knob(
        "headers",
        "Headers",
        "Further headers of the request, for the proxy or what stands before it.",
        "none",
        _one_by_one,
        show=lambda value: ", ".join(f"{name}: …" for name in value),
        prefix=_HEADER,
    ),
)

KNOBS: dict[str, Knob] = {knob.name: knob for knob in _TABLE}
"""Every knob by its name, in the order a person would look for them."""


def knob(name: str) -> Knob:
    """The knob of that name; UsageError names the nearest."""
    if name not in KNOBS:
        names = [k.prefix + "NAME" if k.prefix else k.name for k in _TABLE]
        raise UsageError("knob", f"{name!r} is not known", hint=nearest(name, names, "known"))
    return KNOBS[name]


def parse_assignment(text: str, read: ReadFile | None = None) -> tuple[str, Any]:
    """The field of ``Settings`` and its value in ``NAME=VALUE``; UsageError for anything else.

    ``body.NAME=JSON`` and ``header.NAME=TEXT`` give a mapping with that one entry. ``read`` gets the
    file of ``schema=@FILE``.
    """
    name, sign, value = text.partition("=")
    name = name.strip()
    if name != "stop":
        # Blanks around a stop text may be meant.
        value = value.strip()
    if not sign:
        raise UsageError("knob", f"{name!r} has no value", hint="write NAME=VALUE, such as temperature=0.3")
    if name.startswith(_BODY) and len(name) > len(_BODY):
        return "extra", {name[len(_BODY) :]: knob_text.body_value(name, value)}
    if name.startswith(_HEADER) and len(name) > len(_HEADER):
        header = name[len(_HEADER) :].lower()
        complaint = header_complaint(header, value)
        if complaint:
            hint = "write header.NAME=VALUE; a key belongs under proxies in the configuration"
            raise UsageError(name, complaint, hint=hint)
        return "headers", {header: value}
    return name, knob(name).parse(value, read)


def parse_assignments(texts: Iterable[str], read: ReadFile | None = None) -> Overrides:
    """All assignments together: later ones win, stop texts and entries add up."""
    together: dict[str, Any] = {}
    for text in texts:
        field, value = parse_assignment(text, read)
        if field in ("extra", "headers"):
            value = {**together.get(field, {}), **value}
        elif field == "stop" and value:
            value = together.get(field, ()) + value
        together[field] = value
    return together


def assignments(overrides: Overrides) -> Iterator[str]:
    """The assignments that ``parse_assignments`` reads back as ``overrides``; headers' values included."""
    for field, value in overrides.items():
        if field == "extra":
            yield from (f"{_BODY}{key}={json.dumps(item, ensure_ascii=False)}" for key, item in value.items())
        elif field == "headers":
            yield from (f"{_HEADER}{name}={item}" for name, item in value.items())
        else:
            yield f"{field}={KNOBS[field].shown(value)}"
