"""The Seals tab: its rows as text, and on the screen beside a conversation that goes on."""

from pathlib import Path

import pytest

from tests.ui.pilots import NARROW, WIDE, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.test_seal_rows import CLAUDE, OTHER, claude, request
from tests.wire.streams import asked, origin_of, route_to, talk
from tui.chat.conversation import Conversation
from tui.chat.events import Event, StepStarted
from tui.ui import seal_rows
from tui.ui.screens.inspector import InspectorScreen
from tui.ui.seal_rows import SealRow, SealsSeen, Sent, Verdict
from tui.ui.transcript.palette import PLAIN
from tui.ui.widgets.inspector import Inspector
from tui.ui.widgets.inspector_seals import NONE_YET, seal_lines, sum_line
from tui.wire import sealed
from tui.wire.sealed import Seal

SEAL = Seal("signature", 340, "0123456789ab")


def row(verdict: Verdict = "same", sent: str = SEAL.hash, why: str = "") -> SealRow:
    return SealRow(3, 2, "signed", SEAL, origin_of("messages", CLAUDE, "d" * 64), verdict, sent, why)


def text(one: SealRow, width: int) -> list[str]:
    lines = [line.text for line in seal_lines(one, width, PLAIN)]
    assert max(map(len, lines)) <= width
    return lines


def test_a_seal_in_the_panel() -> None:
    assert text(row(), 32) == [
        "turn 3 · step 2        340 chars",
        " signed by claude-opus-4-5",
        " anthropic · assumed",
        " deployment ddddddddddddddddddd…",
        " received 0123456789ab",
        " sent     0123456789ab = same",
    ]


def test_a_seal_over_the_whole_screen() -> None:
    assert text(row(), 72) == [
        "3.2    signed        340  0123456789ab  0123456789ab  = same",
        "       claude-opus-4-5 (anthropic) · dep dddddddddddd… · assumed",
    ]


@pytest.mark.parametrize("width", [32, 72])
@pytest.mark.parametrize(
    ("one", "says"),
    [
        (row("changed", "ba9876543210"), "≠ CHANGED"),
        (row("lost", "", "it should have been sent and was not"), "≠ LOST"),
        (row("not sent", "", "foreign: anthropic made it, openai reads this"), "not sent"),
        (row("new", ""), "new"),
    ],
)
def test_every_verdict_is_a_word(one: SealRow, says: str, width: int) -> None:
    said = " ".join(" ".join(line.split()) for line in text(one, width))
    assert says in said
    assert one.why in said
    assert one.sent in said


def test_the_sum_of_all_verdicts() -> None:
    rows = (row(), row(), row("changed", "x"), row("not sent", "", "y"), row("new", ""))
    said = sum_line(SealsSeen(rows, True, strangers=1), broad=False).plain
    assert said.startswith("5 seals · last request:\n2 = same · 1 ≠ CHANGED · 1 not sent · 1 new")
    assert "1 sent that no answer held" in said
    assert "none yet" in sum_line(SealsSeen((row("new", ""),)), broad=False).plain
    assert sum_line(SealsSeen(), broad=True).plain == NONE_YET
    columns = sum_line(SealsSeen((row(),), True), broad=True).plain.split("\n")[-1]
    assert columns.index("received") - 1 == text(row(), 72)[0].index(SEAL.hash)


class SealedSession(ScriptedSession):
    """Sends real requests: those the codec makes of a history with seals."""

    def __init__(self, history: Conversation, model: str = CLAUDE) -> None:
        super().__init__()
        self.conversation = history
        self._route = route_to("messages", model)

    async def _play(self, text: str):  # type: ignore[no-untyped-def]
        async for event in super()._play(text):
            yield self._with_body(event)

    def _with_body(self, event: Event) -> Event:
        if not isinstance(event, StepStarted):
            return event
        sent: Sent = request(self.conversation.append(asked(id="now")), self._route)
        return StepStarted(event.at, self._route, event.turn, event.step, sent.body)


