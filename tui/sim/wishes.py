"""What a prompt wants done with files, commands and addresses, as calls of the tools that do it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui.sim.beats import Call, Offered
from tui.sim.instances import instance

_QUOTED = r"`[^`\n]+`|\"[^\"\n]+\"|“[^”\n]+”"
_PATH = rf"(?P<path>{_QUOTED}|~?[\w.-]*[./][\w./~-]*\w)"
"""A file: anything in quotes, or a word with a dot or a slash in it."""
_FOLDER = rf"{_QUOTED}|[\w.~-]*/[\w./~-]*|\."
_WITHIN = rf"(?: (?:in|below|under|of|from) (?:the )?(?:folder |directory )?(?P<within>{_FOLDER}))?"
_WISHES: tuple[tuple[str, str], ...] = (
    ("write_file", rf"\bwrite (?:(?P<before>{_QUOTED}) (?:to|into) )?(?:the file )?{_PATH}"),
    (
        "edit_file",
        rf"\b(?:edit|change) (?:the file )?{_PATH}(?:[:,]? (?:replace |from )?(?P<old>{_QUOTED}) "
        rf"(?:with|by|to|->) (?P<new>{_QUOTED}))?",
    ),
    ("read_file", rf"\bread (?:the file )?{_PATH}"),
    ("list_files", rf"\blist (?:the |all )?files{_WITHIN}"),
    ("search_files", rf"\bsearch for (?P<text>{_QUOTED}|\w+){_WITHIN}"),
    ("shell", rf"\brun (?:the command )?(?P<command>{_QUOTED})"),
    ("http_get", r"\b(?:get|fetch|open) (?P<url>https?://[^\s\"'`<>]*[^\s\"'`<>.,;:!?)])"),
)
_CONTENT = rf"\bwith (?:the (?:content|text) )?(?P<content>{_QUOTED})"
_GLOB = r"(?P<pattern>(?:[\w./-]*\*[\w.*/-]*))"
_NEAR = 400
"""How far behind a wish its details are looked for, in characters."""
_WRITTEN = "Written by a simulated model.\nIt has two lines.\n"


def wished(prompt: str, tools: Sequence[Offered]) -> list[Call]:
    """The calls a prompt wishes for of the tools offered, in its order."""
    offered = {tool.name: tool for tool in tools}
    found: list[tuple[int, Call]] = []
    for name, pattern in _WISHES:
        if name not in offered:
            continue
        for match in re.finditer(pattern, prompt, re.IGNORECASE):
            given = {k: _bare(v) for k, v in match.groupdict().items() if v is not None}
            arguments = _arguments(name, given, prompt[match.start() : match.end() + _NEAR])
            found.append((match.start(), fitted_call(offered[name], arguments)))
    return [call for _, call in sorted(found, key=lambda pair: pair[0])]


def fitted_call(tool: Offered, arguments: Mapping[str, Any]) -> Call:
    """A call with every argument the tool's schema requires: null where that is allowed, else made up."""
    properties = tool.schema.get("properties") or {}
    filled = dict(arguments)
    for name in tool.schema.get("required") or ():
        if name not in filled:
            what = properties.get(name) or {}
            filled[name] = None if _may_be_null(what) else instance(what)
    return Call(tool.name, json.dumps(filled, ensure_ascii=False))


def _arguments(name: str, given: dict[str, str], rest: str) -> dict[str, Any]:
    """The arguments of one wish; ``rest`` is the prompt from there on."""
    match name:
        case "write_file":
            told = re.search(_CONTENT, rest.split("\n\n")[0], re.IGNORECASE)
            content = given.get("before") or (_bare(told["content"]) if told else _WRITTEN)
            return {"path": given["path"], "content": content}
        case "edit_file":
            return {"path": given["path"], "old": given.get("old", "old"), "new": given.get("new", "new")}
        case "list_files" | "search_files":
            pattern = re.search(_GLOB, rest.split(".\n")[0])
            wanted = {"text": given.get("text"), "path": given.get("within")}
            wanted["pattern"] = pattern["pattern"] if pattern else None
            return {key: value for key, value in wanted.items() if value is not None}
        case _:
            return given


def _may_be_null(what: Mapping[str, Any]) -> bool:
    kinds = what.get("type")
    if isinstance(kinds, list):
        return "null" in kinds
    return any(isinstance(c, Mapping) and c.get("type") == "null" for c in what.get("anyOf") or ())


def _bare(text: str) -> str:
    """The text without the quotes around it."""
    return text[1:-1] if text[0] in '`"“' else text
