"""What a person can do with exchanges and costs, as rows of the table of commands."""

from __future__ import annotations

from tui.ui.command import Command

_VIEWER = (
    Command(
        "wire.viewer",
        "Exchange viewer",
        "What exactly was sent and came back: the newest request, or that of TURN.STEP, page by page.",
        "wire",
        keys="f12",
        shown="F12",
        slash=("wire",),
        argument="[TURN.STEP]",
        priority=True,
    ),
)

_PROBE = (
    Command(
        "model.probe",
        "Try a model out",
        "Find out what it can do here, with evidence; says first what that may cost.",
        "probe",
        slash=("probe",),
        argument="[MODEL]",
    ),
)

_COST = (
    Command(
        "cost.figures",
        "Figures of the newest cost",
        "Every figure there is for what the newest request cost, which one counts and why.",
        "cost_of",
        slash=("figures",),
        group="Wire and cost",
    ),
    Command(
        "cost.left",
        "What the key has left",
        "Ask the proxy what the key and its team may spend and have spent, and what rate limits leave.",
        "limits",
        slash=("left",),
        group="Wire and cost",
    ),
)

_DIFF = (
    Command(
        "wire.diff",
        "Compare two exchanges",
        "What differs between two requests and their answers; by itself the newest and the one before it.",
        "diff",
        slash=("diff",),
        argument="[A] [B]",
        group="Wire and cost",
    ),
)

_BUDGET = (
    Command(
        "budget",
        "Limits on spending",
        "What may be spent before it is asked: turn, session or day and US dollars, or off.",
        "budget",
        slash=("budget",),
        argument="[SCOPE USD]",
    ),
    Command(
        "costs",
        "Costs over all sessions",
        "What was spent by day, model, endpoint and session, and what caching saved.",
        "costs",
        slash=("costs",),
        argument="[VIEW]",
    ),
)

_AGAIN = (
    Command(
        "wire.copy-as",
        "Copy a request as",
        "The newest request as a curl command, a Python program or its JSON, to the clipboard.",
        "copy_as",
        slash=("copy-as",),
        argument="[FORM]",
        group="Wire and cost",
    ),
    Command(
        "wire.replay",
        "Send a request again",
        "The newest request once more or N times, as it was or edited; asks first and says what it may cost.",
        "replay",
        slash=("replay",),
        argument="[N]",
        group="Wire and cost",
    ),
    Command(
        "wire.shadow",
        "Ask elsewhere to compare",
        "The history of the newest request over another endpoint or model: what each keeps and loses.",
        "shadow",
        slash=("shadow",),
        argument="[ENDPOINT] [MODEL]",
        group="Wire and cost",
    ),
)

WIRE: tuple[Command, ...] = (*_VIEWER, *_AGAIN, *_DIFF, *_PROBE, *_COST, *_BUDGET)
