"""What each model generation accepts, and how ids of all spellings are traced to a generation.

The one file of the program that knows model names. ``canonical`` removes what a provider, a
platform or a release date adds to an id; ``accepts`` looks the rest up in a table. Within a
family a version nobody has listed yet behaves like the newest listed one before it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tui.chat.parts import SealKind
from tui.chat.route import Accepts, ThinkingDefault

UNKNOWN_VENDOR = "unknown"

_VENDORS: dict[str, str] = {
    "anthropic": "anthropic",
    "azure": "azure",
    "azure_ai": "azure",
    "azure_text": "azure",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "bedrock_mantle": "bedrock",
    "cerebras": "cerebras",
    "codestral": "mistral",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "databricks": "databricks",
    "dashscope": "qwen",
    "deepinfra": "deepinfra",
    "deepseek": "deepseek",
    "fireworks_ai": "fireworks",
    "gemini": "gemini",
    "github_copilot": "github_copilot",
    "groq": "groq",
    "hosted_vllm": "vllm",
    "huggingface": "huggingface",
    "litellm_proxy": "litellm_proxy",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "nvidia_nim": "nvidia",
    "ollama": "ollama",
    "ollama_chat": "ollama",
    "openai": "openai",
    "openai_like": "openai_like",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "replicate": "replicate",
    "sagemaker": "sagemaker",
    "sambanova": "sambanova",
    "text-completion-openai": "openai",
    "together_ai": "together",
    "vertex_ai": "vertex",
    "vertex_ai_beta": "vertex",
    "watsonx": "watsonx",
    "xai": "xai",
    "zai": "zai",
}
"""Our word for each provider a proxy names, by its own word."""

_FAMILY_VENDORS: tuple[tuple[str, str], ...] = (
    (r"claude", "anthropic"),
    (r"gpt-oss", UNKNOWN_VENDOR),
    (r"gpt-|chatgpt-|o[1-9]\b|codex-", "openai"),
    (r"gemini-|gemma-", "gemini"),
    (r"grok-", "xai"),
    (r"deepseek", "deepseek"),
    (r"(?:mistral|mixtral|magistral|codestral|devstral|ministral|pixtral)", "mistral"),
    (r"kimi|moonshot", "moonshot"),
    (r"qwen|qwq", "qwen"),
    (r"glm-", "zai"),
    (r"command", "cohere"),
)
"""Who makes a family, for ids that name no provider; the first match counts."""

_NATIVE_CLAUDE_VENDORS = frozenset({"anthropic", "bedrock", "vertex", "azure", "databricks"})
"""Where the proxy hands Anthropic's own format through to Claude."""

_PLATFORM = re.compile(
    r"^(?:(?:us|eu|apac|global|us-gov|jp|au|ca|sa)\.)?"
    r"(?:anthropic|deepseek|openai|mistral|meta|amazon|cohere|qwen|moonshotai|moonshot|zai|minimax|google)\."
)
_PLATFORM_VERSION = re.compile(r"-v\d+(?::\d+)*$")
_NOISE = re.compile(
    r"(?:@[\w.-]*"  # Vertex: a date or @default
    r"|-v\d+:\d+(?::\w+)?"  # Bedrock: -v1:0
    r"|\[\w+\]"  # a context-window mark
    r"|:(?:free|thinking|beta|nitro|floor|online|extended|exacto)"
    r"|-20\d{6}|-20\d{2}-\d{2}-\d{2}|-\d{2}-20\d{2}|-\d{2}-\d{2}"
    r"|-00\d|-[01]\d[0-3]\d|-2[3-9][01]\d"  # 001, mmdd, yymm
    r"|-latest)$"
)
_CLAUDE_VERSION_FIRST = re.compile(r"^claude-(\d+(?:-\d+)?)-([a-z]+)(.*)$")


