"""The last turn of a session that is opened, as the inspector shows it."""

from dataclasses import replace
from decimal import Decimal

from tests.ui.scripted_session import CARDS, resolve
from tests.ui.shelves import filled
from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.record import Exchange, Failure, SessionRecord
from tui.chat.route import Accepts, Served
from tui.chat.usage import Cost
from tui.ui.last_turn import last_exchange, last_turn, numbers_of, sent_of
from tui.ui.turn_state import TurnState

ROUTE = resolve("smart", Catalog(CARDS))
RECORD = filled()[0]
PROMPT, ANSWER = (node.message.id for node in RECORD.nodes)


def exchange(**values: object) -> Exchange:
    given: dict[str, object] = {
        "id": "e1",
        "turn": 3,
        "step": 7,
        "at": 5.0,
        "route": ROUTE,
        "after": PROMPT,
        "answer": ANSWER,
        "state": "done",
        "served": Served("call", "dep", "anthropic/claude-opus-4-5", "smart", None, 0, 0, "1.106.2"),
        "seconds": 4.0,
        "ttft_s": 0.5,
        "seals_sent": 2,
        "seals_received": 1,
    }
    return Exchange(**{**given, **values})  # type: ignore[arg-type]


def record(*exchanges: Exchange) -> SessionRecord:
    return replace(RECORD, exchanges=exchanges)


def test_the_last_turn_stands_as_it_ended() -> None:
    found = Finding("seal-foreign", "one is foreign")
    state = last_turn(record(exchange(findings=(found,))))
    assert (state.stage, state.turn, state.step, state.stop) == ("done", 3, 1, "end")
    assert (state.seals_sent, state.seals_received, state.step_seconds, state.ttft_s) == (2, 1, 4.0, 0.5)
    assert state.cost == Cost(Decimal("0.0123"), "computed")
    assert state.served is not None
    assert state.served.proxy_version == "1.106.2"
    assert state.findings == (found,)
    assert not state.running


def test_a_session_without_requests_has_no_turn() -> None:
    assert last_turn(RECORD) == TurnState()
    assert last_exchange(RECORD) is None
    assert numbers_of(RECORD) == {}


def test_seconds_nobody_told_are_no_rate() -> None:
    state = last_turn(record(exchange(seconds=None, ttft_s=None)))
    assert state.step_seconds is None
    assert state.rate is None


def test_a_request_that_failed_after_an_answer_is_the_last_one() -> None:
    failure = Failure("overloaded", "vendor", "the vendor is overloaded", hint="later", status=529)
    failed = exchange(
        id="e2", step=8, answer=None, after=ANSWER, state="failed", failure=failure, served=None
    )
    state = last_turn(record(exchange(), failed))
    assert state.error is not None
    assert (state.error.cls, state.error.status) == ("overloaded", 529)
    assert state.stop == "failed"
    assert state.step == 2
    last = last_exchange(record(exchange(), failed))
    assert last is not None
    assert last.id == "e2"


def test_what_another_branch_asked_is_not_the_last_turn() -> None:
    elsewhere = exchange(id="e9", turn=9, answer="elsewhere", after="elsewhere too")
    assert last_turn(record(exchange(), elsewhere)).turn == 3
    assert numbers_of(record(exchange(), elsewhere)) == {ANSWER: (3, 1), "elsewhere": (9, 1)}


def test_the_last_request_was_made_from_what_stood_before_it() -> None:
    sent = sent_of(exchange(), b"{}", RECORD, Accepts(prefix_bound=True), ())
    assert [message.id for message in sent.conversation.messages] == [PROMPT]
    assert sent.target.prefix_bound
    assert not sent.tools_ok
    assert sent_of(exchange(after=None), b"{}", RECORD, Accepts(), ()).conversation.messages == ()
