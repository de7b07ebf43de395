"""Offers as the command makes them, from catalogs written down here."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tui.chat.catalog import Catalog, Deployment, ModelCard, Price
from tui.cli.setup import offer_of
from tui.config.schema import ProxySettings, Secret
from tui.interop.offer import Offer
from tui.resolver import resolve

URL = "http://proxy:4000"
KEY = "LITELLM_PROXY_API_KEY"
PRICE = Price(
    Decimal("0.000003"),
    Decimal("0.000015"),
    cache_read=Decimal("3E-7"),
    cache_write_5m=Decimal("0.00000375"),
    above=((200_000, Price(Decimal("0.000006"), Decimal("0.0000225"))),),
)
ABLE: dict[str, bool | None] = {"reasoning": True, "vision": True, "tools": True, "pdf": True}


def card(name: str, *upstreams: str, mode: str | None = "chat", **more: Any) -> ModelCard:
    """A model group with one deployment for each upstream model."""
    deployments = tuple(Deployment(f"d-{name}-{i}", u, None) for i, u in enumerate(upstreams))
    return ModelCard(name, deployments, mode=mode, **more)


CARDS = (
    card("claude-cheap", "openai/gpt-5.1", context=272_000, price=PRICE, supports=ABLE),
    card("smart", "anthropic/claude-opus-4-5", context=200_000, price=PRICE, supports=ABLE),
    card("hidden", "anthropic/claude-fable-5-1", context=1_000_000, max_output=128_000, supports=ABLE),
    card("anthropic/claude-sonnet-4-6", "anthropic/claude-sonnet-4-6", supports=ABLE),
    card("sonnet", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", supports=ABLE),
    card("fast", "openai/gpt-5.5", supports=ABLE),
    card("thinker", "deepseek/deepseek-reasoner"),
    card("dumb", "openai/gpt-3.5-turbo-instruct", supports={"tools": False}),
    card("mystery", "xai/grok-unpriced", mode=None),
    card("mixed", "anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-5", supports=ABLE),
    card("embed", "openai/text-embedding-3-small", mode="embedding"),
    card("ears", "openai/whisper-1", mode="audio_transcription"),
    card("anthropic/*", "anthropic/*", mode=None),
)
NAMES = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(
        (
            "{env:HOME}",
            "{file:/etc/passwd}",
            "{{env:HOME}}",
            "x{file:~/.netrc}y",
            "$(touch /tmp/x)",
            "${HOME}",
            "`id`",
            "'; rm -rf /; '",
            '"; } evil = "',
            'a"\nmodel = "b',
            "\x1b]0;title\x07",
            "a\x00b",
            "\u202eevil",
            "\u2028",
            "\ud800",
            "a\\",
            "\\u007benv:HOME}",
            "#",
            "constructor",
            "__proto__",
            "\U0001f600",
            "é",
        )
    ),
)
"""What a proxy may call its models, the worst first thought of by hand."""


def offer(
    *cards: ModelCard, wanted: str | None = None, proxy: ProxySettings | None = None, **more: Any
) -> Offer:
    """The offer of a proxy that lists ``cards``, or CARDS."""
    rules = {name: more.pop(name) for name in ("openai_reasoning",) if name in more}

    def route_for(name: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Any:
        return resolve(name, catalog, (), pin, base_url=URL, endpoint=endpoint, **rules)

    settings = proxy or ProxySettings("p", URL, Secret(template=f"${{{KEY}}}"))
    return offer_of(Catalog(cards or CARDS, complete=True), route_for, settings, wanted=wanted, **more)
