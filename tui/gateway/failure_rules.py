"""Which sentence of a vendor means which class of broken request, and what mends it: data only.

Patterns are matched, first rule first, against the vendor's own sentence without quotes and
backticks, on one line. They hold the distinctive middle of each sentence, never its tail or an
index: tails are reworded often, and indices count in the request the vendor saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One class with the sentences that mean it; ``retry`` = the same request may pass next time."""

    cls: str
    hint: str
    pattern: re.Pattern[str]
    retry: bool = False


def rule(cls: str, hint: str, *patterns: str, retry: bool = False) -> Rule:
    """A rule whose sentence contains any of ``patterns``, whatever the case."""
    return Rule(cls, hint, re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE), retry)


_FORK = "Fork the session before the message named, or start a new one; sending it again fails again."
_OWN_BLOCKS = "Switch back to the model that wrote it, or begin a new conversation."
KEEP_PAIRS = "A tool call and its result must stay together: begin a new conversation."
"""What mends every refusal about the pairs of calls and results."""


THINKING: tuple[Rule, ...] = (
    rule(
        "anthropic-prefix-bound",
        "System prompt, tools or an earlier message changed under sealed thinking. Undo the change, or"
        " begin a new conversation.",
        r"bound to a different conversation",
        r"requires the thinking-binding-controls",
    ),
    rule(
        "anthropic-thinking-modified",
        "Sealed thinking changed on its way. Use --endpoint messages, and begin a new conversation.",
        r"blocks in the latest assistant message cannot be modified",
        r"must remain as they were in the original response",
    ),
    rule(
        "gemini-signature-corrupt",
        "Send it again once; if it fails again, begin a new conversation.",
        r"corrupted thought signature",
        r"thought signature is not valid",
        r"base64 decoding failed for",
        retry=True,
    ),
    rule(
        "anthropic-signature-invalid",
        "The seal is foreign or damaged. " + _OWN_BLOCKS,
        r"invalid signature in thinking block",
        r"invalid data in redacted_thinking block",
    ),
    rule(
        "anthropic-signature-missing",
        "A thinking block lost its seal on the way. Use --endpoint messages and begin a new conversation.",
        r"thinking\.signature(\.str)?: (field required|input should be a valid str|extra inputs are not)",
        r"redacted_thinking\.data: field required",
    ),
    rule(
        "anthropic-empty-unsigned-thinking",
        "An empty thinking block without a seal came from another model. " + _OWN_BLOCKS,
        r"each thinking block must contain thinking",
    ),
    rule(
        "anthropic-must-start-with-thinking",
        "The sealed thinking of a tool call is missing. Use --endpoint messages, or --thinking off.",
        r"expected thinking or redacted_thinking, but found",
        r"but found (text|tool_use)\b",
        r"final assistant message must start with a thinking block",
        r"the first block must be thinking or redacted_thinking",
    ),
    rule(
        "anthropic-thinking-while-disabled",
        "Send a new prompt, or switch thinking on again.",
        r"when thinking is disabled, an assistant message in the final position",
    ),
    rule(
        "anthropic-thinking-field-omitted",
        "An omitted thinking block lost its empty text. " + _FORK,
        r"thinking\.thinking: field required",
    ),
    rule(
        "anthropic-thinking-type-rejected",
        "This model takes another kind of thinking: drop --thinking, or give an effort word such as medium.",
        r"thinking\.type\.\w+ is not supported for this model",
        r"adaptive thinking is not supported on this model",
        r"effort \w+ is not supported when thinking is disabled",
    ),
    rule(
        "anthropic-budget-bounds",
        "Raise --max-tokens above the thinking budget (1024 at least), or leave --max-tokens away.",
        r"max_tokens must be greater than thinking\.budget_tokens",
        r"budget_tokens: input should be greater than or equal to 1024",
    ),
    rule(
        "anthropic-sampling-with-thinking",
        "Remove temperature, top_p and top_k from the settings or the proxy's configuration of this model.",
        r"temperature may only be set to 1 when thinking",
        r"top_p must be (greater than or equal to 0\.95|unset)",
        r"(temperature|top_p|top_k) is (deprecated|not supported) for this model",
        r"temperature and top_p cannot both be specified",
        r"(temperature|top_p|top_k): extra inputs are not permitted",
    ),
    rule(
        "anthropic-forced-tool-choice",
        "Remove tool_choice, or send this turn with --thinking off where the model allows it.",
        r"thinking may not be enabled when tool_choice forces tool use",
        r"tool_choice: type tool and any are not supported",
    ),
    rule(
        "clear-thinking-needs-thinking",
        "Remove the clear_thinking edit, or switch thinking on.",
        r"clear_thinking_\d+ strategy requires thinking",
    ),
)
"""Sealed thinking of Claude, and thought signatures that are damaged."""

