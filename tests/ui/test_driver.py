"""The guarded parser: what the terminal sends, as events."""

import time

from textual import events

from tui.ui.driver import GuardedParser
from tui.ui.paste import SIGN


def parsed(*chunks: str) -> list[object]:
    parser = GuardedParser()
    found: list[object] = []
    for chunk in chunks:
        found += list(parser.feed(chunk))
    return found


def test_a_paste_with_escape_bytes_is_one_paste_and_no_keys() -> None:
    found = parsed("\x1b[200~\x1b[31mred\x1b[0m\r\x1b\rend\x1b[201~")
    assert [type(e) for e in found] == [events.Paste]
    assert isinstance(found[0], events.Paste)
    assert found[0].text == f"{SIGN}[31mred{SIGN}[0m\r{SIGN}\rend"


def test_a_paste_torn_between_reads_is_one_paste() -> None:
    text = "\x1b[200~a\x1b[31mb\r\x1b[201~"
    for cut in range(7, len(text)):
        found = parsed(text[:cut], text[cut:])
        assert [type(e) for e in found] == [events.Paste], cut


def test_keys_are_keys() -> None:
    keys = [
        e.key for e in parsed("a", "\x1b[A", "\r", "\x1b[200~x\x1b[201~", "\r") if isinstance(e, events.Key)
    ]
    assert keys == ["a", "up", "enter", "enter"]


def test_an_escape_that_text_follows_at_once_is_an_escape() -> None:
    text = "Show me what happens with the first error"
    for chunks in (("\x1b" + text,), ("\x1b", *text), ("\x1b[200~a^b\x1b[201~", "\x1b" + text)):
        keys = [e for e in parsed(*chunks) if isinstance(e, events.Key)]
        assert keys[0].key == "escape"
        assert "".join(str(e.character) for e in keys[1:]) == text


def test_a_short_text_right_behind_an_escape_is_not_an_alt_key() -> None:
    for text, keys in (("Stop it", ["escape", "S"]), ("S", ["alt+shift+s"])):
        parser = GuardedParser()
        found = list(parser.feed("\x1b" + text))
        end = time.monotonic() + 5
        while not found and time.monotonic() < end:
            found += list(parser.tick())
        assert [e.key for e in found if isinstance(e, events.Key)][: len(keys)] == keys
