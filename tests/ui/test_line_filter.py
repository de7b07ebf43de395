"""No control character is painted, and columns stay where they were."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.ui.line_filter import ControlFilter

BLACK = Color(0, 0, 0)


def washed(text: str, style: Style | None = None) -> Segment:
    return ControlFilter().apply([Segment(text, style)], BLACK)[0]


def test_control_sequences_and_overrides_are_deleted() -> None:
    text = "a\x1b]52;c;x\x07b\u009b2Jc\x7fd\u202ee\u2066f\u200bg\ufeffh"
    assert washed(text).text == "a]52;c;xb2Jcdefgh"


@given(st.text(st.characters(categories=["Cc", "Cf", "L", "Zl", "Zp", "Cs"])))
def test_columns_stay(text: str) -> None:
    assert cell_len(washed(text).text) == cell_len(text)


def test_a_poisoned_link_is_no_link() -> None:
    kept = washed("x", Style(link="https://example.org/")).style
    lost = washed("x", Style(link="https://example.org/\x1b\\evil")).style
    assert kept is not None
    assert kept.link == "https://example.org/"
    assert lost is not None
    assert lost.link is None


def test_a_control_segment_loses_its_codes() -> None:
    segments = ControlFilter().apply([Segment("x", None, [])], BLACK)
    assert segments == [Segment("x", None)]


def test_clean_segments_are_left_as_they_are() -> None:
    segment = Segment("plain", Style(bold=True))
    assert ControlFilter().apply([segment], BLACK)[0] is segment
