"""Which tools a simulated model calls next: arithmetic, the time, and those it is told to use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tui.sim.beats import Call, Offered, Scene
from tui.sim.wishes import fitted_call, wished

_DEFAULT_EXPRESSION = "17 * 23"
_NUMBER = r"\(*-?\d[\d_]*(?:\.\d+)?\)*"
_EXPRESSION = re.compile(rf"{_NUMBER}(?:\s*(?:\*\*|[-+*/%])\s*{_NUMBER})+")
_SPOKEN = (
    (r"(\d+(?:\.\d+)?)\s*%\s*of\s*(\d+(?:\.\d+)?)", r"\1 / 100 * \2"),
    (r"(?<=\d),(?=\d{3}\b)", ""),
    (r"\bplus\b", "+"),
    (r"\bminus\b|−", "-"),
    (r"\btimes\b|\bmultiplied by\b|×|·|(?<=\d)\s*x\s*(?=\d)", " * "),
    (r"\bdivided by\b|÷", "/"),
    (r"\bto the power of\b|\^", "**"),
    (r"\bsquared\b", "** 2"),
)
_DATES = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_TIME = (
    r"\bwhat(?:'s| is)? the (?:time|date)\b|\bwhat time\b|\btime is it\b|\bcurrent[_ ]time\b"
    r"|\btime in\b|\bo'clock\b|\btoday\b|\bthe time\b|\bwhat day\b|\bwie spät\b"
)
_PLACES = {
    "berlin": "Europe/Berlin",
    "paris": "Europe/Paris",
    "london": "Europe/London",
    "madrid": "Europe/Madrid",
    "vienna": "Europe/Vienna",
    "zurich": "Europe/Zurich",
    "tokyo": "Asia/Tokyo",
    "delhi": "Asia/Kolkata",
    "singapore": "Asia/Singapore",
    "sydney": "Australia/Sydney",
    "new york": "America/New_York",
    "chicago": "America/Chicago",
    "san francisco": "America/Los_Angeles",
    "los angeles": "America/Los_Angeles",
    "são paulo": "America/Sao_Paulo",
}


def next_calls(scene: Scene) -> tuple[Call, ...]:
    """The calls of this step; none when the model has what it needs, or has no tools."""
    if not scene.tools:
        return ()
    plan = _plan(scene)
    if not plan and scene.forced and not scene.results:
        plan = [_forced(scene)]
    done = len(scene.results)
    if scene.says(r"\bendless\b"):
        return (_endless(scene),)
    if done >= len(plan):
        return ()
    together = scene.parallel and scene.says(r"\bparallel\b")
    return tuple(plan[done:]) if together else (plan[done],)


def _plan(scene: Scene) -> list[Call]:
    """All calls the prompt asks for, in order."""
    tools = {t.name: t for t in scene.tools}
    plan: list[Call] = []
    if "calculator" in tools:
        expressions = expressions_in(scene.prompt)
        if not expressions and scene.says(r"\bcalculat\w*\b|\bparallel\b|\bbad json\b|\binterleaved\b"):
            expressions = [_DEFAULT_EXPRESSION]
        if scene.says(r"\bparallel\b") and "current_time" not in tools and len(expressions) == 1:
            expressions.append("2 ** 10")
        if scene.says(r"\bbad json\b"):
            plan.append(Call("calculator", '{"expression": "' + (expressions or [_DEFAULT_EXPRESSION])[0]))
        plan += [_call(tools["calculator"], {"expression": e}) for e in expressions]
    several = scene.says(r"\bparallel\b|\binterleaved\b") and len(plan) < 2
    if "current_time" in tools and (scene.says(_TIME) or several):
        plan += [_call(tools["current_time"], {"timezone": z}) for z in timezones_in(scene.prompt)]
    wishes = wished(scene.prompt, scene.tools)
    plan += wishes
    planned = {"calculator", "current_time", *(call.name for call in wishes)}
    for name, tool in tools.items():
        if name not in planned and scene.says(rf"\b{re.escape(name)}\b"):
            plan.append(fitted_call(tool, _made_up(tool.schema, scene.prompt)))
    return plan


def expressions_in(prompt: str) -> list[str]:
    """The arithmetic in a prompt, as expressions a calculator takes, each once."""
    text = _DATES.sub(" ", prompt)
    for pattern, operator in _SPOKEN:
        text = re.sub(pattern, operator, text, flags=re.IGNORECASE)
    found = (re.sub(r"\s+", " ", m[0]).strip() for m in _EXPRESSION.finditer(text))
    return list(dict.fromkeys(_balanced(e) for e in found))


def timezones_in(prompt: str) -> list[str]:
    """The time zones of the places a prompt names, in the order of their names; UTC for none."""
    lower = prompt.lower()
    zones = [zone for place, zone in _PLACES.items() if re.search(rf"\b{place}\b", lower)]
    zones += re.findall(r"\b(?:Europe|America|Asia|Africa|Australia|Pacific)/[A-Z]\w+", prompt)
    return list(dict.fromkeys(zones)) or ["UTC"]


def _balanced(expression: str) -> str:
    """The expression without brackets that have no partner at its ends."""
    while expression.count(")") > expression.count("(") and expression.endswith(")"):
        expression = expression[:-1]
    while expression.count("(") > expression.count(")") and expression.startswith("("):
        expression = expression[1:]
    return expression


def _call(tool: Offered, arguments: Mapping[str, Any]) -> Call:
    return Call(tool.name, json.dumps(arguments, ensure_ascii=False))


def _endless(scene: Scene) -> Call:
    tool = next((t for t in scene.tools if t.name == "calculator"), scene.tools[0])
    if tool.name == "calculator":
        return _call(tool, {"expression": f"{scene.step} + 1"})
    return fitted_call(tool, _made_up(tool.schema, scene.prompt))


def _forced(scene: Scene) -> Call:
    tool = next((t for t in scene.tools if t.name == scene.forced), scene.tools[0])
    if tool.name == "calculator":
        return _call(tool, {"expression": _DEFAULT_EXPRESSION})
    if tool.name == "current_time":
        return _call(tool, {"timezone": timezones_in(scene.prompt)[0]})
    return fitted_call(tool, _made_up(tool.schema, scene.prompt))


def _made_up(schema: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    """Texts for a tool's arguments: what the prompt has in quotes or backticks, else plain fillers."""
    quoted = re.findall(r"[\"`“]([^\"`”]+)[\"`”]", prompt)
    properties = schema.get("properties") or {}
    names = schema.get("required") or list(properties)[:1]
    texts = [n for n in names if (properties.get(n) or {}).get("type", "string") == "string"]
    plain = [name for name in texts if not (properties.get(name) or {}).get("enum")]
    return {name: quoted.pop(0) if quoted else "simulated" for name in plain}
