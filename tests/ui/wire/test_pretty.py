"""What of a request can be written down, however deep or long it is."""

import pytest

from tui.chat.json_text import dump_text, load_text
from tui.chat.parts import Json
from tui.ui.wire.pretty import copied_of, told

DEEP = "[" * 5_000 + "]" * 5_000


@pytest.mark.parametrize("text", [f'{{"input":{DEEP}}}', f'{{"type":"x","n":{"9" * 6_000}}}', DEEP])
def test_what_is_too_deep_or_too_long_to_be_laid_out_stands_on_one_line(text: str) -> None:
    value: Json = load_text(text)
    assert copied_of(value) == text
    assert dump_text(value)[-5_000:-1] in "\n".join(told(value)) or "9" * 6_000 in "\n".join(told(value))
