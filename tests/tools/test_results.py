"""What is cut says so, keeps both ends, and stays within its limit."""

from hypothesis import given
from hypothesis import strategies as st

from tui.tools.results import KEPT_CHARS, MODEL_CHARS, result, shortened


def test_what_fits_is_left_alone() -> None:
    short = result("c", "x" * MODEL_CHARS)
    assert short.text == "x" * MODEL_CHARS
    assert short.full is None


def test_the_middle_goes_and_the_note_tells_how_much() -> None:
    lines = [f"line {number} {'x' * 50}" for number in range(1, 2_001)]
    long = result("c", "\n".join(lines), is_error=True)
    assert long.is_error
    assert len(long.text) <= MODEL_CHARS
    assert long.full == "\n".join(lines)
    shown = long.text.split("\n")
    assert shown[0] == lines[0]
    assert shown[-1] == lines[-1]
    (note,) = [line for line in shown if line.startswith("[…")]
    at = shown.index(note)
    # Both pieces end where a line ends, so every line but the note is one of the text's.
    assert set(shown) - {note} <= set(lines)
    left_out = sum(len(line) + 1 for line in lines[at : len(lines) - (len(shown) - at - 1)])
    assert f"{left_out:,} of {len(long.full):,} characters left out" in note
    assert f"within lines {at + 1:,} to {len(lines) - (len(shown) - at - 1) + 1:,}" in note


def test_what_is_kept_has_a_limit_of_its_own_and_says_so() -> None:
    endless = result("c", "y" * (KEPT_CHARS + 5_000))
    assert endless.full is not None
    assert len(endless.full) <= KEPT_CHARS
    assert "characters left out here" in endless.full


@given(st.text(alphabet="ab\n", max_size=3_000), st.integers(300, 1_000))
def test_never_more_than_the_limit(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut == text if len(text) <= limit else "left out here" in cut
