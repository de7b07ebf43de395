"""Which sentence of a vendor other than Anthropic, or of LiteLLM's own checks, means which class: data only.

The patterns follow the rules of ``failure_rules``; those for Anthropic's history are tried first.
"""

from __future__ import annotations

from tui.gateway.failure_rules import HISTORY, KEEP_PAIRS, THINKING, Rule, rule

_BY_VALUE = (
    "OpenAI no longer knows an item of this history: begin a new conversation, or go on over"
    " --endpoint messages."
)
_OTHER_ACCOUNT = (
    "The sealed reasoning belongs to another account or deployment: pin the deployment that answered"
    " first, or begin a new conversation."
)

TOOLS_AND_FIELDS: tuple[Rule, ...] = (
    rule(
        "tool-def-invalid",
        "Correct or switch off the tool named; the index counts in the list of tools sent.",
        r"tools\.\d+\.custom\.(input_schema|name):",
        r"tool names must be unique",
        r"invalid schema for function",
        r"unknown name .{0,60}at tools\[\d+\]",
    ),
    rule(
        "tool-input-not-object",
        "A tool call's arguments were not an object: begin a new conversation.",
        r"tool_use\.input: input should be a valid dictionary",
        r"tool_use\.name: string should have at least 1 character",
    ),
    rule(
        "beta-flag-rejected",
        "Remove the anthropic-beta header named from this proxy's headers.",
        r"invalid beta flag",
        r"unexpected value\(s\) .{0,120}for the anthropic-beta header",
    ),
    rule(
        "extra-inputs",
        "Remove the field named from the settings, or send the beta header it needs.",
        r"extra inputs are not permitted",
    ),
)

LITELLM: tuple[Rule, ...] = (
    rule(
        "litellm-tools-param-missing",
        "The history holds tool calls but no tools are offered: offer the same tools again.",
        r"support tool calling without tools= param",
        r"requests which include tool_use or tool_result blocks must define tools",
        r"toolconfig field must be defined when using tooluse",
    ),
    rule(
        "litellm-unsupported-params",
        "Drop the parameter named (reasoning_effort: give no --thinking), or set drop_params on the proxy.",
        r"does not support parameters: ",
        r"effort=\w+ is not supported by this model",
        r"to drop these, set litellm\.drop_params",
    ),
    rule(
        "litellm-gemini-sig-in-id",
        "A Gemini seal travels inside a tool call's id: go on with Gemini, or begin a new conversation.",
        r"tool_calls\[\d+\]\.id: string too long.{0,80}length \d{3}",
        r"__thought__",
    ),
    rule(
        "litellm-encrypted-affinity",
        _OTHER_ACCOUNT,
        r"encrypted content organization_id did not match",
        r"created under a different azure openai resource",
    ),
    rule(
        "litellm-gemini-tool-name",
        KEEP_PAIRS,
        r"missing corresponding tool call for tool response message",
    ),
)

OPENAI: tuple[Rule, ...] = (
    rule(
        "openai-tool-calls-unanswered",
        KEEP_PAIRS,
        r"with tool_calls must be followed by tool messages",
        r"insufficient tool messages following tool_calls",
    ),
    rule(
        "openai-tool-orphan",
        KEEP_PAIRS,
        r"role tool must be a response to a prece+ding message with tool_calls",
    ),
    rule(
        "openai-tool-id-length",
        "This vendor takes short ids of tool calls only: begin a new conversation.",
        r"tool_calls\[\d+\]\.id: string too long",
        r"tool_call_id: string too long",
        r"call_id: string too long",
        r"string_above_max_length",
    ),
    rule(
        "openai-item-id-prefix",
        _BY_VALUE,
        r"expected an id that begins with",
        r"begins with (fc|ctc|rs|msg)\b",
    ),
    rule(
        "openai-reasoning-orphan",
        _BY_VALUE,
        r"of type reasoning was provided without its required following item",
    ),
    rule("openai-missing-reasoning", _BY_VALUE, r"was provided without its required reasoning item"),
    rule(
        "openai-item-not-found",
        _BY_VALUE,
        r"item with id .{0,120}not found",
        r"previous response with id .{0,120}not found",
        r"items are not persisted when store",
    ),
    rule(
        "openai-encrypted-invalid",
        _OTHER_ACCOUNT,
        r"encrypted content .{0,200}could not be verified",
        r"could not be decrypted or (parsed|decoded)",
        r"invalid_encrypted_content",
    ),
    rule(
        "openai-call-output-pairing",
        KEEP_PAIRS,
        r"no tool output found for function call",
        r"no tool call found for function call output",
        r"tool call output is missing for call id",
    ),
    rule("openai-duplicate-item", _BY_VALUE, r"duplicate item found with id"),
    rule(
        "openai-tools-with-effort-on-chat",
        "Use --endpoint responses: this model takes tools and reasoning together there only.",
        r"function tools with reasoning_effort are not supported",
    ),
    rule(
        "openai-param-unsupported",
        "Leave summaries out with --set display=omitted, or have the organization verified by OpenAI.",
        r"verified to generate reasoning summaries",
    ),
    rule(
        "openai-param-unsupported",
        "Remove the parameter named from the settings.",
        r"unsupported value: ",
        r"unsupported parameter: ",
        r"invalid value: .{0,120}supported values are",
        r"argument not supported on this model",
    ),
)

