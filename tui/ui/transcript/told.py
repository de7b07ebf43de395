"""How facts of a conversation are put into blocks: the one home of what streams and what is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tui.chat.conversation import CANCELLED
from tui.chat.events import Answer, PartKind
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Foreign, Reasoning, Text, ToolCall, ToolResult
from tui.clean import clean, visible
from tui.ui.figures import money
from tui.ui.transcript.blocks.figures import estimated_tokens, span
from tui.ui.transcript.blocks.media import named
from tui.ui.transcript.model import (
    Block,
    CardBlock,
    NoticeBlock,
    NoticeLevel,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    ToolState,
)

BADGES = {
    "signed": "✓ sealed",
    "redacted": "redacted",
    "omitted": "omitted (sealed)",
    "unsigned": "unsealed",
}
"""What the state of a reasoning part is called."""

CUT, STOPPED = "cut off here", "stopped here"
"""Said of a part whose end never came: the answer failed, or the user stopped it."""

RETRY = ("r", "retry, or type /retry")
WIRE = ("w", "what was sent, or type /wire")
OTHER_MODEL = ("o", "another model, or type /model")
PASSING = (RETRY, OTHER_MODEL)
"""What a card offers until the conversation goes on."""
ELSEWHERE = frozenset({"unknown-model", "key-model-refused", "cooldown", "overloaded", "vendor-key-refused"})
"""Classes of failures that another model may not meet."""

STOPS = {
    "cancelled": "stopped by you",
    "max_tokens": "the answer ends here because it reached the token limit",
    "refusal": "the model refused to answer",
    "context_full": "the context is full: /new begins a fresh conversation",
    "step_limit": "stopped by the limit of steps in a turn",
    "budget": "stopped by the budget",
}
"""What is said of a turn that did not simply end; a failed one has its card."""


class Failed(Protocol):
    """A failure as it is shown, raised just now or kept."""

    @property
    def cls(self) -> str:
        """What kind of failure it is."""
        ...

    @property
    def title(self) -> str:
        """What failed."""
        ...

    @property
    def what(self) -> str:
        """How."""
        ...

    @property
    def hint(self) -> str:
        """What to do."""
        ...

    @property
    def layer(self) -> str:
        """Who is at fault."""
        ...

    @property
    def status(self) -> int | None:
        """The HTTP status; None when there was no answer."""
        ...

    @property
    def vendor_message(self) -> str | None:
        """The vendor's own sentence."""
        ...


def clock_label(at: float | None) -> str:
    """Unix time as the time of day; empty when not known."""
    if not at:
        return ""
    when = datetime.fromtimestamp(at)
    return f"{when.hour:02}:{when.minute:02}"


def new_part(
    key: str, kind: PartKind, label: str, group: str, *, thinking_folded: bool, tools_folded: bool
) -> Block:
    """A part of an answer with nothing in it yet; ``label`` names the tool or the kind of foreign block."""
    match kind:
        case "thinking":
            return ThinkingBlock(key, folded=thinking_folded, group=group)
        case "text":
            return TextBlock(key, group=group)
        case "tool_call":
            return ToolBlock(key, visible(label), folded=tools_folded, group=group)
        case "foreign":
            return NoticeBlock(key, f"{visible(label)} block, kept as it came", group=group)


def kind_of(part: AssistantPart) -> tuple[PartKind, str]:
    """What a part is called while it streams, and its label."""
    match part:
        case Reasoning():
            return "thinking", ""
        case Text():
            return "text", ""
        case ToolCall(name=name):
            return "tool_call", name
        case Foreign(label=label):
            return "foreign", label


def close_part(block: Block, part: AssistantPart | None, note: str = "") -> bool:
    """Give a part its final form; without ``part`` it keeps what streamed, with a ``note`` it was cut.

    Returns whether its rows must be made anew.
    """
    from tui.ui.transcript.markdown.parse import needs_whole

    anew = True
    match block, part:
        case TextBlock(), Text(text=text):
            final = clean(text)
            anew = final != block.text or bool(note) or needs_whole(final)
            block.text, block.note = final, note
        case TextBlock(), _:
            block.note = note
            anew = bool(note) or needs_whole(block.text)
        case ThinkingBlock(), Reasoning(text=text, state=state):
            block.text, block.badge = clean(text), note or BADGES.get(state, state)
        case ThinkingBlock(), _:
            block.badge = note
        case ToolBlock(), ToolCall(name=name, arguments=arguments):
            block.name, block.arguments = visible(name), clean(arguments)
            block.state = "written" if block.state == "arguments" else block.state
            if note:
                block.note, block.state = note, "error"
        case ToolBlock(), _:
            block.note, block.state = note, "error"
        case NoticeBlock(), Foreign(label=label):
            block.text = f"{visible(label)} block, kept as it came"
    if isinstance(block, ThinkingBlock):
        block.live = False
        block.tokens = estimated_tokens(block.text) or None
    return anew


def cut_note(message: AssistantMessage) -> str:
    """What is said of the parts of an answer whose end never came."""
    return CUT if message.stop == "failed" else STOPPED


def told_tokens(message: AssistantMessage) -> tuple[int, int] | None:
    """The index of an answer's only reasoning part and its tokens as told: vendors tell sums."""
    reasoning = message.usage.reasoning if message.usage else None
    thoughts = [index for index, part in enumerate(message.parts) if isinstance(part, Reasoning)]
    return (thoughts[0], reasoning) if reasoning and len(thoughts) == 1 else None


