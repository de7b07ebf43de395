"""What of a conversation's images and documents a route can be shown, decided before anything is sent.

Part by part in the order they were said: one is shown if the request with all that are shown before
it still keeps the vendor's rules. What is not shown is told by name. Both depend only on the route
and on what precedes, so an earlier request stays a prefix of a later one; and a conversation goes on
wherever it is taken. Only an attachment of the prompt that is about to be sent is refused instead.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.media import GIF, PDF
from tui.chat.messages import Message, ToolMessage, UserMessage
from tui.chat.parts import Attachment, Document, Image, Text, ToolResult
from tui.chat.route import Route
from tui.errors import UsageError
from tui.wire.image_header import encoded, image_type, is_animated
from tui.wire.media_text import file_name, is_text, not_shown, pixels

LIMITS = "image-limits"
"""Class of findings about sizes and counts."""
NOT_TAKEN = "bad-request"
"""Class of findings about what a model or endpoint does not take at all."""
ROOM_FOR_TEXT = 2_000_000
"""Bytes of a request that media leave to everything else."""

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation as a route can be shown it, and what is said about the rest."""

    conversation: Conversation
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Why attachments of the newest prompt cannot be shown."""
        return tuple(finding for finding in self.findings if finding.fatal)

    def refuse(self) -> None:
        """UsageError if the newest prompt holds an attachment that cannot be shown."""
        if self.refused:
            what = "; ".join(finding.says for finding in self.refused)
            raise UsageError("attachment", what, hint=self.refused[0].mend, cls=self.refused[0].cls)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why an attachment is not shown: after ``{name}: ``, and what would help."""

    says: str
    mend: str
    cls: str = LIMITS


@dataclass(slots=True)
class _Request:
    """What is shown so far of one request."""

    route: Route
    images: int = 0
    many: int = 0
    largest: int = 0
    pages: int = 0
    size: int = 0
    hidden: dict[_Reason, list[str]] = field(default_factory=dict)

    def admit(self, part: Attachment, *, in_result: bool) -> _Reason | None:
        """Count ``part`` in, or say why it cannot be shown."""
        reason = self._image(part) if isinstance(part, Image) else self._document(part, in_result)
        reason = reason or self._result(in_result) or self._total(part)
        if reason is None:
            self._count(part)
        return reason

    def _image(self, part: Image) -> _Reason | None:
        rules, name = self.route.accepts.media, self.route.requested
        vision = self.route.accepts.vision
        if vision is False or (rules.images_by_word_only and not vision):
            known = "takes no images" if vision is False else "is not known to take images"
            return _Reason(f"{name} {known}", "choose a model that takes images", NOT_TAKEN)
        if part.media_type not in rules.image_types:
            taken = ", ".join(sorted(kind.partition("/")[2] for kind in rules.image_types)) or "no images"
            says = f"{name} takes {taken}, not {part.media_type}"
            return _Reason(says, "attach it in another format", NOT_TAKEN)
        if (real := _real_type(part)) not in (None, part.media_type):
            return _Reason(f"it is called {part.media_type} and is {real}", "attach the file again")
        if part.media_type == GIF and not rules.animated and _is_moving(part):
            return _Reason(f"{name} takes no moving GIF", "attach a single picture", NOT_TAKEN)
        if rules.image_size and len(part.data) > rules.image_size:
            says = (
                f"{name} takes images up to {_mb(rules.image_size)} as base64; this is {_mb(len(part.data))}"
            )
            return _Reason(says, "attach a smaller copy")
        if rules.images and self.images >= rules.images:
            return _Reason(f"{name} takes {rules.images} images a request, the history's included", _FRESH)
        return self._sides(part)

    def _sides(self, part: Image) -> _Reason | None:
        rules, name = self.route.accepts.media, self.route.requested
        if not rules.side:
            return None
        side = max(pixels(part) or (0, 0))
        if side > rules.side:
            says = f"{name} takes images up to {rules.side} pixels a side; this has {side}"
            return _Reason(says, "attach a smaller copy")
        return self._crowded(side)

    def _crowded(self, side: int) -> _Reason | None:
        """Beyond so many images the limit of each falls, for those said before as well."""
        rules, name = self.route.accepts.media, self.route.requested
        if not rules.many or not rules.side_of_many or self.many < rules.many:
            return None
        limit = f"beyond {rules.many} images a request {name} takes {rules.side_of_many} pixels a side"
        if side > rules.side_of_many:
            return _Reason(f"{limit}; this has {side}", "attach a smaller copy")
        if self.largest > rules.side_of_many:
            return _Reason(f"{limit}; an earlier one has {self.largest}", _FRESH)
        return None

    def _document(self, part: Document, in_result: bool) -> _Reason | None:
        rules, name = self.route.accepts.media, self.route.requested
        if part.media_type != PDF or not rules.pdf or self.route.accepts.pdf is False:
            kind = "PDF" if part.media_type == PDF else part.media_type
            return _Reason(f"{name} takes no {kind}", "attach its text, or choose another model", NOT_TAKEN)
        if in_result and self.route.dialect == "responses" and not rules.pdf_in_results:
            return _Reason(
                f"{name} gets no PDF of a tool on /v1/responses", "use another endpoint", NOT_TAKEN
            )
        if rules.pdf_size and len(part.data) > rules.pdf_size:
            says = f"{name} takes PDFs up to {_mb(rules.pdf_size)} as base64; this is {_mb(len(part.data))}"
            return _Reason(says, "attach a part of it")
        if rules.pages and self.pages + (part.pages or 0) > rules.pages:
            says = f"{name} takes {rules.pages} PDF pages a request, the history's included"
            return _Reason(
                f"{says}; with this it would be {self.pages + (part.pages or 0)}", "attach a part of it"
            )
        return self._crowded(0) if rules.pdfs_count else None

    def _result(self, in_result: bool) -> _Reason | None:
        if in_result and self.route.dialect == "chat" and not self.route.accepts.media_in_results:
            says = f"{self.route.requested} takes text only in tool results on /v1/chat/completions"
            return _Reason(says, "use another endpoint", NOT_TAKEN)
        return None

    def _total(self, part: Attachment) -> _Reason | None:
        limit = self.route.accepts.media.request_size
        if limit and self.size + len(part.data) > limit - ROOM_FOR_TEXT:
            says = f"{self.route.requested} takes {_mb(limit)} a request, the history's attachments included"
            return _Reason(says, _FRESH)
        return None

    def _count(self, part: Attachment) -> None:
        rules = self.route.accepts.media
        self.size += len(part.data)
        if isinstance(part, Image):
            self.images += 1
            self.many += 1
            if rules.many:
                self.largest = max(self.largest, *(pixels(part) or (0, 0)))
        else:
            self.pages += part.pages or 0
            self.many += rules.pdfs_count


