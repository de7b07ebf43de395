"""LiteLLM's log rows: SpendLogs of its database, and the StandardLoggingPayload of its callbacks."""

from __future__ import annotations

from dataclasses import replace

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_text
from tui.chat.parts import Dialect, Json
from tui.chat.record import Failure, SessionRecord
from tui.chat.route import Served
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.errors import UsageError
from tui.imports.answers import TRUNCATED, answer_in
from tui.imports.calls import session_of
from tui.imports.dialects import dialect_of
from tui.imports.fields import decimal, obj, text, unix_time
from tui.imports.limits import quoted, refused
from tui.imports.reading import Reading, plain_url
from tui.imports.recorded import Answered, Call, answered, read_body
from tui.imports.remarks import CUT, UNREAD
from tui.imports.source import Source, json_or_none

_DIALECTS: tuple[tuple[str, Dialect], ...] = (
    ("anthropic_messages", "messages"),
    ("responses", "responses"),
    ("completion", "chat"),
)
_REDACTED = "redacted-by-litellm"


def is_row(value: Json) -> bool:
    """Whether a value is a log row of a LiteLLM proxy."""
    if not isinstance(value, dict):
        return False
    spend = "spend" in value and ("request_id" in value or "litellm_call_id" in value)
    payload = "response_cost" in value and ("call_type" in value or "litellm_call_id" in value)
    return spend or payload


def rows_in(value: Json) -> list[Json]:
    """The rows in a file's value: one, a list, or a page of them."""
    if isinstance(value, dict) and not is_row(value) and isinstance(value.get("data"), list):
        value = value["data"]
    return value if isinstance(value, list) else [value]


def read_litellm_log(source: Source, reading: Reading) -> SessionRecord:
    """The session in the rows of a file; UsageError when none holds a request's body."""
    rows = [item for _, item in source.lines] if source.lines else rows_in(source.value)
    calls: list[tuple[float, int, Call]] = []
    bare = 0
    for number, row in enumerate(rows):
        if not is_row(row):
            reading.remarks.say(UNREAD, "What is no log row is left out.", f"{number}")
            continue
        body = _body(row)
        if body is None:
            bare += 1
            continue
        try:
            call = _call(row, body, f"{number}", reading)
        except UsageError as error:
            says = "A row that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"{number}: {quoted(error.what, 120)}")
            continue
        calls.append((call.at, number, call))
    if bare:
        says = f"{bare} rows hold no messages; the proxy keeps them with store_prompts_in_spend_logs only."
        reading.remarks.say(UNREAD, says)
    if not calls:
        hint = "general_settings.store_prompts_in_spend_logs: true makes the proxy keep the messages"
        raise refused(f"none of its {len(rows)} log rows holds a request that can be read", hint=hint)
    in_order = [call for _, _, call in sorted(calls, key=lambda item: item[:2])]
    return session_of(in_order, reading, "litellm-log")


def _call(row: dict[str, Json], body: dict[str, Json], path: str, reading: Reading) -> Call:
    response = _value(row.get("response"))
    _remark_cuts(body, response, path, reading)
    at = unix_time(row.get("startTime")) or 0.0
    end = unix_time(row.get("endTime"))
    seconds = max(end - at, 0.0) if at and end else None
    provider = text(row, "custom_llm_provider")
    asked = read_body(_dialect(row, body), body, reading, at, provider=provider, upstream=text(row, "model"))
    call = Call(asked, path, at, seconds, plain_url(text(row, "api_base")))
    other = answer_in(response)
    frames = (Frame(WHOLE_BODY, dump_text(response), seconds or 0.0),) if other else ()
    said = Answered(frames, served=_served(row), cost=_cost(row))
    call = answered(call, said, reading, dialect=other)
    return _failed(call, row) if text(row, "status") == "failure" else call


def _failed(call: Call, row: dict[str, Json]) -> Call:
    told = obj(row, "error_information") or obj(_value(row.get("metadata")), "error_information")
    says = (text(told, "error_message") or text(row, "error_str") or text(row, "exception"))[:2000]
    code = text(told, "error_code")
    status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else None
    title = f"refused with {status}" if status else "the call failed"
    failure = Failure("vendor-error", "vendor", title, says, status=status, vendor_message=says or None)
    return replace(call, state="failed", status=status, failure=failure)


def _body(row: dict[str, Json]) -> dict[str, Json] | None:
    """The request: as the proxy got it where that was kept, else what the row says of it."""
    whole_request = _value(row.get("proxy_server_request"))
    if isinstance(whole_request, dict):
        inner = obj(whole_request, "body") or whole_request
        if isinstance(inner.get("messages"), list) or isinstance(inner.get("input"), str | list):
            return inner
    said = _value(row.get("messages"))
    if isinstance(said, dict):
        said = said.get("messages", said.get("input"))
    if isinstance(said, str) and said.strip() and not said.startswith(_REDACTED):
        said = [{"role": "user", "content": said}]
    if not isinstance(said, list) or not said:
        return None
    model = text(row, "model_group") or text(row, "model")
    parameters = {k: v for k, v in obj(row, "model_parameters").items() if k not in ("messages", "input")}
    key = "input" if "responses" in text(row, "call_type") else "messages"
    return {**parameters, "model": model, key: said}


def _dialect(row: dict[str, Json], body: dict[str, Json]) -> Dialect:
    kind = text(row, "call_type")
    named = next((dialect for word, dialect in _DIALECTS if word in kind), None)
    if named == "responses" and "input" in body:
        return named
    if named in ("messages", "chat") and "messages" in body:
        return named
    return dialect_of(body)


def _served(row: dict[str, Json]) -> Served:
    hidden = obj(row, "hidden_params")
    return Served(
        call_id=text(row, "litellm_call_id") or None,
        model_id=text(row, "model_id") or text(hidden, "model_id") or None,
        group=text(row, "model_group") or None,
        api_base=plain_url(text(row, "api_base")) or None,
    )


def _cost(row: dict[str, Json]) -> Cost:
    """What the row says it cost; a zero is what the proxy writes for a model without a price."""
    told = row["spend"] if "spend" in row else row.get("response_cost")
    usd = decimal(told)
    return Cost(usd, "proxy-log") if usd else UNKNOWN_COST


def _value(value: Json) -> Json:
    """A column that holds JSON, or JSON as text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        found = json_or_none(value)
        return value if found is None else found
    return value


def _remark_cuts(body: dict[str, Json], response: Json, path: str, reading: Reading) -> None:
    kept = dump_text([body, response])
    cuts = kept.count(TRUNCATED)
    if cuts:
        cut = "a text" if cuts == 1 else f"{cuts} texts"
        says = f"The proxy's log has cut {cut}; what stands there is not what was said."
        mend = "MAX_STRING_LENGTH_PROMPT_IN_DB in the proxy's environment keeps longer texts"
        reading.remarks.say(CUT, says, path, mend)
    if _REDACTED in kept:
        says = "The proxy was told not to log what was said; only its shape is there."
        reading.remarks.say(CUT, says, path)
