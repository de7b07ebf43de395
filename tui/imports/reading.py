"""What every reader of a format has at hand: ids, remarks, and who a model's name in a file means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tui.chat.parts import Dialect, KnownBy, Origin
from tui.chat.route import Provider, Reason, Route
from tui.errors import UsageError
from tui.generations import UNKNOWN_VENDOR, canonical, seals_of, vendor_named, vendor_of
from tui.imports.remarks import Remarks
from tui.resolver import base_url_for

RouteFor = Callable[[str, str], Route]
"""Where a model's name and an endpoint (or ``auto``) lead here; UsageError for a name nobody knows."""

_PLAIN: dict[Dialect, Provider] = {
    "messages": "anthropic",
    "chat": "openai",
    "responses": "openai-responses",
}
_PROXY: dict[Dialect, Provider] = {
    "messages": "litellm-anthropic",
    "chat": "litellm",
    "responses": "litellm-responses",
}


@dataclass(slots=True)
class Reading:
    """One import under way."""

    now: float
    new_id: Callable[[], str]
    remarks: Remarks = field(default_factory=Remarks)
    route_for: RouteFor | None = None
    """Tells what only the proxy knows: which model an alias stands for."""

    def origin(
        self, dialect: Dialect, model: str, *, provider: str = "", deployment: str | None = None
    ) -> Origin:
        """Who answered as ``model``; ``provider`` is the vendor's name where the file has one."""
        vendor = (vendor_named(provider) if provider else None) or vendor_of(model)
        known_by: KnownBy = "body"
        generation = canonical(model)
        if vendor == UNKNOWN_VENDOR and (route := self._known(model, dialect)) is not None:
            vendor, generation, known_by = route.vendor, route.generation, "route"
        return Origin(dialect, vendor, generation, deployment, known_by, seals_of(vendor, generation))

    def _known(self, model: str, dialect: Dialect) -> Route | None:
        if self.route_for is None or not model.strip():
            return None
        try:
            return self.route_for(model, dialect)
        except UsageError:
            return None


def route_of(origin: Origin, model: str, url: str = "", *, proxy: bool = False) -> Route:
    """The road a request took, as far as a file tells it."""
    provider = (_PROXY if proxy else _PLAIN)[origin.dialect]
    base_url = base_url_for(provider, plain_url(url)) if url else ""
    why = (Reason("as the imported file has it", "name"),)
    return Route(model, provider, base_url, model, None, origin.vendor, origin.model, why=why)


def plain_url(url: str) -> str:
    """A URL without user, password, query and fragment, where keys may stand."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{parts.path}" if host else parts.path
