"""Arithmetic without evaluating code: a whitelist of syntax, exact where numbers are whole."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.toolbox import ToolError

MAX_LENGTH = 500
MAX_BITS = 4096
"""The largest whole number that is computed; a power beyond it would hold the program."""

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in ("sqrt", "sin", "cos", "tan", "log", "log2", "log10", "exp", "floor", "ceil")
} | {"abs": abs, "round": round, "min": min, "max": max}
_CONSTANTS = {"pi": math.pi, "e": math.e}


class Calculator:
    """Evaluates one arithmetic expression."""

    spec = ToolSpec(
        "calculator",
        "Evaluate an arithmetic expression: + - * / // % **, parentheses, pi, e, and "
        + ", ".join(_FUNCTIONS)
        + ".",
        {
            "type": "object",
            "properties": {"expression": {"type": "string", "description": "such as (17 + 4) * 2"}},
            "required": ["expression"],
            "additionalProperties": False,
        },
    )

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """The value as text; ToolError for anything that is not plain arithmetic."""
        expression = arguments["expression"]
        if not isinstance(expression, str):
            raise ToolError("expression must be a string")
        if len(expression) > MAX_LENGTH:
            raise ToolError(f"the expression is longer than {MAX_LENGTH} characters")
        return evaluate(expression)


def evaluate(expression: str) -> str:
    """The value of ``expression`` as text; ToolError when it is not arithmetic or has no value."""
    try:
        tree = ast.parse(
            expression.replace("^", "**").replace("×", "*").replace("÷", "/").strip(), mode="eval"
        )
        value = _value(tree.body)
        return str(value)
    except ToolError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolError(f"not an arithmetic expression: {error}") from error
    except (ArithmeticError, TypeError) as error:
        raise ToolError(f"no value: {error}") from error


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _bounded(value)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _UNARY[type(op)](_value(operand))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left), _value(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _bounded(_BINARY[type(op)](_value(left), _value(right)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _bounded(_FUNCTIONS[name](*(_value(arg) for arg in args)))
        case _:
            raise ToolError(f"not arithmetic: {ast.unparse(node)}")


def _power(base: Any, exponent: Any) -> Any:
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(base) > 1 and exponent * abs(base).bit_length() > MAX_BITS:
        raise ToolError("the result is too large")
    value = base**exponent
    if isinstance(value, complex):
        raise ToolError("the result is not a real number")
    return _bounded(value)


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ToolError("the result is too large")
    return value
