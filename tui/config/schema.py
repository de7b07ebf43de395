"""Every configuration key: its type, its default, its check; pure, from nodes to frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, cast
from urllib.parse import urlsplit

from tui.chat.budget import Budget
from tui.chat.catalog import ServerKind
from tui.chat.parts import Dialect
from tui.chat.route import DIALECTS, Provider
from tui.chat.rule import RoutingRule
from tui.chat.settings import CacheMode, Preset, Settings, overlaid
from tui.config.budget import BUDGET_KEYS, read_budget
from tui.config.models import MODEL_KEYS, ModelSettings, read_model, read_preset
from tui.config.node import Node, Place, optional
from tui.config.tools import TOOL_KEYS, ToolSettings, read_tools
from tui.config.traces import TRACE_KEYS, TraceSettings, read_traces
from tui.config.ui import UI_KEYS, Ui, read_ui
from tui.errors import ConfigError
from tui.knob_text import VARIABLE as VARIABLE
from tui.nearest import nearest

ENV_PROXY = "env"
"""The name of the proxy that two environment variables describe."""

KEYS: dict[str, tuple[str, ...]] = {
    "": (
        "proxies",
        "default_proxy",
        "default_model",
        "routing",
        "models",
        "presets",
        "cache",
        "tools",
        *TOOL_KEYS,
        "limits",
        *BUDGET_KEYS,
        "ui",
        *TRACE_KEYS,
        "anthropic_version",
    ),
    "proxy": ("url", "key", "server", "headers", "timeout", "ca_file", "tags", "log_ids"),
    "timeout": ("connect", "first_byte", "idle"),
    "command": ("command",),
    "routing": ("rules", "openai_reasoning", "foreign_reasoning"),
    "rule": ("match", "provider", "endpoint"),
    **MODEL_KEYS,
    **TOOL_KEYS,
    "limits": ("steps",),
    **BUDGET_KEYS,
    **TRACE_KEYS,
    **UI_KEYS,
}
"""The valid keys of every mapping whose keys are fixed."""

_CACHE = ("off", "5m", "1h")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

OpenAiReasoning = Literal["chat", "responses"]
ForeignReasoning = Literal["drop", "text"]


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that is not shown: text with ``${VAR}``, or a command that prints it; got at first use."""

    template: str = ""
    command: tuple[str, ...] = ()
    place: str = ""
    """File, line and key path, for complaints."""

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until a connection, until the first byte of an answer, and between two of its frames."""

    connect: float = 10.0
    first_byte: float = 600.0
    idle: float = 120.0


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """One server to talk to."""

    name: str
    url: str
    key: Secret | None = None
    server: Literal["auto"] | ServerKind = "auto"
    headers: Mapping[str, Secret] = field(default_factory=dict)
    timeout: Timeouts = Timeouts()
    ca_file: str | None = None
    tags: tuple[str, ...] = ()
    """What a LiteLLM proxy's logs are to file our calls under."""
    log_ids: bool = True
    """Whether a LiteLLM proxy is told which session and call of ours a request is."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """What decides about roads besides the catalog."""

    rules: tuple[RoutingRule, ...] = ()
    openai_reasoning: OpenAiReasoning = "chat"
    foreign_reasoning: ForeignReasoning = "drop"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything configured; the defaults are the built-in configuration."""

    proxies: Mapping[str, ProxySettings] = field(default_factory=dict)
    default_proxy: str | None = None
    default_model: str | None = None
    routing: Routing = Routing()
    models: tuple[ModelSettings, ...] = ()
    presets: Mapping[str, Preset] = field(default_factory=dict)
    cache: CacheMode = "5m"
    tools: ToolSettings = field(default_factory=ToolSettings)
    max_steps: int = 50
    budget: Budget = field(default_factory=Budget)
    traces: TraceSettings | None = None
    ui: Ui = field(default_factory=Ui)
    anthropic_version: str = "2023-06-01"
    file: str | None = None
    """The file it was read from; None when there was none."""

    def proxy(self, name: str | None = None) -> ProxySettings:
        """The proxy of that name, else the default one; ConfigError when it is missing or incomplete."""
        wanted = name or self.default_proxy
        if not self.proxies:
            raise ConfigError(
                f"no proxy {wanted!r}: none is configured" if wanted else "no proxy is configured",
                hint="set LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY, or add one to config.yaml",
            )
        found = self.proxies.get(wanted) if wanted else next(iter(self.proxies.values()))
        if found is None:
            raise ConfigError(f"no proxy {wanted!r}", hint=nearest(wanted or "", self.proxies, "configured"))
        for value in (found.url, found.ca_file or ""):
            missing = VARIABLE.search(value)
            if missing:
                raise ConfigError(f"{found.place}: the environment variable {missing[1]} is not set")
        return found

    def system_for(self, *names: str) -> str | None:
        """The system prompt configured for a model known by ``names``; later entries win."""
        said = [entry.system for entry in self._entries(names) if entry.system is not None]
        return said[-1] if said else None

    def settings_for(self, *names: str) -> Settings:
        """The settings configured for a model known by ``names``; later entries win."""
        settings = Settings(cache=self.cache)
        for entry in self._entries(names):
            settings = overlaid(settings, entry.knobs)
        return settings

    def preset(self, name: str) -> Preset:
        """The preset of that name; ConfigError with the nearest one."""
        if name not in self.presets:
            hint = nearest(name, self.presets, "configured") if self.presets else "add it under presets:"
            raise ConfigError(f"no preset {name!r}", hint=hint)
        return self.presets[name]

    def _entries(self, names: tuple[str, ...]) -> Iterator[ModelSettings]:
        return (entry for entry in self.models if any(fnmatchcase(name, entry.match) for name in names))