HISTORY: tuple[Rule, ...] = (
    rule(
        "anthropic-prefill-rejected",
        "The history must end with a prompt: send a new one.",
        r"does not support assistant message prefill",
    ),
    rule(
        "bedrock-tool-pairing",
        KEEP_PAIRS,
        r"expected toolresult blocks at",
        r"number of toolresult blocks at .{0,60}exceeds",
    ),
    rule(
        "tool-use-without-result",
        KEEP_PAIRS,
        r"tool_use ids were found without tool_result blocks",
    ),
    rule(
        "tool-result-without-use",
        KEEP_PAIRS,
        r"unexpected tool_use_id found in \w*tool_result blocks",
    ),
    rule(
        "tool-result-duplicate",
        KEEP_PAIRS,
        r"each tool_use must have a single result",
        r"found multiple tool_result blocks with id",
    ),
    rule("tool-use-id-duplicate", _FORK, r"tool_use ids must be unique"),
    rule(
        "tool-id-charset",
        "This vendor does not take the ids of another vendor's tool calls: begin a new conversation.",
        r"tool_use\.id: string should match pattern",
        r"toolUseId.{0,120}(pattern|constraint)",
        r"server_tool_use\.id: string should match pattern",
    ),
    rule(
        "cache-control-empty-text",
        "Send with cache: off, or begin a new conversation.",
        r"cache_control cannot be set for empty text blocks",
    ),
    rule(
        "cache-control-limit",
        "Set cache: off for this model, or remove cache markers the proxy's configuration adds.",
        r"a maximum of 4 blocks with cache_control",
        r"cache_control block must not come after a ttl=",
    ),
    rule(
        "empty-text-block",
        _FORK,
        r"text content blocks must (be non-empty|contain non-whitespace text)",
        r"text field in the contentblock object at .{0,80}is blank",
    ),
    rule(
        "empty-message",
        _FORK,
        r"messages must have non-empty content",
        r"content field in the message object at .{0,80}is empty",
    ),
    rule(
        "trailing-whitespace-prefill",
        "Send a new prompt instead of continuing the last answer.",
        r"final assistant content cannot end with trailing whitespace",
    ),
    rule(
        "gemini-turn-order",
        "Gemini wants the history in another order: begin a new conversation.",
        r"function call turn comes immediately after a user turn",
        r"multiturn requests alternate between user and model",
        r"requests ending with a model turn are not supported",
    ),
    rule(
        "role-order-first",
        _FORK,
        r"roles must alternate between user and assistant",
        r"first message must use the user role",
        r"at least one message is required",
        r"conversation must start with a user message",
        r"does not support successive user or assistant messages",
    ),
    rule(
        "mid-conversation-system-placement",
        "This model takes a system prompt only in front: begin a new conversation.",
        r"unexpected role system",
        r"messages\.\d+\.role: input should be user or assistant",
        r"clear_at: (extra inputs are not permitted|clear_at is only permitted)",
        r"turn-scoped system message",
    ),
    rule(
        "server-tool-unresolved",
        "Offer the same server tools as before, or begin a new conversation.",
        r"was found without a corresponding \w+_tool_result block",
        r"but no \w+ tool was provided",
        r"invalid encrypted_content in search_result block",
    ),
    rule(
        "image-limits",
        "Make the image smaller, or begin a new conversation.",
        r"image dimensions exceed max allowed size",
        r"image exceeds \d+ ?mb maximum",
        r"could not process image",
    ),
    rule(
        "context-overflow",
        "Too long for this model: lower --max-tokens, switch to one with a longer context, or begin anew.",
        r"prompt is too long",
        r"exceed context limit",
        r"maximum allowed number of output tokens",
        r"maximum context length is",
        r"input token count .{0,40}exceeds the maximum",
        r"context_length_exceeded",
    ),
    rule(
        "lone-surrogate",
        "A text holds half a character: begin a new conversation.",
        r"no low surrogate in string",
        r"surrogates? not allowed",
        r"lone surrogate",
    ),
)
"""Order, pairs and contents of an Anthropic or Bedrock history; sizes."""
