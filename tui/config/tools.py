"""The configuration of tools: what is offered, what is approved, and how far each may go; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tui.config.node import Place, optional

TOOL_KEYS: dict[str, tuple[str, ...]] = {
    "approval": ("allow", "deny"),
    "files": ("root",),
    "http": ("allow",),
    "shell": ("seconds",),
}
"""The valid keys of the mappings below."""

RuleText: TypeAlias = tuple[str, str]
"""An approval rule as written, such as ``shell(git status*)``, and its file, line and key path."""


@dataclass(frozen=True, slots=True)
class ApprovalTexts:
    """The rules as written; whoever judges calls reads them."""

    allow: tuple[RuleText, ...] = ()
    deny: tuple[RuleText, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """What is offered to models, and how far it goes."""

    offered: tuple[str, ...] | None = None
    """Names of the tools offered; None offers those that never ask."""
    approval: ApprovalTexts = ApprovalTexts()
    root: str | None = None
    """The directory files are read and written below; None is the working directory."""
    hosts: tuple[str, ...] = ()
    """Private names, addresses and networks that may be called all the same."""
    shell_seconds: float | None = None
    """How long a command may run at most; None leaves it to the tool."""


def read_tools(top: Mapping[str, Place]) -> ToolSettings:
    """What the top-level keys about tools say."""
    files, http, shell = (
        top[key].fields(TOOL_KEYS[key]) if key in top else {} for key in ("files", "http", "shell")
    )
    return ToolSettings(
        offered=optional(top, "tools", tool_names, None),
        approval=optional(top, "approval", _approval, ApprovalTexts()),
        root=optional(files, "root", Place.string, None),
        hosts=optional(http, "allow", _hosts, ()),
        shell_seconds=optional(shell, "seconds", Place.seconds, None),
    )


def tool_names(place: Place) -> tuple[str, ...]:
    """A list of tools' names, or ``none``."""
    if place.node.text == "none":
        return ()
    return tuple(item.string() for item in place.items())


def _approval(place: Place) -> ApprovalTexts:
    fields = place.fields(TOOL_KEYS["approval"])
    return ApprovalTexts(
        allow=optional(fields, "allow", _rules, ()),
        deny=optional(fields, "deny", _rules, ()),
    )


def _rules(place: Place) -> tuple[RuleText, ...]:
    return tuple((item.string(), f"{item.at}: {item.path}") for item in place.items())


def _hosts(place: Place) -> tuple[str, ...]:
    return tuple(_host(item) for item in place.items())


def _host(place: Place) -> str:
    text = place.string().strip()
    if "://" in text or any(c.isspace() for c in text):
        place.wrong("must be a host, an address or a network, without scheme and path", hint="10.0.0.0/8")
    return text
