"""Codex's ``config.toml``, for the models that keep their reasoning on ``/v1/responses``: all it speaks."""

from __future__ import annotations

from tui.generations import is_claude
from tui.interop.offer import Model, Offer, Written, first_of, names, split

PROVIDER = "litellm"
_WHY_NOT = "it speaks /v1/responses only, where it does not keep Claude's seals, and works by tools"


def write(offer: Offer) -> Written:
    """The whole file as TOML; UsageError when no model or not the one asked for can be used."""
    usable, remarks = split(offer.models, _works, f"codex: {_WHY_NOT}")
    chosen = first_of(offer, usable, "codex", _WHY_NOT)
    lines = [f"model = {toml_string(chosen.id)}", f"model_provider = {toml_string(PROVIDER)}"]
    if chosen.route.context:
        lines.append(f"model_context_window = {chosen.route.context}")
    lines += [
        "",
        f"[model_providers.{PROVIDER}]",
        'name = "LiteLLM"',
        f"base_url = {toml_string(offer.openai_base)}",
        f"env_key = {toml_string(offer.key_variable)}",
        'wire_api = "responses"',
    ]
    others = [model.id for model in usable if model is not chosen]
    also = (f"also to be had, with codex -m NAME: {names(others)}",) if others else ()
    where = "put it into ~/.codex/config.toml, above whatever tables are there"
    return Written("\n".join(lines) + "\n", (where, *also, *remarks, *offer.left_out))


def toml_string(text: str) -> str:
    """``text`` as a basic string of TOML, in ASCII; surrogates cannot be written and become U+FFFD."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if 0x20 <= code < 0x7F:
        return char
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _works(model: Model) -> bool:
    return not is_claude(model.route.generation) and model.route.accepts.tools is not False
