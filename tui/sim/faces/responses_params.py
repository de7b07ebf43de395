"""The parameters OpenAI's ``/v1/responses`` takes, by model, and xAI's where it differs."""

from __future__ import annotations

from typing import Any

from tui.sim.faces.chat_params import check_effort, check_json_schema, check_model, samples_at
from tui.sim.faces.chat_rules import check_function
from tui.sim.faces.openai_refusal import missing, out_of_range, refuse, unknown, wrong_type, wrong_value
from tui.sim.generations import generation_of

_KNOWN_WORDS = """
    background context_management conversation include input instructions max_output_tokens max_tool_calls
    metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key
    prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature
    text tool_choice tools top_logprobs top_p truncation user
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_INCLUDES = (
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
)
_CONTEXTS = ("auto", "current_turn", "all_turns")
_SUMMARIES = ("auto", "concise", "detailed")
_REASONING = frozenset({"effort", "summary", "context", "generate_summary"})
_FORMATS = ("json_object", "json_schema", "text")
_VERBOSITIES = ("low", "medium", "high")
_CHOICES = ("none", "auto", "required")
_FEWEST_TOKENS = 16


def check_params(body: dict[str, Any], vendor: str) -> None:
    """Refuse a request one of whose parameters the vendor or the model would not take."""
    for word in body:
        if word not in _KNOWN:
            unknown(word)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        missing("model")
    check_model(model, vendor)
    for index, word in enumerate(body.get("include") or []):
        if word not in _INCLUDES:
            wrong_value(word, _INCLUDES, f"include[{index}]")
    if not isinstance(body.get("stream") or False, bool):
        wrong_type("stream", "a boolean", body["stream"])
    _check_reasoning(body, model, vendor)
    _check_numbers(body, model, vendor)
    _check_text(body)
    _check_tools(body)


def effort_of(body: dict[str, Any]) -> str | None:
    """The effort a request asks for; None when it names none."""
    effort = (body.get("reasoning") or {}).get("effort")
    return effort if isinstance(effort, str) else None


def _check_reasoning(body: dict[str, Any], model: str, vendor: str) -> None:
    reasoning = body.get("reasoning")
    if reasoning is None:
        return
    if not isinstance(reasoning, dict):
        wrong_type("reasoning", "an object", reasoning)
    for word in reasoning:
        if word not in _REASONING:
            unknown(f"reasoning.{word}")
    context, summary = reasoning.get("context"), reasoning.get("summary")
    if context is not None and context not in _CONTEXTS:
        wrong_value(context, _CONTEXTS, "reasoning.context")
    if summary is not None and summary not in _SUMMARIES:
        wrong_value(summary, _SUMMARIES, "reasoning.summary")
    check_effort(reasoning.get("effort"), model, vendor, "reasoning.effort")


def _check_numbers(body: dict[str, Any], model: str, vendor: str) -> None:
    limit = body.get("max_output_tokens")
    if limit is not None:
        if not isinstance(limit, int) or isinstance(limit, bool):
            wrong_type("max_output_tokens", "an integer", limit)
        generation = generation_of(model)
        most = generation.max_output if generation else None
        out_of_range("max_output_tokens", limit, below=_FEWEST_TOKENS, above=most)
    for word, most_allowed in (("temperature", 2), ("top_p", 1)):
        value = body.get(word)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool):
            wrong_type(word, "a decimal", value)
        out_of_range(word, float(value), below=0, above=most_allowed)
        if value != 1 and not samples_at(model, effort_of(body), vendor):
            refuse(
                f"Unsupported parameter: '{word}' is not supported with this model.",
                param=word,
                code="unsupported_parameter",
            )


def _check_text(body: dict[str, Any]) -> None:
    text = body.get("text")
    if text is None:
        return
    if not isinstance(text, dict):
        wrong_type("text", "an object", text)
    for word in text:
        if word not in ("format", "verbosity"):
            unknown(f"text.{word}")
    if text.get("verbosity") is not None and text["verbosity"] not in _VERBOSITIES:
        wrong_value(text["verbosity"], _VERBOSITIES, "text.verbosity")
    wanted = text.get("format")
    if wanted is None:
        return
    if not isinstance(wanted, dict):
        wrong_type("text.format", "an object", wanted)
    if wanted.get("type") not in _FORMATS:
        wrong_value(wanted.get("type"), _FORMATS, "text.format.type")
    if wanted["type"] == "json_object" and "json" not in str(body.get("input")).lower():
        refuse(
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'.",
            param="input",
        )
    if wanted["type"] == "json_schema":
        check_json_schema(wanted, "text.format", "text.format.schema")


def _check_tools(body: dict[str, Any]) -> None:
    names = []
    for index, tool in enumerate(body.get("tools") or []):
        if not isinstance(tool, dict) or not tool.get("type"):
            missing(f"tools[{index}].type")
        if tool["type"] == "function":
            check_function(tool, f"tools[{index}]")
            names.append(tool["name"])
    choice = body.get("tool_choice")
    if isinstance(choice, str) and choice not in _CHOICES:
        wrong_value(choice, _CHOICES, "tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "function" and choice.get("name") not in names:
        refuse(f"Tool choice '{choice.get('name')}' not found in 'tools' parameter.", param="tool_choice")
