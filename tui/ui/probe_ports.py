"""What the screen needs to try a model out, as types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.probing.probe import Plan, Probe
    from tui.probing.report import Report


class ProbePort(Protocol):
    """Probes of the models of one proxy."""

    def plan(self, model: str, endpoint: str = "auto") -> Plan:
        """What would be tried, and what it may cost; UsageError for a model nobody knows."""
        ...

    def start(self, plan: Plan) -> Probe:
        """The probe of a plan, in a session of its own; sends nothing before it is run."""
        ...

    def keep(self, report: Report) -> None:
        """Keep a report; may wait for the disk. OSError where it cannot be kept."""
        ...

    def reports(self) -> Sequence[Report]:
        """The newest report of each model and endpoint, the newest last; reads a file."""
        ...
