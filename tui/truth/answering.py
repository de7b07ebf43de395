"""What is odd about who answered: told by the headers, so at once."""

from __future__ import annotations

from collections.abc import Iterator

from tui import resolver
from tui.chat.finding import Finding
from tui.chat.route import Route
from tui.generations import UNKNOWN_VENDOR, canonical, family_vendor
from tui.truth.bridge import NEW, version_of
from tui.truth.deployments import listed_sibling
from tui.truth.known import PIN_REFUSED
from tui.truth.observed import Step

FALLBACK, OTHER_GROUP, MIXED = "fallback", "other-group", "mixed-group"
OTHER_MODEL, OTHER_DEPLOYMENT, RETRIED = "other-model", "other-deployment", "proxy-retried"
WILDCARD, OLD_PROXY = "wildcard-caught", "old-proxy"


def who_answered(step: Step) -> Iterator[Finding]:
    """Everything odd about who answers; nothing before a plain server, where nobody stands in between."""
    if not step.proxied:
        return
    fallback = _fallback(step)
    yield from fallback
    yield from _other_deployment(step)
    if not fallback:
        yield from _other_model(step)
    yield from _wildcard(step)
    yield from _retried(step)
    yield from _old_proxy(step)


def pin_refused(route: Route) -> Finding:
    """A key that may not call the held deployment by its id."""
    return Finding(
        PIN_REFUSED,
        f"this key may not call deployment {route.pinned} by its id; "
        f"{route.requested} is no longer pinned, and a switch of deployment can break sealed thinking",
        mend="ask for a key that may call the deployment, or choose a model with one deployment",
    )


def _fallback(step: Step) -> tuple[Finding, ...]:
    served, asked = step.served, step.route.requested
    if resolver.fell_back(served, step.route):
        by = served.group or served.model or "another group"
        count = served.attempted_fallbacks
        told = f"x-litellm-attempted-fallbacks: {count}" if count else f"x-litellm-model-group: {by}"
        says = f"The proxy fell back: {by} answered in place of {asked} ({told}){_as(step)}."
        return (Finding(FALLBACK, says, "headers", _LOOK),)
    strange = _strange_deployment(step)
    if strange is not None:
        says = (
            f"The proxy fell back without saying so: {_short(served.model_id or '')} answered, "
            f"a deployment of {strange}, not of {asked}."
        )
        return (Finding(FALLBACK, says, "headers.x-litellm-model-id", _LOOK),)
    other = resolver.other_group(served, step.route)
    if other is not None:
        says = f"The proxy answered {asked} from its group {other}, without a fallback: an alias of its own."
        return (Finding(OTHER_GROUP, says, "headers.x-litellm-model-group"),)
    return ()


_LOOK = "look why the first choice failed in the proxy's log"


def _strange_deployment(step: Step) -> str | None:
    """The listed group of a deployment that is none of the route's: old proxies tell a fallback only so."""
    id, route = step.served.model_id, step.route
    if id is None or route.pinned or not route.deployments or id in route.deployments or step.here.shared:
        return None
    return next((c.id for c in step.catalog.cards if any(d.id == id for d in c.deployments)), None)


def _as(step: Step) -> str:
    told = step.served.model
    return f", with {told}" if told and told != step.served.group else ""


def _other_deployment(step: Step) -> Iterator[Finding]:
    """Another deployment than answered the step before, or than the one that was to be held."""
    route, now, path = step.route, step.served.model_id, "headers.x-litellm-model-id"
    if now is None:
        return
    if route.pinned:
        if now != route.pinned:
            says = f"Deployment {_short(route.pinned)} was asked for by its id, and {_short(now)} answered."
            yield Finding(OTHER_DEPLOYMENT, says + _danger(step), path, _HOLD)
        return
    before = step.before
    if before is None or before.served is None or before.route.requested != route.requested:
        return
    was = before.served.model_id
    if was is not None and was != now:
        says = f"Deployment {_short(now)} answers; the answer before was by {_short(was)}."
        yield Finding(OTHER_DEPLOYMENT, says + _danger(step), path, _HOLD)