def read_config(root: Node, file: str) -> Config:
    """The configuration in a file's root node; ConfigError names file, line, key path and nearest key."""
    top = Place(file, "", root).fields(KEYS[""])
    proxies = {name: _proxy(name, place) for name, place in _entries(top, "proxies").items()}
    limits = top["limits"].fields(KEYS["limits"]) if "limits" in top else {}
    return Config(
        proxies=proxies,
        default_proxy=optional(top, "default_proxy", lambda p: _known_proxy(p, proxies), None),
        default_model=optional(top, "default_model", Place.string, None),
        routing=optional(top, "routing", _routing, Routing()),
        models=tuple(read_model(match, place) for match, place in _entries(top, "models").items()),
        presets={name: read_preset(name, place) for name, place in _entries(top, "presets").items()},
        cache=optional(top, "cache", _cache, "5m"),
        tools=read_tools(top),
        max_steps=optional(limits, "steps", Place.whole, 50),
        budget=read_budget(top),
        traces=read_traces(top, check_url, _headers),
        ui=read_ui(top),
        anthropic_version=optional(top, "anthropic_version", _version, "2023-06-01"),
        file=file,
    )


def _entries(top: Mapping[str, Place], key: str) -> dict[str, Place]:
    return optional(top, key, Place.entries, {})


def check_name(name: str) -> str | None:
    """What is wrong with a proxy's name; None when nothing is."""
    if name == ENV_PROXY:
        return "the name env belongs to LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY"
    return (
        None if _NAME.fullmatch(name) else "a proxy's name is letters, digits, dots, dashes and underscores"
    )


A_URL = "such as http://localhost:4000"
"""What is hinted at where ``check_url`` complains."""


def check_url(url: str) -> str | None:
    """What is wrong with a base URL; None when nothing is, or when a variable in it is still open."""
    if VARIABLE.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if parts.scheme not in ("http", "https") or not host:
        return "must begin with http:// or https:// and a host"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user or password; put the secret under key or headers"
    if parts.query or parts.fragment or any(c.isspace() or ord(c) < 32 for c in url):
        return "must not have a query, a fragment or blanks"
    return None


