"""What is wrong with an imported history before it goes on; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tui.chat.catalog import Catalog
from tui.chat.conversation import arguments_object
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, ToolMessage
from tui.chat.parts import Reasoning
from tui.chat.record import SessionRecord
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.errors import UsageError
from tui.generations import UNKNOWN_VENDOR, vendor_of
from tui.imports.answers import CODECS
from tui.imports.reading import RouteFor
from tui.resolver import resolve

_NOBODY = "http://localhost"
"""A route needs an address; nothing is sent there."""


def lint(record: SessionRecord, route_for: RouteFor | None) -> tuple[Finding, ...]:
    """What stands wrong in the open conversation, and what its model would not take back."""
    found = [*_once([*_pairs(record), *_thinking(record)])]
    route = _route(record, route_for)
    if route is not None:
        foreseen = CODECS[route.dialect].foresee(record.conversation(), route, Settings(), record.state.tools)
        found += [finding for finding in _once(foreseen) if finding not in found]
    return tuple(found)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each remark once, with its first place and how often it was made."""
    counts: dict[tuple[str, str, str, bool], list[str]] = {}
    for f in findings:
        counts.setdefault((f.cls, f.says, f.mend, f.fatal), []).append(f.path)
    for (cls, says, mend, fatal), paths in counts.items():
        times = f" ({len(paths)} times)" if len(paths) > 1 else ""
        yield Finding(cls, says + times, paths[0], mend, fatal)


def _route(record: SessionRecord, route_for: RouteFor | None) -> Route | None:
    """Where the conversation would go on: as the proxy knows the model, else by its name."""
    model = record.state.model
    if not model.strip():
        return None
    try:
        if route_for is not None:
            return route_for(model, record.state.endpoint)
        if vendor_of(model) == UNKNOWN_VENDOR:
            return None
        endpoint = record.state.endpoint
        if endpoint not in ("messages", "chat", "responses"):
            return resolve(model, Catalog(), base_url=_NOBODY)
        return resolve(model, Catalog(), base_url=_NOBODY, endpoint=endpoint)  # type: ignore[arg-type]
    except UsageError:
        return None


def _pairs(record: SessionRecord) -> Iterator[Finding]:
    """Calls and results that do not belong together."""
    messages = [node.message for node in record.path()]
    seen: set[str] = set()
    open_calls: Counter[str] = Counter()
    where = ""
    for number, message in enumerate(messages):
        path = f"messages.{number}"
        if isinstance(message, ToolMessage):
            given = Counter(result.call_id for result in message.results)
            if orphans := given - open_calls:
                twice = all(id in open_calls for id in orphans)
                cls = "tool-result-duplicate" if twice else "tool-result-without-use"
                says = f"{orphans.total()} tool results answer no call before them; they are not sent."
                yield Finding(cls, says, path)
            open_calls -= given
            continue
        if open_calls:
            yield _unanswered(open_calls, where)
        open_calls = Counter()
        if isinstance(message, AssistantMessage):
            where = path
            open_calls = Counter(call.id for call in message.calls)
            if again := [id for id in open_calls if id in seen]:
                says = f"{len(again)} calls have ids that earlier calls have already."
                yield Finding("tool-use-id-duplicate", says, path)
            seen.update(open_calls)
            if bad := [c for c in message.calls if arguments_object(c.arguments) is None]:
                says = f"The arguments of {len(bad)} calls are no JSON object; they go out empty."
                yield Finding("tool-input-not-object", says, path)
    if open_calls:
        yield _unanswered(open_calls, where)


def _unanswered(calls: Counter[str], path: str) -> Finding:
    says = f"{calls.total()} calls have no result; they are answered as cancelled when the session goes on."
    return Finding("tool-use-without-result", says, path)


def _thinking(record: SessionRecord) -> Iterator[Finding]:
    """Claude's thinking without its seal, which Claude does not take back."""
    count, first = 0, ""
    for number, node in enumerate(record.path()):
        message = node.message
        if isinstance(message, AssistantMessage) and message.origin.seals == "claude":
            unsigned = sum(isinstance(p, Reasoning) and p.state == "unsigned" for p in message.parts)
            first = first or (f"messages.{number}" if unsigned else "")
            count += unsigned
    if count:
        says = f"{count} of Claude's thinking blocks have no signature; they can be read and are not sent."
        yield Finding("anthropic-signature-missing", says, first)