def canonical(upstream: str) -> str:
    """The generation id in an upstream id of any spelling; applying it again changes nothing.

    ``bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0`` is ``claude-sonnet-4-5``.
    """
    name = upstream.strip().lower().rstrip("/").rpartition("/")[2]
    before = None
    while name != before:
        before = name
        name = _plainer(name) or name
    return name


def _plainer(name: str) -> str:
    """``name`` with one layer of decoration less."""
    stripped = _PLATFORM.sub("", name)
    if stripped != name:
        return _PLATFORM_VERSION.sub("", stripped)
    name = _NOISE.sub("", name.removeprefix("databricks-")).strip()
    if not name.startswith("claude-"):
        return name
    name = name.replace(".", "-")
    old = _CLAUDE_VERSION_FIRST.match(name)
    if old and not old[1].startswith(("1", "2", "3")):
        name = f"claude-{old[2]}-{old[1]}{old[3]}"
    return re.sub(r"^(claude-[a-z]+-\d+)-0$", r"\1", name)


def vendor_named(provider: str) -> str | None:
    """Our word for the provider a proxy names, such as ``vertex`` for ``vertex_ai-anthropic_models``."""
    word = provider.strip().lower()
    if not word:
        return None
    return _VENDORS.get(word) or _VENDORS.get(word.partition("-")[0]) or word


def vendor_of(upstream: str) -> str:
    """Who runs ``upstream``: by its provider prefix, else by platform spelling, else by family name."""
    return prefix_vendor(upstream) or family_vendor(upstream)


def prefix_vendor(upstream: str) -> str | None:
    """The vendor an id itself names, by provider prefix or platform spelling; None without either."""
    name = upstream.strip().lower()
    prefix, slash, _ = name.partition("/")
    if slash and prefix in _VENDORS:
        return _VENDORS[prefix]
    tail = name.rpartition("/")[2]
    if _PLATFORM.match(tail) or "arn:aws:bedrock" in name:
        return "bedrock"
    if "@" in tail:
        return "vertex"
    return None


def family_vendor(upstream: str) -> str:
    """Who makes the family of ``upstream``, judged by the name alone; ``unknown`` when no family fits."""
    name = canonical(upstream)
    return next((vendor for pattern, vendor in _FAMILY_VENDORS if re.match(pattern, name)), UNKNOWN_VENDOR)


def is_claude(generation: str) -> bool:
    """Whether a canonical generation id names a Claude model."""
    return generation.startswith("claude")


def seals_of(vendor: str, generation: str) -> SealKind:
    """How a model seals its reasoning, whoever runs it."""
    if is_claude(generation):
        return "claude"
    if vendor in ("openai", "azure"):
        return "openai"
    return "gemini" if vendor in ("gemini", "vertex") else "unsigned"


def is_native_claude(vendor: str, generation: str) -> bool:
    """Whether the proxy hands ``/v1/messages`` through unchanged: Claude, at a vendor that speaks it."""
    return is_claude(generation) and vendor in _NATIVE_CLAUDE_VENDORS


_NO_SCHEMA_VENDORS = frozenset({"deepseek"})
"""Vendors whose own API knows JSON, but no schema for it, whatever a proxy's list says."""


def takes_schema(vendor: str, generation: str, told: bool | None, native: bool | None) -> bool | None:
    """Whether answers can be held to a JSON Schema; ``told`` and ``native`` are the proxy's list on it.

    Only a ``native`` schema reaches Claude on Bedrock: of others the proxy makes a forced tool call,
    or leaves them out without a word. None is not known.
    """
    if vendor in _NO_SCHEMA_VENDORS:
        return False
    if vendor == "bedrock" and is_claude(generation) and native is False:
        return False
    known = accepts(generation).schema
    return told if known is None else known


_LOW_HIGH = ("low", "medium", "high")
_NO_XHIGH = (*_LOW_HIGH, "max")
_ALL_EFFORTS = (*_LOW_HIGH, "xhigh", "max")