def _proxy(name: str, place: Place) -> ProxySettings:
    complaint = check_name(name)
    if complaint:
        place.wrong(complaint, hint="choose another name")
    fields = place.fields(KEYS["proxy"])
    if "url" not in fields:
        place.wrong("has no url", hint="url: http://localhost:4000")
    return ProxySettings(
        name=name,
        url=_url(fields["url"]),
        key=optional(fields, "key", _secret, None),
        server=cast(
            "Literal['auto'] | ServerKind",
            optional(fields, "server", lambda p: p.word(("auto", "litellm", "anthropic", "openai")), "auto"),
        ),
        headers=optional(fields, "headers", _headers, {}),
        timeout=optional(fields, "timeout", _timeouts, Timeouts()),
        ca_file=optional(fields, "ca_file", Place.string, None),
        tags=optional(fields, "tags", _tags, ()),
        log_ids=optional(fields, "log_ids", Place.flag, True),
        place=f"{place.at}: {place.path}",
    )


def _url(place: Place) -> str:
    url = place.string().strip()
    complaint = check_url(url)
    if complaint:
        place.wrong(complaint, hint=A_URL)
    return url


def _tags(place: Place) -> tuple[str, ...]:
    for item in place.items():
        text = item.string()
        if "," in text or not text.isascii() or not text.isprintable():
            item.wrong("a tag is plain text without a comma")
    return tuple(item.string().strip() for item in place.items())


def _headers(place: Place) -> Mapping[str, Secret]:
    entries = place.entries()
    for key, child in entries.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", key):
            child.wrong("is not a header's name")
    return {key: _secret(child) for key, child in entries.items()}


def _secret(place: Place) -> Secret:
    at = f"{place.at}: {place.path}"
    if not isinstance(place.node.value, dict):
        return Secret(template=place.string(), place=at)
    fields = place.fields(KEYS["command"])
    if "command" not in fields:
        place.wrong("has no command", hint="command: [pass, show, litellm]")
    command = tuple(item.string() for item in fields["command"].items())
    if not command:
        fields["command"].wrong("must name a program")
    return Secret(command=command, place=at)


def _timeouts(place: Place) -> Timeouts:
    fields = place.fields(KEYS["timeout"])
    return Timeouts(**{name: child.seconds() for name, child in fields.items()})


def _known_proxy(place: Place, proxies: Mapping[str, ProxySettings]) -> str:
    name = place.string()
    if name not in proxies and name != ENV_PROXY:
        place.wrong(f"no proxy {name!r}", hint=nearest(name, proxies, "configured"))
    return name


def _routing(place: Place) -> Routing:
    fields = place.fields(KEYS["routing"])
    reasoning = optional(fields, "openai_reasoning", lambda p: p.word(("chat", "responses")), "chat")
    foreign = optional(fields, "foreign_reasoning", lambda p: p.word(("drop", "text")), "drop")
    return Routing(
        rules=optional(fields, "rules", _rules, ()),
        openai_reasoning=cast("OpenAiReasoning", reasoning),
        foreign_reasoning=cast("ForeignReasoning", foreign),
    )


def _rules(place: Place) -> tuple[RoutingRule, ...]:
    return tuple(_rule(item) for item in place.items())


def _rule(place: Place) -> RoutingRule:
    fields = place.fields(KEYS["rule"])
    if "match" not in fields:
        place.wrong("has no match", hint="match: openai/gpt-5*")
    if ("provider" in fields) == ("endpoint" in fields):
        place.wrong("needs either a provider or an endpoint")
    if "provider" in fields:
        dialect = DIALECTS[cast("Provider", fields["provider"].word(tuple(DIALECTS)))]
    else:
        dialect = cast("Dialect", fields["endpoint"].word(("messages", "chat", "responses")))
    return RoutingRule(fields["match"].string(), dialect, place.at)


def _cache(place: Place) -> CacheMode:
    return cast("CacheMode", place.word(_CACHE))


def _version(place: Place) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", place.node.text):
        place.wrong("must be a date such as 2023-06-01")
    return place.node.text
