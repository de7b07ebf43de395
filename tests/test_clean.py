"""The door for untrusted text holds for every text and every cut of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import clean as clean_module
from tui.clean import cells, clean, cut, expand_tabs, exposed, visible

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
        st.sampled_from("a \t\r\n\x1b\x9b\u202e\u200b\ufeff\u2028\x85\U000e0041\u200d\ufe0f👩💻中"),
    )
)


@given(NASTY)
def test_nothing_that_steers_or_hides_survives(text: str) -> None:
    for char in clean(text):
        if char in "\n\t\u200c\u200d":
            continue
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"), hex(ord(char))
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "PDI")
        assert not 0xE0000 <= ord(char) < 0xE0200


@given(NASTY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(NASTY, NASTY)
def test_a_stream_may_be_cut_anywhere(a: str, b: str) -> None:
    assert clean(a) + clean(b) == clean(a + b)


@given(NASTY)
def test_what_is_cleaned_can_be_encoded(text: str) -> None:
    clean(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x9b2Jb", "a\ufffd2Jb"),
        ("one\r\ntwo\rthree", "one\ntwothree"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg", "a\nb\nc\nd\ne\nf\ng"),
        ("\u202eevil\u2066", "\ufffdevil\ufffd"),
        ("zero\u200bwidth\u2060\ufeff\u00ad", "zerowidth"),
        ("blank\u3164letter", "blank\ufffdletter"),
        ("\U000e0041", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("👩‍💻 ❤️ می‌خواهم", "👩‍💻 ❤️ می‌خواهم"),
        ("tab\tstays\x7f", "tab\tstays␡"),
        ("\x00", "␀"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(NASTY, st.integers(0, 40))
def test_a_label_is_one_line_of_bounded_width(text: str, width: int) -> None:
    label = visible(text, width)
    assert "\n" not in label
    assert "\t" not in label
    assert cells(label) <= width


def test_a_label_shows_its_line_breaks() -> None:
    assert visible("a\nb\r\n") == "a⏎b"
    assert visible("abcdef", 4) == "abc…"
    assert visible("中文字", 4) == "中…"
    assert cut("abc", 3) == "abc"
    assert cut("abc", 0) == ""


@pytest.mark.parametrize(
    ("line", "shown"),
    [("a\tb", "a   b"), ("\tx", "    x"), ("abcd\te", "abcd    e"), ("中\tx", "中  x"), ("none", "none")],
)
def test_tabs_reach_the_next_stop(line: str, shown: str) -> None:
    assert expand_tabs(line, 4) == shown


@given(NASTY)
def test_nothing_is_hidden_from_who_decides(text: str) -> None:
    shown = exposed(text)
    assert all(char.isprintable() for char in shown)
    for char in set(text):
        hides = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")
        if hides and char not in "\n\t\x1b":
            assert f"\u27e8U+{ord(char):04X}\u27e9" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, größe, \u65e5\u672c", "plain text, größe, \u65e5\u672c"),
        ("a\nb\tc\x1bd", "a\u23ceb\u2409c\u241bd"),
        (
            "p\u0430ypal p\u0430\u0443",
            "p\u0430\u27e8U+0430\u27e9ypal p\u0430\u27e8U+0430\u27e9\u0443\u27e8U+0443\u27e9",
        ),
        ("\u0444\u0430\u0439\u043b", "\u0444\u0430\u0439\u043b"),
        ("\uff4c\uff53 a\uff53", "\uff4c\uff53 a\uff53\u27e8U+FF53\u27e9"),
        ("a\u200bb\u00a0c", "a\u27e8U+200B\u27e9b\u27e8U+00A0\u27e9c"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u27e8U+200D\u27e9\U0001f4bb"),
    ],
)
def test_what_only_looks_like_something_else_is_marked(text: str, shown: str) -> None:
    assert exposed(text) == shown


def test_what_is_known_at_once_to_be_harmless_is_left_as_it_is_by_the_table() -> None:
    for code in range(0x110000):
        char = chr(code)
        if clean_module._is_harmless(char):
            assert char.translate(clean_module._TABLE) == char, hex(code)
