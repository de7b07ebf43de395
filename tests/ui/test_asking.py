"""Which calls wait, and which of them is in front."""

from tests.ui.asking_session import call, shell
from tui.chat.events import Answer, ApprovalNeeded, Approved, ToolFinished, ToolStarted, TurnFinished
from tui.chat.parts import Text, ToolCall, ToolResult
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.asking import Asking

YES = Answer("once", "user")


class Waiting(Asking):
    """Three calls, and what was decided about each."""

    def __init__(self, *calls: ToolCall) -> None:
        super().__init__()
        self.decided: list[tuple[ToolCall, Answer]] = []
        for number, one in enumerate(calls or [call("shell", n) for n in (1, 2, 3)]):
            self.follow(self.needed(one), 10.0 + number)

    def needed(self, one: ToolCall) -> ApprovalNeeded:
        return ApprovalNeeded(0.0, one, shell("ls")[1], lambda answer: self.decided.append((one, answer)))


def front(asking: Asking) -> str:
    return asking.front.call.id if asking.front else ""


def test_the_first_is_in_front_and_the_next_takes_its_place() -> None:
    asking = Waiting()
    assert (len(asking), front(asking)) == (3, "call_1")
    asking.decide(YES)
    assert [(one.id, answer) for one, answer in asking.decided] == [("call_1", YES)]
    assert (len(asking), front(asking)) == (2, "call_2")


def test_looking_goes_round_and_a_decision_is_about_what_is_in_front() -> None:
    asking = Waiting()
    asking.look(-1)
    assert front(asking) == "call_3"
    asking.decide(YES)
    assert front(asking) == "call_2"
    asking.look(1)
    assert front(asking) == "call_1"


def test_a_call_decided_elsewhere_leaves_and_what_is_read_stays_in_front() -> None:
    asking = Waiting()
    asking.look(1)
    first = asking._calls[0].call
    asking.follow(Approved(0.0, first, YES), 20.0)
    assert (len(asking), front(asking), asking.place) == (2, "call_2", 0)
    shown = asking._calls[0].call
    asking.follow(ToolFinished(0.0, shown, ToolResult("call_2", (Text(""),)), 0.0), 20.0)
    assert front(asking) == "call_3"
    asking.follow(ToolStarted(0.0, shown), 20.0)
    assert len(asking) == 1


def test_calls_of_one_id_are_told_apart() -> None:
    twins = (call("shell", 1), call("shell", 1))
    asking = Waiting(*twins)
    asking.follow(Approved(0.0, twins[1], YES), 20.0)
    assert len(asking) == 1
    asking.decide(YES)
    assert asking.decided[0][0] is twins[0]


def test_all_are_those_that_came_in_time_to_be_seen() -> None:
    asking = Waiting()
    asking.decide_all(YES, before=11.5)
    assert [one.id for one, _ in asking.decided] == ["call_1", "call_2"]
    assert front(asking) == "call_3"


def test_the_end_of_the_turn_leaves_nothing_to_decide() -> None:
    asking = Waiting()
    asking.follow(TurnFinished(0.0, "cancelled", "", Usage(), UNKNOWN_COST, 1), 20.0)
    asking.decide(YES)
    asking.look(1)
    assert (len(asking), front(asking), asking.decided) == (0, "", [])
