"""Shell exports for programs built on the OpenAI and Anthropic SDKs."""

from __future__ import annotations

from shlex import quote

from tui.errors import UsageError
from tui.interop.offer import Offer, Written


def write(offer: Offer) -> Written:
    """Lines for sh, bash and zsh; the shell fills the key in, here only its variable is named.

    Anthropic's SDK would send a token of that name beside the key, so one left from elsewhere is taken away.
    UsageError when a model is asked for.
    """
    if offer.wanted is not None:
        raise UsageError("setup", "env names no model, only addresses and keys", hint="drop --model")
    key = f'"${offer.key_variable}"'
    lines = (
        f"export OPENAI_BASE_URL={quote(offer.openai_base)}",
        f"export OPENAI_API_KEY={key}",
        f"export ANTHROPIC_BASE_URL={quote(offer.anthropic_base)}",
        f"export ANTHROPIC_API_KEY={key}",
        "unset ANTHROPIC_AUTH_TOKEN",
    )
    remarks = (
        'use it so: eval "$(sightline setup env)"',
        "of the two, a Claude model keeps its sealed thinking through the ANTHROPIC_ variables only",
        "the Vercel AI SDK reads ANTHROPIC_BASE_URL too, but wants /v1 at its end",
    )
    return Written("".join(f"{line}\n" for line in lines), remarks)
