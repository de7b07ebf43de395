"""What is odd about who answered a step and how: each finding with its evidence, none that is not so.

Two moments: when the headers are there, and when the step has ended. What is odd about its cost is
``reconcile``'s to say.
"""

from __future__ import annotations

from tui.chat.finding import Finding
from tui.chat.route import Route, Served
from tui.errors import CallFailed
from tui.truth.altered import altered
from tui.truth.answering import pin_refused, who_answered
from tui.truth.healing import self_healed
from tui.truth.observed import Step

COOLDOWN = "cooldown"


def at_headers(step: Step) -> tuple[Finding, ...]:
    """What the answer's headers tell."""
    return tuple(who_answered(step))


def at_end(step: Step) -> tuple[Finding, ...]:
    """What only the whole answer tells."""
    healed = self_healed(step)
    found = [healed] if healed is not None else []
    return (*found, *altered(step, healed=healed is not None))


def of_failure(route: Route, served: Served, error: CallFailed) -> tuple[Finding, ...]:
    """What a refusal tells about who was asked; ``served`` is what its headers said."""
    if not route.provider.startswith("litellm"):
        return ()
    found = []
    if error.cls == COOLDOWN:
        wait = "" if error.retry_after is None else f" for {error.retry_after:.0f} s more"
        says = (
            f"The proxy keeps every deployment of {route.requested} out of service{wait}: one failed before."
        )
        found.append(Finding(COOLDOWN, says, "status", "wait, or choose a model with other deployments"))
    if error.status == 403 and route.pinned:
        found.append(pin_refused(route))
    if served.attempted_retries and error.cls != COOLDOWN:
        says = f"The proxy had tried {served.attempted_retries} times more before it gave up."
        found.append(Finding("proxy-retried", says, "headers.x-litellm-attempted-retries"))
    return tuple(found)