def set_tool(
    block: ToolBlock,
    state: ToolState,
    seconds: float | None = None,
    result_text: str | None = None,
    size: int | None = None,
    note: str | None = None,
    diff: str | None = None,
    full: str | None = None,
) -> None:
    """What became of a call; ``full`` is all the tool said where ``result_text`` is only a piece of it."""
    block.state, block.seconds, block.size = state, seconds, size
    if result_text is not None:
        block.result = clean(result_text)
        block.keep(full)
    if note is not None:
        block.note = clean(note)
    if diff is not None:
        block.diff = clean(diff)


def end_tool(
    block: ToolBlock, result: ToolResult, seconds: float | None, *, ran: bool, refused: bool
) -> None:
    """The result of a call that ``ran``, was ``refused``, or never came to run."""
    if result.is_error and result.text == CANCELLED:
        set_tool(block, "stopped" if ran else "not run")
        return
    state: ToolState = "refused" if refused else "error" if result.is_error else "ok"
    text = named(result.text, result.parts)
    set_tool(block, state, seconds, text, len(result.text.encode("utf-8", "replace")), full=result.full)


def decided(answer: Answer) -> str:
    """How a call was let run or not, in a person's words."""
    why = f": {answer.reason}" if answer.reason else ""
    if answer.decision == "never":
        lasting = " for this session" if answer.lasting else ""
        return {"user": f"refused by you{lasting}{why}"}.get(answer.by, f"refused{why or ': not approved'}")
    if answer.by == "user":
        return "allowed by you, once" if answer.decision == "once" else "allowed by you for this session"
    return "allowed by a rule of the configuration" if answer.by == "rule" else "allowed by --approve all"


def notice_block(
    key: str, text: str, *, level: NoticeLevel = "info", hint: str = "", group: str = ""
) -> NoticeBlock:
    """A remark; texts need not be clean."""
    return NoticeBlock(key, clean(text), level, visible(hint), group)


def finding_block(key: str, finding: Finding) -> NoticeBlock:
    """What a check says about a request."""
    where = f" ({finding.path})" if finding.path else ""
    level: NoticeLevel = "error" if finding.fatal else "warning"
    return notice_block(key, finding.says + where, level=level, hint=finding.mend)


def stop_block(key: str, stop: str) -> NoticeBlock | None:
    """Why a turn ended where it did; None where nothing needs to be said."""
    said = STOPS.get(stop)
    return notice_block(key, said, level="info" if stop == "cancelled" else "warning") if said else None


def again_block(key: str, attempt: int, why: str, wait_s: float | None = None) -> NoticeBlock:
    """The one retry that is made by itself: to come in ``wait_s`` seconds, or None once it was made."""
    when = "tried again" if wait_s is None else f"trying again in {span(wait_s)}"
    return notice_block(key, f"{when} (attempt {attempt}): {why}", level="warning")


def failure_block(key: str, error: Failed, *, retry: bool, group: str = "", exchange: str = "") -> CardBlock:
    """A failure, with the keys that ask again, that choose another model and that show the request."""
    other = retry and error.cls in ELSEWHERE
    actions = ((RETRY,) if retry else ()) + ((OTHER_MODEL,) if other else ()) + ((WIRE,) if exchange else ())
    message = error.vendor_message or ""
    block = card_block(
        key, error.title, error.what, message, error.hint, error.layer, actions, error.status, group=group
    )
    block.exchange = exchange
    return block


def card_block(
    key: str,
    title: str,
    what: str = "",
    vendor_message: str = "",
    hint: str = "",
    layer: str = "",
    actions: tuple[tuple[str, str], ...] = (),
    status: int | None = None,
    *,
    group: str = "",
) -> CardBlock:
    """A failure with the keys that help; what the vendor says is not said twice."""
    said, message = clean(what).strip(), clean(vendor_message).strip()
    shown = "" if said == message else said
    return CardBlock(
        key, visible(title), shown, message, visible(hint), visible(layer), status, actions, group
    )


def step_line(
    message: AssistantMessage,
    endpoint: str = "",
    seconds: float | None = None,
    *,
    seals_sent: int = 0,
    seals_received: int = 0,
    simulated: bool = False,
    odd: Sequence[str] = (),
) -> str:
    """The quiet line of a step: ``$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new``.

    ``odd`` are badges for what was observed about who answered.
    """
    facts = [cost_text(message, simulated=simulated)]
    output = message.usage.output if message.usage else None
    facts.append("tokens unknown" if output is None else f"{output:,} tok")
    facts += ["" if seconds is None else span(seconds), endpoint]
    if seals_sent or seals_received:
        plural = "" if seals_sent == 1 else "s"
        facts.append(f"{seals_sent} seal{plural} sent, {seals_received} new")
    facts += [f"{'' if place else '⚠ '}{visible(badge)}" for place, badge in enumerate(odd)]
    return " · ".join(fact for fact in facts if fact)


def cost_text(message: AssistantMessage, *, simulated: bool = False) -> str:
    """What the step cost and how sure that is; an unknown cost says so."""
    text = money(message.cost)
    if message.cost.usd is None:
        return text
    if message.cost.source == "estimated" and not message.cost.at_least:
        text += " estimated"
    return f"{text} simulated" if simulated else text
