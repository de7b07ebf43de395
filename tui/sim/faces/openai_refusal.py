"""How OpenAI, and the vendors that copied it, word a refusal: sentences, fields and codes."""

from __future__ import annotations

from typing import Any, NoReturn

from tui.sim.refusal import Refusal


def refuse(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> NoReturn:
    """Raise the vendor's refusal in OpenAI's words and fields."""
    raise Refusal(status, error_body(message, "invalid_request_error", param=param, code=code))


def error_body(
    message: str, type: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """An error in the shape every vendor of the chat dialect answers with."""
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def missing(path: str) -> NoReturn:
    """A parameter that must be there is not."""
    refuse(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")


def unknown(path: str) -> NoReturn:
    """A parameter this endpoint does not have."""
    refuse(f"Unknown parameter: '{path}'.", param=path, code="unknown_parameter")


def wrong_value(value: Any, allowed: tuple[str, ...], path: str) -> NoReturn:
    """A word that is none of those allowed here."""
    refuse(
        f"Invalid value: '{value}'. Supported values are: {listed(allowed)}.",
        param=path,
        code="invalid_value",
    )


def wrong_type(path: str, wanted: str, value: Any) -> NoReturn:
    """A value of the wrong JSON type; ``wanted`` is such as ``an object``."""
    refuse(
        f"Invalid type for '{path}': expected {wanted}, but got {kind(value)} instead.",
        param=path,
        code="invalid_type",
    )


def too_long(path: str, text: str, limit: int) -> NoReturn:
    """A string longer than the vendor takes."""
    refuse(
        f"Invalid '{path}': string too long. Expected a string with maximum length {limit}, "
        f"but got a string with length {len(text)} instead.",
        param=path,
        code="string_above_max_length",
    )


def out_of_range(path: str, value: float, *, below: float | None = None, above: float | None = None) -> None:
    """Refuse a number below or above what the vendor takes; None is no bound."""
    what = "integer" if isinstance(value, int) else "decimal"
    if below is not None and value < below:
        refuse(
            f"Invalid '{path}': {what} below minimum value. Expected a value >= {below}, "
            f"but got {value} instead.",
            param=path,
            code=f"{what}_below_min_value",
        )
    if above is not None and value > above:
        refuse(
            f"Invalid '{path}': {what} above maximum value. Expected a value <= {above}, "
            f"but got {value} instead.",
            param=path,
            code=f"{what}_above_max_value",
        )


def listed(words: tuple[str, ...]) -> str:
    """Words in quotes, as the vendor enumerates them."""
    if len(words) < 2:
        return "".join(f"'{word}'" for word in words)
    head = ", ".join(f"'{word}'" for word in words[:-1])
    return f"{head}, and '{words[-1]}'" if len(words) > 2 else f"{head} and '{words[-1]}'"


def kind(value: Any) -> str:
    """The vendor's words for the JSON type of a value."""
    words = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal",
    }
    return words.get(type(value), "null")
