"""What an Anthropic request may ask of each model generation: thinking, effort, sampling, forced tools."""

from __future__ import annotations

from typing import Any

from tui.sim.faces.anthropic_request import BINDING_BETA, DOCS_HINT, INTERLEAVED_BETA, Thinking, refuse
from tui.sim.generations import Generation

NO_SAMPLING_VERSION = "2026-10-21"
_TYPES = ("adaptive", "between_tools", "disabled", "enabled")
_KEYS = {
    "enabled": {"type", "budget_tokens", "display", "block_binding"},
    "adaptive": {"type", "display", "block_binding"},
    "between_tools": {"type", "display", "block_binding"},
    "disabled": {"type"},
}
_ADAPTIVE_ADVICE = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'


def thinking_of(body: dict[str, Any], generation: Generation, betas: frozenset[str]) -> Thinking:
    """The request's thinking; raises the vendor's refusal for what the generation does not take."""
    given = body.get("thinking")
    if given is None:
        on = generation.thinks_by_default
        return Thinking(None, on, manual=False, budget=None, omitted=generation.omits_text)
    kind = _thinking_form(given, betas)
    _thinking_allowed(kind, generation)
    budget = _budget(given, body, generation, betas) if kind == "enabled" else None
    display = given.get("display")
    if display not in (None, "summarized", "omitted"):
        refuse(f"thinking.{kind}.display: Input should be 'summarized' or 'omitted'")
    binding = given.get("block_binding")
    return Thinking(
        kind,
        on=kind != "disabled",
        manual=kind == "enabled",
        budget=budget,
        omitted=display == "omitted" if display else generation.omits_text,
        drop_mismatched=None if binding is None else _drops(binding, kind),
    )


def check_params(body: dict[str, Any], generation: Generation, thinking: Thinking, version: str) -> None:
    """Raise the vendor's refusal for effort, sampling or a forced tool the generation does not take."""
    _effort(body, generation, thinking)
    _sampling(body, generation, thinking, version)
    choice = body.get("tool_choice") or {}
    if choice.get("type") in ("any", "tool"):
        if not generation.forced_tools:
            refuse('tool_choice: type "tool" and "any" are not supported for this model.')
        if thinking.manual:
            refuse("Thinking may not be enabled when tool_choice forces tool use.")


def _thinking_form(given: Any, betas: frozenset[str]) -> str:
    if not isinstance(given, dict):
        refuse("thinking: Input should be a valid dictionary or object to extract fields from")
    kind = given.get("type")
    if kind is None:
        refuse("thinking: Unable to extract tag using discriminator 'type'")
    if kind not in _TYPES:
        known = ", ".join(repr(t) for t in _TYPES)
        refuse(
            f"thinking: Input tag {kind!r} found using 'type' does not match any of the expected tags: "
            f"{known}"
        )
    for key in given:
        if key not in _KEYS[kind] or (key == "block_binding" and BINDING_BETA not in betas):
            refuse(f"thinking.{kind}.{key}: Extra inputs are not permitted")
    return str(kind)


def _thinking_allowed(kind: str, generation: Generation) -> None:
    if kind in generation.thinking:
        return
    if kind == "adaptive":
        refuse("adaptive thinking is not supported on this model")
    if kind == "between_tools":
        refuse('"thinking.type.between_tools" is not supported for this model.')
    sentence = f'"thinking.type.{kind}" is not supported for this model. '
    if kind == "disabled" and "between_tools" in generation.thinking:
        refuse(
            f'{sentence}Use "thinking.type.between_tools" for the lowest thinking setting, or '
            '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        )
    if kind == "disabled" and "enabled" in generation.thinking:
        refuse(
            f"{sentence}Thinking defaults to adaptive mode when not specified; use "
            '"thinking.type.enabled" with "budget_tokens" for extended thinking.'
        )
    refuse(sentence + _ADAPTIVE_ADVICE)


def _budget(
    given: dict[str, Any], body: dict[str, Any], generation: Generation, betas: frozenset[str]
) -> int:
    budget = given.get("budget_tokens")
    if budget is None:
        refuse("thinking.enabled.budget_tokens: Field required")
    if not isinstance(budget, int) or isinstance(budget, bool):
        refuse("thinking.enabled.budget_tokens: Input should be a valid integer")
    if budget < 1024:
        refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    interleaved = generation.interleaves == "beta" and INTERLEAVED_BETA in betas
    if budget >= body["max_tokens"] and not interleaved:
        refuse(
            "`max_tokens` must be greater than `thinking.budget_tokens`. "
            f"{DOCS_HINT}#max-tokens-and-context-window-size"
        )
    return budget


def _drops(binding: Any, kind: str) -> bool:
    path = f"thinking.{kind}.block_binding"
    if not isinstance(binding, dict):
        refuse(f"{path}: Input should be a valid dictionary or object to extract fields from")
    behavior = binding.get("prefix_mismatch_behavior")
    if behavior not in ("error", "drop_block"):
        refuse(f"{path}.prefix_mismatch_behavior: Input should be 'error' or 'drop_block'")
    return bool(behavior == "drop_block")


def _effort(body: dict[str, Any], generation: Generation, thinking: Thinking) -> None:
    config = body.get("output_config")
    if config is None:
        return
    if not isinstance(config, dict):
        refuse("output_config: Input should be a valid dictionary or object to extract fields from")
    for key in config:
        if key not in ("effort", "format"):
            refuse(f"output_config.{key}: Extra inputs are not permitted")
    effort = config.get("effort")
    if effort is None:
        return
    if not generation.efforts:
        refuse("This model does not support the effort parameter.")
    if effort not in generation.efforts:
        known = ", ".join(repr(e) for e in generation.efforts)
        refuse(f"output_config.effort: Input should be one of {known}")
    if generation.name == "claude-opus-5" and thinking.type == "disabled" and effort in ("xhigh", "max"):
        refuse(f"output_config.effort {effort!r} is not supported when thinking is disabled on this model")


def _sampling(body: dict[str, Any], generation: Generation, thinking: Thinking, version: str) -> None:
    given = {k: body[k] for k in ("temperature", "top_p", "top_k") if body.get(k) is not None}
    for key, value in given.items():
        if version >= NO_SAMPLING_VERSION:
            refuse(f"{key}: Extra inputs are not permitted")
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            refuse(f"{key}: Input should be a valid number")
        if key != "top_k" and not 0 <= value <= 1:
            refuse(f"{key}: range: 0..1")
    if not generation.free_sampling:
        for key, value in given.items():
            if key == "top_k" or value != 1:
                refuse(f"`{key}` is deprecated for this model.")
        return
    if thinking.on:
        if given.get("temperature", 1) != 1:
            refuse(
                "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. "
                f"{DOCS_HINT}"
            )
        if "top_k" in given:
            refuse(f"`top_k` must be unset when thinking is enabled. {DOCS_HINT}")
        if given.get("top_p", 1) < 0.95:
            refuse("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")
    if "temperature" in given and "top_p" in given:
        refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