def _manual(max_output: int, efforts: tuple[str, ...] = (), *, recent: bool = True) -> Accepts:
    """A Claude that thinks only when given a budget; the recent ones are choosier, and follow a schema."""
    return Accepts(
        thinking=frozenset({"enabled", "disabled"}),
        efforts=efforts,
        one_sampling=recent,
        max_output=max_output,
        starts_with_thinking=True,
        schema=recent,
    )


def _adaptive(
    default: ThinkingDefault,
    *others: str,
    prefix_bound: bool = False,
) -> Accepts:
    """A Claude that decides itself how long to think; takes no sampling parameters, omits its text."""
    return Accepts(
        thinking=frozenset({"adaptive", *others}),
        thinking_default=default,
        efforts=_ALL_EFFORTS,
        display_default="omitted",
        sampling=False,
        max_output=128_000,
        prefix_bound=prefix_bound,
        schema=True,
    )


_BOTH = Accepts(
    thinking=frozenset({"adaptive", "enabled", "disabled"}),
    efforts=_NO_XHIGH,
    one_sampling=True,
    max_output=128_000,
    starts_with_thinking=True,
    schema=True,
)
"""The generation between manual and adaptive thinking."""


_OPENAI = Accepts(top_k=False, stops=4)
_GEMINI = Accepts(stops=5)
_XAI = Accepts(top_k=False)
_DEEPSEEK = Accepts(top_k=False, stops=16)


def _gpt(*efforts: str, effort_with_tools: bool = False) -> Accepts:
    return replace(
        _OPENAI,
        efforts=efforts,
        sampling=False,
        stops=0,
        max_output=128_000,
        effort_with_tools=effort_with_tools,
    )


def _gemini(*efforts: str) -> Accepts:
    """A Gemini of the generation whose tool results may hold media."""
    return replace(_GEMINI, efforts=efforts, max_output=65_536, media_in_results=True)


_Version = tuple[int, ...]

_FAMILIES: dict[str, tuple[tuple[_Version, Accepts], ...]] = {
    "claude-sonnet": (
        ((4,), _manual(64_000, recent=False)),
        ((4, 5), _manual(64_000)),
        ((4, 6), _BOTH),
        ((5,), _adaptive("on", "disabled")),
        ((5, 5), _adaptive("on", "between_tools", prefix_bound=True)),
    ),
    "claude-opus": (
        ((4,), _manual(32_000, recent=False)),
        ((4, 1), _manual(32_000)),
        ((4, 5), _manual(64_000, _LOW_HIGH)),
        ((4, 6), _BOTH),
        ((4, 7), _adaptive("off", "disabled")),
        ((5,), replace(_adaptive("on", "disabled"), off_efforts=_LOW_HIGH)),
        ((5, 5), _adaptive("always", prefix_bound=True)),
    ),
    "claude-haiku": (
        ((4, 5), _manual(64_000)),
        ((5, 5), _adaptive("always", prefix_bound=True)),
    ),
    "claude-fable": (
        ((5,), _adaptive("always")),
        ((5, 1), _adaptive("always", prefix_bound=True)),
    ),
    "claude-mythos": (
        ((5,), _adaptive("always")),
        ((5, 2), _adaptive("always", prefix_bound=True)),
    ),
    "gpt": (
        ((3,), _OPENAI),
        ((5,), _gpt("minimal", *_LOW_HIGH)),
        ((5, 1), _gpt("none", *_LOW_HIGH)),
        ((5, 2), _gpt("none", *_LOW_HIGH, "xhigh")),
        ((5, 4), _gpt("none", *_LOW_HIGH, "xhigh", effort_with_tools=True)),
    ),
    "o": (((1,), replace(_gpt(*_LOW_HIGH), max_output=100_000)),),
    "gemini": (
        ((1,), _GEMINI),
        ((2, 5), replace(_GEMINI, efforts=_LOW_HIGH, max_output=65_536)),
        ((3,), _gemini("low", "high")),
        ((3, 1), _gemini(*_LOW_HIGH)),
    ),
    "grok": (((1,), _XAI), ((4,), replace(_XAI, stops=0))),
    "deepseek": (((1,), replace(_DEEPSEEK, returns_reasoning=True, tools=True)),),
    "kimi": (((1,), Accepts(returns_reasoning=True)),),
    "mimo": (((1,), Accepts(returns_reasoning=True)),),
}
"""By family: from which version on what is accepted, ascending."""