OTHERS: tuple[Rule, ...] = (
    rule(
        "gemini-signature-missing",
        "Gemini's seal of that tool call is missing: begin a new conversation, or go back to Gemini.",
        r"missing a thought_signature",
        r"missing thought_signature",
    ),
    rule(
        "gemini-response-count",
        KEEP_PAIRS,
        r"number of function response parts is equal to the number of function call",
    ),
    rule(
        "deepseek-reasoning-missing",
        "DeepSeek wants its own reasoning back: use --endpoint messages, or --thinking off.",
        r"missing reasoning_content field in the assistant message",
        r"in the thinking mode must be passed back",
    ),
    rule(
        "kimi-reasoning-missing",
        "Kimi wants its own reasoning back: begin a new conversation, or --thinking off.",
        r"reasoning_content is missing in assistant tool call message",
    ),
    rule(
        "reasoning-field-forbidden",
        "This vendor takes no reasoning back: begin a new conversation.",
        r"property \S{0,80}reasoning_content is unsupported",
        r"unrecognized request argument supplied: (include_)?reasoning",
    ),
    rule(
        "deepseek-thinking-effort-conflict",
        "Give either --thinking off or an effort, not both.",
        r"cannot be disabled when reasoning_effort is set",
    ),
    rule(
        "mistral-order",
        "Mistral wants the history in another order: begin a new conversation.",
        r"expected last role user or tool",
        r"not the same number of function calls and responses",
        r"unexpected role \w+ after role tool",
    ),
    rule(
        "mistral-tool-id",
        "Mistral takes ids of nine letters or digits only: begin a new conversation.",
        r"tool call id was .{0,200}with a length of 9",
    ),
    rule(
        "bedrock-reasoning-shape",
        "Bedrock wants reasoning in its own nested shape: use --endpoint messages.",
        r"unknown union member",
        r"reasoningtext.{0,60}(missing|required|must not be null)",
    ),
)

VENDOR_RULES: tuple[Rule, ...] = (*THINKING, *HISTORY, *LITELLM, *TOOLS_AND_FIELDS, *OPENAI, *OTHERS)
"""Every rule about a vendor's sentence, in the order they are tried."""

HIDDEN: tuple[Rule, ...] = (
    rule(
        "litellm-encrypted-affinity",
        _OTHER_ACCOUNT,
        r"azureexception.{0,400}encrypted content .{0,200}could not be verified",
    ),
)
"""Rules that need the whole message because the wrapper tells which class it is; tried before the others."""

WRAPPERS: tuple[Rule, ...] = (
    rule(
        "vendor-wrapper-hides-error",
        "The vendor's own words are hidden. Look at the raw answer, and at the proxy's log.",
        r"^provider returned error\W*$",
        r"^request contains an invalid argument\W*$",
        r"midstreamfallbackerror",
        r"contentpolicyviolationerror",
        r"received model group=",
    ),
)
"""Messages that still hide the vendor's words after everything was unwrapped; tried last."""
