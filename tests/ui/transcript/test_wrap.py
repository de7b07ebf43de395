"""Wrapped rows fit, and joined again they are what was written."""

from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui.ui.transcript.line import Line, Piece, cropped, merged, padded
from tui.ui.transcript.wrap import _wrap_any, wrap

STYLES = [Style(), Style(bold=True)]
WORDS = st.text(st.sampled_from("ab c  d中文👩e\u0301-."), max_size=60)
PIECES = st.lists(st.tuples(WORDS, st.sampled_from(STYLES)).map(lambda p: Piece(*p)), max_size=5)


def joined(lines: list[Line]) -> str:
    return "".join((line.join if number else "") + line.copied for number, line in enumerate(lines))


@given(PIECES, st.integers(2, 40))
def test_rows_fit_and_no_word_is_lost(pieces: list[Piece], width: int) -> None:
    lines = wrap(pieces, width)
    assert all(line.cells <= width for line in lines)
    assert joined(lines).split() == "".join(p.text for p in pieces).split()


@given(st.text(st.sampled_from("abc 中"), max_size=80), st.integers(4, 30), st.integers(4, 30))
def test_what_is_copied_does_not_depend_on_the_width(text: str, one: int, other: int) -> None:
    text = " ".join(text.split())
    assert joined(wrap([Piece(text, STYLES[0])], one)) == joined(wrap([Piece(text, STYLES[0])], other))


NARROW = st.lists(
    st.tuples(st.text(st.sampled_from("abcdefg  —é")), st.sampled_from(STYLES)).map(lambda p: Piece(*p)),
    min_size=1,
    max_size=5,
)


@given(NARROW, st.integers(1, 20))
def test_the_fast_way_gives_the_same_rows(pieces: list[Piece], width: int) -> None:
    pieces = [piece for piece in pieces if piece.text]
    text = "".join(piece.text for piece in pieces)
    assume(len(text) > width and not text.startswith(" "))
    assert wrap(pieces, width) == _wrap_any(pieces, width, "\n")


def test_a_word_of_two_styles_is_not_torn() -> None:
    lines = wrap([Piece("some words and **bo", STYLES[0]), Piece("ld** more", STYLES[1])], 18)
    assert [line.text for line in lines] == ["some words and", "**bold** more"]


def test_merging_joins_neighbours_of_one_style() -> None:
    assert merged([Piece("a", STYLES[0]), Piece("", STYLES[1]), Piece("b", STYLES[0])]) == (
        Piece("ab", STYLES[0]),
    )


@given(PIECES, st.integers(0, 30))
def test_padding_and_cropping(pieces: list[Piece], width: int) -> None:
    line = Line(tuple(pieces))
    assert padded(line, width, STYLES[0]).cells == max(width, line.cells)
    assert cropped(line, width).cells <= width
    assert line.cells == sum(cell_len(p.text) for p in pieces)
