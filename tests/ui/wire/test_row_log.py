"""The rows of exchanges: made once, and anew only where something changed."""

from dataclasses import replace

from tests.ui.scripted_session import ScriptedSession
from tests.ui.wire.exchanges import failed, ok
from tui.chat.record import Exchange
from tui.ui.wire.row_log import RowLog
from tui.ui.wire.rows import matching, step_in_turn, steps_in_turns


def _log() -> dict[str, Exchange]:
    session = ScriptedSession()
    made = [
        ok(session, "a", 1, 1)[0],
        failed(session, "b", 2, 2)[0],
        ok(session, "c", 2, 2)[0],
        ok(session, "d", 2, 3)[0],
        replace(ok(session, "e", 2, 2)[0], purpose="replay", repeats="c"),
    ]
    return {one.id: one for one in made}


def test_steps_are_counted_in_their_turn_and_requests_of_one_step_by_their_order() -> None:
    book = RowLog()
    log = _log()
    assert book.follow(log)
    assert [(row.id, row.step, row.again) for row in book.rows] == [
        ("a", 1, 0),
        ("b", 1, 0),
        ("c", 1, 1),
        ("d", 2, 0),
        ("e", 1, 0),
    ]
    assert {id: step_in_turn(log, one) for id, one in log.items()} == steps_in_turns(log)


def test_of_a_long_log_only_what_changed_is_made_anew() -> None:
    book, log = RowLog(), _log()
    book.follow(log)
    before = book.rows
    assert not book.follow(dict(log))
    log["d"] = replace(log["d"], state="stopped")
    log["f"] = replace(log["d"], id="f", step=4)
    assert book.follow(log)
    kept = [now is then for now, then in zip(book.rows, before, strict=False)]
    assert kept == [True, True, True, False, True]
    assert (book.rows[3].states[0], book.rows[5].step) == ("stopped", 3)


def test_another_session_another_order_and_marks_are_taken_over() -> None:
    book, log = RowLog(), _log()
    book.follow(log)
    assert book.follow(log, ("b", "d"))
    assert [row.id for row in matching(book.rows, "marked")] == ["b", "d"]
    other = {"x": replace(log["a"], id="x", turn=7, step=9)}
    assert book.follow(other)
    assert [(row.id, row.step, row.marked) for row in book.rows] == [("x", 1, False)]
    # A lower step of the same turn that comes late counts from itself.
    other["y"] = replace(log["a"], id="y", turn=7, step=8)
    assert book.follow(other)
    assert [row.step for row in book.rows] == [2, 1]


def test_the_filter_knows_states_words_and_what_must_be_missing() -> None:
    book = RowLog()
    book.follow(_log())

    def found(query: str) -> list[str]:
        return [row.id for row in matching(book.rows, query)]

    assert found("") == ["a", "b", "c", "d", "e"]
    assert found("failed") == found("ODD") == ["b"]
    assert found("seal-invalid 400") == ["b"]
    assert found("retried") == ["c"]
    assert found("2.1 -replay -failed") == ["c"]
