"""A stored conversation as blocks, for opening a session at once."""

from __future__ import annotations

from collections.abc import Iterator

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import AssistantPart, Attachment, Foreign, Reasoning, Text, ToolCall
from tui.chat.route import Target
from tui.chat.seals import is_returnable
from tui.clean import clean, visible
from tui.ui.figures import money
from tui.ui.transcript.apply import clock_label
from tui.ui.transcript.blocks.figures import estimated_tokens
from tui.ui.transcript.blocks.media import media_block, named
from tui.ui.transcript.feed import BADGES, FOREIGN_BADGE
from tui.ui.transcript.model import (
    Block,
    FooterBlock,
    NoticeBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)


def history_blocks(
    conversation: Conversation,
    target: Target | None = None,
    *,
    thinking_folded: bool = False,
    tools_folded: bool = True,
) -> list[Block]:
    """The blocks of a conversation; reasoning that may not go to ``target``, if given, says so."""
    blocks: list[Block] = []
    tools: dict[str, ToolBlock] = {}
    for message in conversation.messages:
        match message:
            case UserMessage(id=id, parts=parts):
                blocks.append(UserBlock(id, clean(message.text), clock_label(message.at), group=id))
                attached = [part for part in parts if isinstance(part, Attachment)]
                blocks += [media_block(f"{id}-media-{n}", part, id) for n, part in enumerate(attached)]
            case AssistantMessage():
                for block in _answer(message, target):
                    if isinstance(block, ThinkingBlock):
                        block.folded = thinking_folded
                    elif isinstance(block, ToolBlock):
                        block.folded = tools_folded
                    blocks.append(block)
                tools = _tools(message, blocks)
            case ToolMessage(results=results):
                for result in results:
                    if tool := tools.get(result.call_id):
                        tool.result = clean(named(result.text, result.parts))
                        tool.keep(result.full)
                        tool.size = len(result.text.encode("utf-8", "replace"))
                        tool.state, tool.note = ("error" if result.is_error else "ok"), ""
    return blocks


def _tools(message: AssistantMessage, blocks: list[Block]) -> dict[str, ToolBlock]:
    own = [block for block in blocks if isinstance(block, ToolBlock) and block.group == message.id]
    calls = [part for part in message.parts if isinstance(part, ToolCall)]
    return {call.id: block for call, block in zip(calls, own, strict=True)}


def _answer(message: AssistantMessage, target: Target | None) -> Iterator[Block]:
    for index, part in enumerate(message.parts):
        yield _part(part, f"{message.id}-{index}", message.id, target, cut=index in message.unfinished)
    output = message.usage.output if message.usage else None
    tokens = "tokens unknown" if output is None else f"{output:,} tok"
    yield FooterBlock(f"{message.id}-footer", f"{money(message.cost)} · {tokens}", group=message.id)


def _part(part: AssistantPart, key: str, group: str, target: Target | None, *, cut: bool) -> Block:
    match part:
        case Text(text=text):
            return TextBlock(key, clean(text), group, "cut off here" if cut else "")
        case Reasoning(text=text, state=state):
            badge = BADGES[state] if target is None or is_returnable(part, target) else FOREIGN_BADGE
            shown = clean(text)
            return ThinkingBlock(key, shown, badge, estimated_tokens(shown) or None, group=group)
        case ToolCall(name=name, arguments=arguments):
            state_note = "cut off here" if cut else "no result"
            return ToolBlock(key, visible(name), clean(arguments), "error", note=state_note, group=group)
        case Foreign(label=label):
            return NoticeBlock(key, f"{visible(label)} block, kept as it came", group=group)
