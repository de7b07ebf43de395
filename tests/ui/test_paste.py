"""Escape bytes within a paste, at every place a read may cut it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.paste import END, SIGN, START, PasteGuard


def fed(*chunks: str) -> str:
    guard = PasteGuard()
    return "".join(guard.feed(chunk) for chunk in chunks)


def test_escape_bytes_inside_a_paste_become_visible() -> None:
    pasted = "\x1b[31mred\x1b[0m\r\x1b\r"
    assert fed(f"{START}{pasted}{END}") == f"{START}{pasted.replace(chr(27), SIGN)}{END}"


def test_keys_outside_pass_at_once() -> None:
    for keys in ("\x1b", "\x1b[A", "abc\r", "\x1b[20"):
        assert fed(keys) == keys


def test_keys_after_the_paste_are_keys_again() -> None:
    assert fed(f"{START}a\x1bb{END}\x1b[A") == f"{START}a{SIGN}b{END}\x1b[A"


@given(
    st.lists(st.sampled_from(["a", "\x1b", "[", "\r", "200~", "\x1b[31m"]), max_size=12).map("".join),
    st.lists(st.sampled_from(["b", "\x1b[A", "\r"]), max_size=3).map("".join),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_cuts_change_nothing(pasted: str, keys: str, cuts: list[int]) -> None:
    data = f"{keys}{START}{pasted}{END}{keys}"
    edges = [0, *sorted(min(c, len(data)) for c in cuts), len(data)]
    chunks = [data[a:b] for a, b in pairwise(edges)]
    assert fed(*chunks) == f"{keys}{START}{pasted.replace(chr(27), SIGN)}{END}{keys}"
