"""``sightline route``: where a model would go, and why; calls no model."""

from __future__ import annotations

import sys
from typing import TextIO

from tui.chat.route import Route
from tui.cli.json_events import dump, route_fields
from tui.cli.table import print_labelled


def run(route: Route, *, as_json: bool, out: TextIO | None = None) -> int:
    """Print ``route`` as the fields of a ``route`` event, or for people; to standard output unless given."""
    out = out or sys.stdout
    if as_json:
        print(dump(route_fields(route)), file=out)
        return 0
    labels = ["why", *[""] * (len(route.why) - 1)]
    print_labelled(
        out,
        [
            ("requested", route.requested),
            ("provider", route.provider),
            ("endpoint", f"{route.dialect}, {route.endpoint}"),
            ("base URL", route.base_url),
            ("sent as", route.wire_model),
            ("upstream", route.upstream or "not told"),
            ("vendor", route.vendor),
            ("thinking", _thinking(route)),
            ("pinned to", route.pinned or "no deployment"),
            *zip(labels, (f"{reason.text} [{reason.source}]" for reason in route.why), strict=False),
        ],
    )
    return 0


def _thinking(route: Route) -> str:
    """How the model thinks when nothing is asked for."""
    if route.configured_thinking is not None:
        return f"configured at the proxy: {route.configured_thinking}"
    defaults = {"always": "always on", "on": "on unless turned off", "off": "off unless asked for"}
    if route.accepts.thinking:
        return defaults[route.accepts.thinking_default]
    return f"efforts {', '.join(route.accepts.efforts)}" if route.accepts.efforts else "nothing known"