_HOLD = "a key that may call deployments by their ids lets the one that answered be held"


def _danger(step: Step) -> str:
    if not step.seals_sent:
        return " No sealed thinking was sent to it."
    seals = f"{step.seals_sent} sealed block{'' if step.seals_sent == 1 else 's'}"
    was = step.before.served.model if step.before is not None and step.before.served is not None else None
    told = step.served.model
    same = was is not None and told is not None and canonical(was) == canonical(told)
    if same and step.origin.seals == "claude":
        return f" {seals} went along; it is the same model, which reads them."
    return f" {seals} went along, which it may not be able to read."


def _other_model(step: Step) -> Iterator[Finding]:
    """Another model than the route expects, or one of the several a mixed group stands for."""
    route, origin, told = step.route, step.origin, step.served.model
    if route.upstream is None:
        yield from _against_its_name(route, told)
        return
    if origin.known_by not in ("header", "catalog"):
        return
    path = "headers.x-litellm-model-name" if origin.known_by == "header" else "headers.x-litellm-model-id"
    if route.mixed and not route.pinned and step.served.model_id in route.deployments:
        says = f"{route.requested} stands for different models; this time {origin.model} answered."
        yield Finding(MIXED, says, path, "choose a model with one deployment where that matters")
    elif origin.model != route.generation:
        says = f"{origin.model} answered; {route.requested} was expected to be {route.generation}."
        yield Finding(OTHER_MODEL, says, path, "see `sightline models` for what stands behind the name")


def _against_its_name(route: Route, told: str | None) -> Iterator[Finding]:
    """Where the catalog tells nothing, a name that says one maker and an answer by another."""
    if not told or "*" in told:
        return
    expected, maker = family_vendor(route.generation), family_vendor(canonical(told))
    if UNKNOWN_VENDOR not in (expected, maker) and expected != maker:
        says = f"{canonical(told)} answered; {route.requested} sounds like a model of {expected}."
        yield Finding(OTHER_MODEL, says, "headers.x-litellm-model-name")


def _wildcard(step: Step) -> Iterator[Finding]:
    """A name that is not listed itself, caught by a pattern though a listed one was probably meant."""
    here, name = step.here, step.route.wire_model
    if not here.shared or here.deployment is None or step.route.pinned:
        return
    sibling = listed_sibling(name, step.catalog, here)
    if sibling is None:
        return
    card, own = sibling
    lost = []
    if own.thinking is not None and own.thinking != here.deployment.thinking:
        lost.append("its configured thinking")
    if own.api_base is not None and own.api_base != here.deployment.api_base:
        lost.append("its own address")
    if not lost:
        return
    pattern = here.pattern or "a wildcard"
    says = (
        f"{name} is not listed itself; {pattern} caught it, and what {card.id} is configured with is lost: "
    )
    yield Finding(WILDCARD, f"{says}{' and '.join(lost)}.", "model", f"ask for {card.id}")


def _retried(step: Step) -> Iterator[Finding]:
    tries = step.served.attempted_retries
    if tries:
        again = "once" if tries == 1 else f"{tries} times"
        says = (
            f"The proxy tried {again} more before this answer came; what failed is in nobody's figures here."
        )
        yield Finding(RETRIED, says, "headers.x-litellm-attempted-retries")


def _old_proxy(step: Step) -> Iterator[Finding]:
    """What cannot be known of a proxy that does not name the model that answered."""
    served = step.served
    if served.model is not None or not (served.call_id or served.model_id or served.proxy_version):
        return
    version, entry = version_of(served.proxy_version), step.here.deployment
    age = f"LiteLLM {served.proxy_version} is older than {'.'.join(map(str, NEW))} and" if version else ""
    who = age if version is not None and version < NEW else "This proxy"
    known = (
        f"its deployment is listed as {entry.upstream}" if entry and entry.upstream else "nothing else does"
    )
    says = f"{who} does not say which model answered (no x-litellm-model-name); {known}."
    yield Finding(OLD_PROXY, says, "headers", "an administrator can update the proxy")


def _short(id: str) -> str:
    return id if len(id) <= 16 else f"{id[:12]}…"
