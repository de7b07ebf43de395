"""``sightline setup``: another tool's configuration for this proxy on standard output, remarks beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from tui.chat.catalog import Catalog
from tui.chat.route import Route
from tui.cli.models import Resolve
from tui.cli.table import harmless_for
from tui.config.load import KEY_VARIABLE
from tui.config.schema import VARIABLE, ProxySettings
from tui.errors import UsageError
from tui.interop import claude_code, codex, env, opencode
from tui.interop.offer import Offer, Written, models_of
from tui.resolver import base_url_for

WRITERS: dict[str, Callable[[Offer], Written]] = {
    "opencode": opencode.write,
    "claude-code": claude_code.write,
    "codex": codex.write,
    "env": env.write,
}


def run(tool: str, offer: Offer, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Print the tool's file to ``out`` and the remarks to ``err``; the standard streams unless given.

    UsageError when the tool can use none of the models, or not the one asked for.
    """
    out, err = out or sys.stdout, err or sys.stderr
    written = WRITERS[tool](offer)
    out.write(written.text)
    out.flush()
    harmless = harmless_for(err)
    for remark in (*written.remarks, *offer.remarks):
        print(harmless(f"setup: {remark}"), file=err)
    return 0


def offer_of(
    catalog: Catalog,
    resolve: Resolve,
    proxy: ProxySettings,
    *,
    wanted: str | None = None,
    preferred: str | None = None,
) -> Offer:
    """Everything a writer needs; UsageError when ``wanted`` is unknown or the server no LiteLLM proxy."""
    if catalog.server != "litellm":
        what = f"{proxy.url} speaks {catalog.server}'s own format and is no LiteLLM proxy"
        raise UsageError("setup", what, hint="point the tool at it directly, as its own documentation says")
    routes: dict[str, Route] = {}
    for card in catalog.cards:
        route = None if card.wildcard else _route(card.id, catalog, resolve)
        if route is not None:
            routes[card.id] = route
    asked = resolve(wanted, "auto", catalog, None) if wanted else None
    if asked is not None:
        routes[asked.wire_model] = asked
    begin = _route(preferred, catalog, resolve) if preferred else None
    models, left_out = models_of(catalog, routes)
    variable, remarks = _key(proxy)
    return Offer(
        models,
        openai_base=base_url_for("litellm", proxy.url),
        anthropic_base=base_url_for("litellm-anthropic", proxy.url),
        key_variable=variable,
        wanted=asked.wire_model if asked else None,
        preferred=begin.wire_model if begin else None,
        remarks=remarks,
        left_out=left_out,
    )


def _route(name: str, catalog: Catalog, resolve: Resolve) -> Route | None:
    try:
        return resolve(name, "auto", catalog, None)
    except UsageError:
        return None


def _key(proxy: ProxySettings) -> tuple[str, tuple[str, ...]]:
    """The variable that holds the proxy's key, and what a person must do for it to hold it."""
    named = VARIABLE.fullmatch(proxy.key.template) if proxy.key else None
    variable = named[1] if named else KEY_VARIABLE
    remarks = [] if named else [f"the tool reads the key from {variable}: set it where the tool is started"]
    if proxy.headers:
        remarks.append(f"not carried over: the headers {', '.join(proxy.headers)} configured for this proxy")
    if proxy.ca_file:
        remarks.append("not carried over: ca_file; the tool must be told on its own")
    return variable, tuple(remarks)