_EXCEPTIONS: tuple[tuple[str, Accepts], ...] = (
    (r"claude-3-7-sonnet", _manual(64_000, recent=False)),
    (r"claude-(?:2|instant|3)", Accepts(max_output=8_192, schema=False)),
    (r"claude-mythos-preview", _adaptive("always", "enabled")),
    (r"gpt-oss", Accepts(efforts=_LOW_HIGH)),
    (r"gpt-5(?:\.\d+)?-chat", _OPENAI),
    (r"gpt-5-pro", _gpt("high")),
    (r"gpt-5-codex", _gpt(*_LOW_HIGH)),
    (r"o1-(?:mini|preview)", replace(_gpt(), max_output=65_536)),
    (r"gemini-3(?:\.\d+)?-flash", _gemini("minimal", *_LOW_HIGH)),
    (r"grok-3-mini", replace(_XAI, efforts=("low", "high"), stops=0)),
    (r"deepseek-r1", replace(_DEEPSEEK, sampling_ignored=True)),
    (
        r"deepseek-(?:reasoner|v[4-9])",
        replace(_DEEPSEEK, returns_reasoning=True, tools=True, sampling_ignored=True),
    ),
)
"""Ids that behave unlike their family; matched at the start, the first match counts."""

_NUMBERS = re.compile(r"^-?[a-z]?-?(\d+)(?:[.-](\d{1,2})(?!\d))?")


def accepts(generation: str) -> Accepts:
    """What a canonical generation id takes; the defaults for a family nobody listed."""
    accepted = _listed(generation)
    if not is_claude(generation):
        return accepted
    return replace(
        accepted,
        hottest=1.0,
        cache_marker=True,
        media_in_results=True,
        thinking_moved_on_chat=True,
    )


def _listed(generation: str) -> Accepts:
    for pattern, accepted in _EXCEPTIONS:
        if re.match(pattern, generation):
            return accepted
    family, version = _family_and_version(generation)
    rows = _FAMILIES.get(family, ())
    if version is None:
        return rows[-1][1] if rows else Accepts()
    return next((accepted for since, accepted in reversed(rows) if since <= version), Accepts())


def _family_and_version(generation: str) -> tuple[str, _Version | None]:
    """The listed family an id belongs to and its version; None when the id carries none."""
    family = next((f for f in sorted(_FAMILIES, key=len, reverse=True) if _starts(generation, f)), "")
    if not family:
        return "", None
    numbers = _NUMBERS.match(generation[len(family) :])
    if numbers is None:
        return family, None
    return family, tuple(int(n) for n in numbers.groups() if n is not None)


def _starts(generation: str, family: str) -> bool:
    return re.match(rf"{re.escape(family)}(?![a-z])", generation) is not None


_CACHED_FROM: tuple[tuple[str, int], ...] = (
    (r"claude-(?:opus-4-[56]|haiku-4-5)$", 4096),
    (r"claude-(?:opus-4-7$|3-5-haiku|3-haiku)", 2048),
    (r"claude-(?:opus|fable|mythos)-5$", 512),
    (r"claude-(?:sonnet-(?:4|5$)|opus-4|3)", 1024),
    (r"gpt-|o[1-9]\b|gemini-(?:2\.5|3)-flash", 1024),
    (r"gemini-(?:2\.5|3)-pro", 4096),
)
"""Tokens below which a prompt is not cached, as vendors publish them; the first match counts."""


def cache_minimum(generation: str) -> int | None:
    """The fewest tokens of a prompt that are cached; None where its vendor's figure is not known."""
    return next((least for pattern, least in _CACHED_FROM if re.match(pattern, generation)), None)