async def test_f8_opens_the_tab_and_it_follows_the_requests(tmp_path: Path) -> None:
    session = SealedSession(talk(asked(), claude(1, "one")))
    async with running(deps_for(tmp_path, session), WIDE) as (app, pilot):
        await ready(app)
        await pilot.press("f8", "f8")
        await until(lambda: "[Seals]" in shown(app) and "none yet" in shown(app))
        chat(app).offer("go on")
        await until(lambda: "1 = same" in shown(app))
        assert "signed by claude-opus-4-5" in shown(app)
        await pilot.press("f8")
        await until(lambda: "[Turn]" in shown(app) and "TTFT" in shown(app))
        await pilot.click("TabStrip", offset=(16, 0))
        await until(lambda: "1 = same" in shown(app))


async def test_the_tab_can_be_opened_by_name(tmp_path: Path) -> None:
    session = SealedSession(talk(asked(), claude(1, "one")))
    async with running(deps_for(tmp_path, session), WIDE) as (app, pilot):
        await ready(app)
        await pilot.press("f2")
        await until(lambda: not app.screen.query_one(Inspector).display)
        await type_text(pilot, "/seals ")
        await pilot.press("enter")
        await until(lambda: "[Seals]" in shown(app))
        await type_text(pilot, "/inspector turn")
        await pilot.press("enter")
        await until(lambda: "[Turn]" in shown(app))
        await type_text(pilot, "/inspector nosuch")
        await pilot.press("enter")
        await until(lambda: "has turn, wire," in shown(app))


async def test_over_a_narrow_screen_with_keys_only(tmp_path: Path) -> None:
    messages = [m for n in range(40) for m in (asked(id=f"u{n}"), claude(n, f"seal {n}", OTHER))]
    session = SealedSession(talk(*messages))
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        chat(app).offer("go on")
        await until(lambda: not chat(app).running)
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, InspectorScreen) and "TTFT" in shown(app))
        await pilot.press("right", "right")
        await until(lambda: "40 not sent" in shown(app))
        assert f"{OTHER} made it, {CLAUDE} reads this" in shown(app)
        await pilot.press("end")
        await until(lambda: "1.1 " in shown(app))
        await pilot.press("home")
        await until(lambda: "40.1" in shown(app))
        await pilot.press("tab")
        await until(lambda: "TTFT" in shown(app))
        await pilot.press("left", "escape")
        await until(lambda: app.screen is chat(app))
        assert chat(app).inspector.tab == "seals"


async def test_no_request_is_read_while_nobody_looks_and_each_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    real = sealed.seals_in_request

    def noted(dialect, body):  # type: ignore[no-untyped-def]
        read.append(body)
        return real(dialect, body)

    monkeypatch.setattr(seal_rows, "seals_in_request", noted)
    session = SealedSession(talk(asked(), claude(1, "one")))
    async with running(deps_for(tmp_path, session), WIDE) as (app, pilot):
        await ready(app)
        chat(app).offer("go on")
        await until(lambda: not chat(app).running)
        assert read == []
        await pilot.press("f8", "f8")
        await until(lambda: "1 = same" in shown(app))
        for _ in range(5):
            chat(app).show_state()
            await pilot.pause()
        assert len(read) == 1


async def test_ten_thousand_messages_open_and_scroll(tmp_path: Path) -> None:
    messages = [m for n in range(5000) for m in (asked(id=f"u{n}"), claude(n, f"seal {n}"))]
    session = SealedSession(talk(*messages))
    async with running(deps_for(tmp_path, session), WIDE) as (app, pilot):
        await ready(app)
        chat(app).offer("go on")
        await until(lambda: not chat(app).running)
        await pilot.press("f8", "f8")
        await until(lambda: "5,000 = same" in shown(app))
        seals = chat(app).inspector.page
        seals.move("end")
        await until(lambda: "turn 1 · step 1" in shown(app))
        assert seals.query_one("Reader").page.renders < 200  # type: ignore[attr-defined]
