"""Hypothesis strategies for everything a session is kept as: part kinds, messages, exchanges, whole sessions.

Texts hold what breaks codecs: lone surrogates, characters beyond the first plane, NUL, directions,
nothing at all. NaN is left out, for it equals nothing.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar, get_args

from hypothesis import strategies as st

from tui.chat.catalog import Price
from tui.chat.events import Answer, DecidedBy, Decision
from tui.chat.finding import Finding
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, Message, Stop, ToolMessage, UserMessage
from tui.chat.parts import (
    Dialect,
    Document,
    Foreign,
    Image,
    KnownBy,
    Opaque,
    Origin,
    Reasoning,
    ReasoningState,
    SealKind,
    Text,
    ToolCall,
    ToolResult,
)
from tui.chat.record import (
    CallFacts,
    Exchange,
    Failure,
    Node,
    Purpose,
    SessionInfo,
    SessionRecord,
    SessionState,
    Timing,
    Wire,
)
from tui.chat.route import DIALECTS, Reason, Route, Served
from tui.chat.settings import OutputSchema, ToolSpec
from tui.chat.usage import Cost, CostSource, Figure, FigureSource, Totals, Usage
from tui.errors import Layer

V = TypeVar("V")

COVERED: dict[type, frozenset[str]] = {}
"""The fields these strategies fill, by type."""

EXTREMES = (
    "",
    "\x00",
    "\ud83d",
    "\ude00\ud83d",
    "\ud83d\ude00",
    "😀\U0010ffff",
    "e\u0301\u202egnp.exe\u2066",
    "\u2028\r\n\x1b[31m\x85",
    '"\\u0041\\',
    "\ufeff</script>&amp;`|<!--",
    "🏳️‍🌈 שלום 漢字",
)


def _whole(made: type[V], /, **how: st.SearchStrategy[Any]) -> st.SearchStrategy[V]:
    COVERED[made] = frozenset(how)
    return st.builds(made, **how)


def _word(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


def _few(one: st.SearchStrategy[V], most: int = 3) -> st.SearchStrategy[tuple[V, ...]]:
    return st.lists(one, max_size=most).map(tuple)


texts = st.one_of(
    st.sampled_from(EXTREMES),
    st.text(max_size=12),
    st.text(st.characters(exclude_categories=()), max_size=6),
)
names = st.one_of(st.sampled_from(("claude-opus-4-5", "anthropic", "gpt-5", "")), texts)
ids = st.one_of(st.from_regex(r"\A[a-z0-9]{1,12}\Z"), texts)
maybe_texts = st.none() | texts
counts = st.integers(0, 2**53)
maybe_counts = st.none() | counts
seconds = st.floats(0, 1e6, allow_nan=False)
times = st.floats(0, 4e9, allow_nan=False)
figures = st.decimals(0, 1000, allow_nan=False, allow_infinity=False, places=9) | st.sampled_from(
    (Decimal("0.00"), Decimal("1E-30"), Decimal("123456789.123456789123456789123456789"))
)
numbers = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.sampled_from((10**400 + 1, -(10**4200), 1e400, -0.0, 5e-324)),
)
jsons = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, jsons, max_size=3)

origins = _whole(
    Origin,
    dialect=_word(Dialect),
    vendor=names,
    model=names,
    deployment=maybe_texts,
    known_by=_word(KnownBy),
    seals=_word(SealKind),
)
opaques = _whole(Opaque, origin=origins, data=objects | jsons)
maybe_opaques = st.none() | opaques
base64_texts = st.binary(max_size=12).map(lambda data: base64.b64encode(data).decode())

text_parts = _whole(Text, text=texts, opaque=maybe_opaques)
reasoning_parts = _whole(Reasoning, text=texts, state=_word(ReasoningState), opaque=maybe_opaques)
tool_calls = _whole(
    ToolCall,
    id=ids,
    name=names,
    arguments=objects.map(lambda value: json.dumps(_short(value))) | texts,
    as_sent=st.booleans(),
    opaque=maybe_opaques,
)
images = _whole(
    Image, media_type=st.sampled_from(("image/png", "image/x")) | texts, data=base64_texts, name=texts
)
documents = _whole(
    Document, media_type=st.just("application/pdf") | texts, data=base64_texts, name=texts, pages=maybe_counts
)
foreign_parts = _whole(Foreign, label=names, opaque=opaques)
user_parts = text_parts | images | documents
tool_results = _whole(
    ToolResult, call_id=ids, parts=_few(user_parts), is_error=st.booleans(), full=maybe_texts
)
assistant_parts = text_parts | reasoning_parts | tool_calls | foreign_parts

usages = _whole(
    Usage,
    input=maybe_counts,
    cache_read=maybe_counts,
    cache_write_5m=maybe_counts,
    cache_write_1h=maybe_counts,
    output=maybe_counts,
    reasoning=maybe_counts,
)
costs = _whole(Cost, usd=st.none() | figures, source=_word(CostSource), at_least=st.booleans())
totals = _whole(Totals, turns=counts, steps=counts, usage=usages, cost=costs)

user_messages = _whole(UserMessage, id=ids, parts=_few(user_parts), at=times)
assistant_messages = _whole(
    AssistantMessage,
    id=ids,
    parts=_few(assistant_parts),
    origin=origins,
    stop=_word(Stop),
    stop_raw=maybe_texts,
    usage=st.none() | usages,
    cost=costs,
    at=times,
    unfinished=st.frozensets(st.integers(0, 3), max_size=2),
)
tool_messages = _whole(ToolMessage, id=ids, results=_few(tool_results), at=times)
messages: st.SearchStrategy[Message] = user_messages | assistant_messages | tool_messages

answers = _whole(Answer, decision=_word(Decision), by=_word(DecidedBy), reason=texts, lasting=st.booleans())
call_facts = _whole(
    CallFacts, call_id=ids, seconds=st.none() | seconds, answer=st.none() | answers, diff=texts
)
nodes = _whole(
    Node,
    message=messages,
    parent=maybe_texts,
    system=maybe_texts,
    bound_from=counts,
    calls=_few(call_facts, 2),
    tools=texts,
)

prices = _whole(
    Price,
    input=st.none() | figures,
    output=st.none() | figures,
    cache_read=st.none() | figures,
    cache_write_5m=st.none() | figures,
    cache_write_1h=st.none() | figures,
    above=_few(st.tuples(counts, st.builds(Price, input=figures)), 1),
)
reasons = _whole(
    Reason, text=texts, source=st.sampled_from(("explicit", "rule", "catalog", "name", "pin", "default"))
)
routes = _whole(
    Route,
    requested=names,
    provider=st.sampled_from(sorted(DIALECTS)),
    base_url=st.just("http://localhost:4000") | texts,
    wire_model=names,
    upstream=maybe_texts,
    vendor=names,
    generation=names,
    price=st.none() | prices,
    pinned=maybe_texts,
    why=_few(reasons, 2),
    configured_thinking=st.none() | objects,
    context=maybe_counts,
    max_output=maybe_counts,
    mixed=st.booleans(),
    deployments=_few(names, 2),
)
served = _whole(
    Served,
    call_id=maybe_texts,
    model_id=maybe_texts,
    model=maybe_texts,
    group=maybe_texts,
    api_base=maybe_texts,
    attempted_retries=maybe_counts,
    attempted_fallbacks=maybe_counts,
    proxy_version=maybe_texts,
    response_cost=maybe_texts,
)
findings = _whole(Finding, cls=names, says=texts, path=texts, mend=texts, fatal=st.booleans())
failures = _whole(
    Failure,
    cls=names,
    layer=_word(Layer),
    title=texts,
    what=texts,
    hint=texts,
    status=st.none() | st.integers(100, 599),
    vendor_message=maybe_texts,
    retry_helps=st.booleans(),
)

_header_names = st.sampled_from(("content-type", "x-litellm-model-id", "set-cookie", "x-custom"))
headers = _few(st.tuples(_header_names, texts))
_json_data = objects.map(lambda value: json.dumps(_short(value)))
frames = _whole(
    Frame,
    event=st.sampled_from(("", "content_block_delta", "response.output_text.delta", WHOLE_BODY)) | texts,
    data=st.one_of(_json_data, st.just("[DONE]"), _json_data.map(lambda text: text[: len(text) // 2]), texts),
    at=seconds,
)
"""Some cut in the middle, as a line that broke leaves them."""
wires = _whole(
    Wire,
    body=st.one_of(st.just(b""), _json_data.map(str.encode), st.binary(max_size=12)),
    request_headers=headers,
    headers=headers,
    frames=_few(frames),
)
_open = st.fixed_dictionaries({"state": st.sampled_from(("open", "lost")), "answer": st.none()})
_failed = st.fixed_dictionaries({"state": st.just("failed"), "failure": failures})
_ended = st.fixed_dictionaries({"state": st.sampled_from(("done", "stopped")), "answer": maybe_texts})
exchanges_whole = _whole(
    Exchange,
    id=ids,
    turn=st.integers(1, 1000),
    step=st.integers(1, 1000),
    at=times,
    route=routes,
    after=maybe_texts,
    answer=maybe_texts,
    state=st.just("done"),
    status=st.none() | st.integers(100, 599),
    served=st.none() | served,
    seconds=st.none() | seconds,
    ttft_s=st.none() | seconds,
    seals_sent=counts,
    seals_received=counts,
    usage=st.none() | usages,
    cost=costs,
    failure=st.none() | failures,
    findings=_few(findings, 2),
    thinking_seconds=st.dictionaries(st.integers(0, 99), seconds, max_size=2),
    timing=_whole(
        Timing, connected=st.none() | seconds, sent=st.none() | seconds, headers=st.none() | seconds
    ),
    figures=_few(
        _whole(Figure, source=_word(FigureSource), usd=st.none() | figures, says=texts),
        2,
    ),
    observed=_few(findings, 2),
    purpose=_word(Purpose),
    repeats=maybe_texts,
    wire=st.none(),
)
exchanges = st.builds(lambda one, how: _with(one, **how), exchanges_whole, _open | _failed | _ended)
"""Finished, failed, still open and lost ones; without their wire."""

tools = _whole(ToolSpec, name=names, description=texts, schema=objects)
overrides = st.fixed_dictionaries(
    {},
    optional={
        "thinking": st.none() | st.just("high") | st.integers(1, 64000),
        "effort": maybe_texts,
        "display": st.sampled_from((None, "summarized", "omitted")),
        "max_tokens": maybe_counts,
        "temperature": st.none() | st.floats(0, 2),
        "top_p": st.none() | st.floats(0, 1),
        "top_k": maybe_counts,
        "stop": _few(texts, 2),
        "schema": st.none() | _whole(OutputSchema, name=names, schema=objects),
        "stream": st.booleans(),
        "cache": st.sampled_from(("off", "5m", "1h")),
        "extra": objects,
        "headers": st.dictionaries(texts, texts, max_size=2),
    },
)
states = _whole(
    SessionState,
    model=names,
    endpoint=st.sampled_from(("auto", "messages", "chat", "responses")),
    overrides=overrides,
    own_system=st.none() | st.tuples(maybe_texts),
    tools=_few(tools, 2),
    leaf=maybe_texts,
    system=maybe_texts,
    bound_from=counts,
    foreign_reasoning=st.sampled_from(("drop", "text")),
    chosen_at=counts,
    unpinned=st.booleans(),
    said=st.frozensets(texts, max_size=2),
    refused=maybe_texts,
    totals=totals,
)
infos = _whole(
    SessionInfo,
    id=st.from_regex(r"\A[0-9a-f]{12}\Z"),
    title=texts,
    titled_by=st.sampled_from(("auto", "user")),
    created=times,
    changed=times,
    pinned=st.booleans(),
    archived=st.booleans(),
    deleted_at=st.none() | times,
    source=names,
    forked_from=maybe_texts,
    model=names,
    models=_few(names, 2),
    messages=counts,
    forks=counts,
    totals=totals,
    is_open=st.booleans(),
)


@st.composite
def records(draw: st.DrawFn, most: int = 6) -> SessionRecord:
    """A whole session: a tree with branches, exchanges of all ends, some with their wire."""
    tree: list[Node] = []
    for place, one in enumerate(draw(st.lists(nodes, max_size=most))):
        parent = draw(st.integers(-1, place - 1)) if draw(st.booleans()) else place - 1
        message = _with(one.message, id=f"m{place}")
        tree.append(_with(one, message=message, parent=tree[parent].message.id if parent >= 0 else None))
    known = st.none() | st.sampled_from([node.message.id for node in tree]) if tree else st.none()
    made: list[Exchange] = []
    for place, one in enumerate(draw(_few(exchanges, most // 2))):
        answer = draw(known) if one.state in ("done", "stopped") else None
        wire = draw(st.none() | wires)
        made.append(_with(one, id=f"x{place}", after=draw(known), answer=answer, wire=wire))
    state = _with(draw(states), leaf=draw(known))
    return SessionRecord(draw(infos), state, tuple(tree), tuple(made))


def _with(value: V, **changes: Any) -> V:
    return replace(value, **changes)  # type: ignore[type-var]


def _short(value: Any) -> Any:
    """``value`` without the integers a vendor's own JSON library would refuse."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    too_long = isinstance(value, int) and value.bit_length() > 1000
    return 0 if too_long or value in (float("inf"), float("-inf")) else value
