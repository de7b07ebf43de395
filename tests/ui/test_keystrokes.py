"""An Enter a person typed against one that came with a paste."""

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.keystrokes import QUIET_S, Burst


def test_a_typed_enter_is_settled_by_the_quiet_after_it() -> None:
    burst = Burst()
    assert burst.key(0.0) is False
    assert burst.enter(1.0) == "wait"
    assert burst.waiting
    assert burst.settle()
    assert not burst.settle()


def test_a_line_and_enter_written_at_once_is_a_command() -> None:
    burst = Burst()
    for i in range(5):
        burst.key(i * 0.001)
    assert burst.enter(0.006) == "wait"
    assert burst.settle()


def test_an_enter_with_a_key_on_its_heels_was_a_newline() -> None:
    burst = Burst()
    assert burst.enter(0.0) == "wait"
    assert burst.key(QUIET_S / 2)
    assert not burst.settle()


def test_after_one_newline_every_enter_of_the_burst_is_one() -> None:
    burst = Burst()
    burst.enter(0.0)
    burst.key(0.001)
    assert burst.enter(0.002) == "newline"
    assert not burst.settle()


def test_two_enters_in_a_row_are_two_newlines() -> None:
    burst = Burst()
    burst.enter(0.0)
    assert burst.enter(0.001) == "two newlines"
    assert not burst.settle()


def test_a_paste_on_the_heels_of_an_enter_keeps_it_from_sending() -> None:
    burst = Burst()
    burst.enter(0.0)
    assert burst.pasted(0.001)
    assert burst.enter(0.002) == "newline"


def test_a_pause_ends_the_burst() -> None:
    burst = Burst()
    burst.pasted(0.0)
    assert burst.enter(1.0) == "wait"
    assert burst.settle()


@given(
    st.text(alphabet="ab\n", min_size=2).filter(lambda t: "\n" in t[:-1].rstrip("\n") or t.count("\n") > 1)
)
def test_a_paste_of_several_lines_never_sends(text: str) -> None:
    burst = Burst()
    for i, char in enumerate(text):
        if char == "\n":
            burst.enter(i * 0.001)
        else:
            burst.key(i * 0.001)
    assert not burst.settle() or text.count("\n") == 1