_FRESH = "begin a new conversation, or choose another model"


def shown(seen: Conversation, route: Route) -> Shown:
    """The repaired conversation ``seen`` with whatever ``route`` cannot be shown told by name instead."""
    request = _Request(route)
    messages: list[Message] = []
    findings: list[Finding] = []
    for number, message in enumerate(seen.messages):
        asked = number == len(seen.messages) - 1
        match message:
            case UserMessage(parts=parts) if _has_media(parts):
                taken, refused = _user_parts(parts, request)
                if asked and refused:
                    findings += [_refusal(number, part, reason) for part, reason in refused]
                else:
                    _hide(request, refused)
                messages.append(replace(message, parts=taken))
            case ToolMessage(results=results) if any(_has_media(result.parts) for result in results):
                messages.append(replace(message, results=tuple(_result(r, request) for r in results)))
            case _:
                messages.append(message)
    findings += [_hidden(reason, names) for reason, names in request.hidden.items()]
    return Shown(replace(seen, messages=tuple(messages)), tuple(findings))


def check_size(body: bytes, route: Route) -> None:
    """UsageError if a whole request is larger than the vendor takes."""
    limit = route.accepts.media.request_size
    if limit and len(body) > limit:
        says = f"it has {_mb(len(body))}; {route.requested} takes {_mb(limit)}"
        raise UsageError("request", says, hint=_FRESH, cls=LIMITS)


def _has_media(parts: Sequence[Text | Attachment]) -> bool:
    return any(not isinstance(part, Text) for part in parts)


_Refused = tuple[Attachment, _Reason]


def _user_parts(
    parts: Sequence[Text | Attachment], request: _Request, *, in_result: bool = False
) -> tuple[tuple[Text | Attachment, ...], list[_Refused]]:
    taken: list[Text | Attachment] = []
    refused: list[_Refused] = []
    for part in parts:
        reason = None
        if not isinstance(part, Text) and not is_text(part):
            reason = request.admit(part, in_result=in_result)
            if reason is not None:
                refused.append((part, reason))
        taken.append(Text(not_shown(part)) if reason is not None and not isinstance(part, Text) else part)
    return tuple(taken), refused


def _result(result: ToolResult, request: _Request) -> ToolResult:
    taken, refused = _user_parts(result.parts, request, in_result=True)
    _hide(request, refused)
    return replace(result, parts=taken)


def _hide(request: _Request, refused: list[_Refused]) -> None:
    for part, reason in refused:
        request.hidden.setdefault(reason, []).append(file_name(part))


def _refusal(number: int, part: Attachment, reason: _Reason) -> Finding:
    says = f"{file_name(part)}: {reason.says}"
    return Finding(reason.cls, says, f"messages.{number}", reason.mend, fatal=True)


def _hidden(reason: _Reason, names: list[str]) -> Finding:
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    says = f"Of {listed} only the name is told: {reason.says}."
    return Finding(reason.cls, says, "messages", reason.mend)


def _real_type(part: Image) -> str | None:
    """What an image is by its first bytes; None where they say nothing."""
    try:
        return image_type(encoded(part.data))
    except ValueError:
        return None


def _is_moving(part: Image) -> bool:
    try:
        return is_animated(base64.b64decode(part.data))
    except ValueError:
        return False


def _mb(size: int) -> str:
    if size < _MIB:
        return f"{size:,} bytes"
    return f"{size / _MIB:.2f}".rstrip("0").rstrip(".") + " MiB"
