"""The configuration of traces: where spans go, and whether what was said goes along; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tui.config.node import Place, optional

TRACE_KEYS: dict[str, tuple[str, ...]] = {"traces": ("endpoint", "headers", "content")}
"""The valid keys of ``traces``."""

_PATH = "/v1/traces"


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """An OTLP collector over HTTP; ``headers`` hold secrets as those of a proxy do."""

    endpoint: str
    """The whole URL spans are posted to."""
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    content: Literal["off", "on"] = "off"
    """Whether prompts, answers and the tools' arguments and results are part of the spans."""


def read_traces(
    top: Mapping[str, Place],
    check_url: Callable[[str], str | None],
    headers: Callable[[Place], Mapping[str, Any]],
) -> TraceSettings | None:
    """What stands under ``traces``; None where it is absent, and so nothing is traced."""

    def read(place: Place) -> TraceSettings:
        fields = place.fields(TRACE_KEYS["traces"])
        if "endpoint" not in fields:
            place.wrong("has no endpoint", hint="endpoint: http://localhost:4318")
        url = fields["endpoint"].string().strip()
        complaint = check_url(url) or (None if "${" not in url else "must be a plain URL")
        if complaint:
            fields["endpoint"].wrong(complaint)
        content = optional(fields, "content", lambda p: p.word(("off", "on")), "off")
        return TraceSettings(
            endpoint=url if url.endswith(_PATH) else url.rstrip("/") + _PATH,
            headers=optional(fields, "headers", headers, {}),
            content="on" if content == "on" else "off",
        )

    return optional(top, "traces", read, None)
