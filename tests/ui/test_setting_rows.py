"""The rows of the settings form: values, where they come from, what is not taken."""

from tests.engine.scripted import route
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Opaque, Origin, Reasoning, ReasoningState, Text
from tui.chat.route import Accepts
from tui.chat.settings import OutputSchema, Settings
from tui.chat.usage import UNKNOWN_COST
from tui.knobs import KNOBS
from tui.ui.setting_rows import rows_of, seals_kept, stepped, switch_says

OLD = route(accepts=Accepts(frozenset({"enabled", "disabled"}), efforts=("low", "high")))
NEW = route(accepts=Accepts(frozenset({"adaptive"}), efforts=("low", "max"), sampling=False))


def test_every_knob_has_a_row_and_says_where_its_value_comes_from() -> None:
    settings = Settings(thinking="high", max_tokens=500, stream=False)
    rows = {row.name: row for row in rows_of(OLD, settings, {"max_tokens": 500})}
    assert rows.keys() == KNOBS.keys()
    seen = {
        name: (rows[name].value, rows[name].source) for name in ("thinking", "max_tokens", "stream", "top_p")
    }
    assert seen == {
        "thinking": ("high", "configured"),
        "max_tokens": ("500", "you"),
        "stream": ("off", "configured"),
        "top_p": ("default", "default"),
    }


def test_what_is_not_taken_stands_last_with_its_reason_unless_it_is_set() -> None:
    names = [row.name for row in rows_of(NEW, Settings(), {})]
    assert set(names[-3:]) >= {"temperature", "top_p"} or names.index("temperature") > names.index("stream")
    refused = {row.name: row.refused for row in rows_of(NEW, Settings(), {})}
    assert refused["temperature"]
    assert not refused["max_tokens"]
    still_set = [row.name for row in rows_of(NEW, Settings(temperature=0.3), {"temperature": 0.3})]
    assert still_set.index("temperature") < len(still_set) - 2


def test_words_are_gone_through_with_default_among_them() -> None:
    row = next(row for row in rows_of(OLD, Settings(), {}) if row.name == "thinking")
    seen, value = [], row
    for _ in range(len(row.choices) + 1):
        word = stepped(value, 1)
        assert word is not None
        seen.append(word)
        value = next(
            r
            for r in rows_of(OLD, Settings(thinking=None if word == "default" else word), {})
            if r.name == "thinking"
        )
    assert seen == [*row.choices, "default"]
    assert stepped(next(r for r in rows_of(OLD, Settings(), {}) if r.name == "top_p"), 1) is None


def test_a_schema_is_told_as_text_that_is_read_back() -> None:
    schema = OutputSchema("answer", {"type": "object"})
    row = next(r for r in rows_of(OLD, Settings(schema=schema), {}) if r.name == "schema")
    assert KNOBS["schema"].parse(row.value) == schema


def _said(*states: ReasoningState) -> Conversation:
    origin = Origin("messages", "anthropic", "claude-opus-4-5", seals="claude")
    thoughts: list[AssistantPart] = [Reasoning("t", state, Opaque(origin, {})) for state in states]
    parts = (*thoughts, Text("x"))
    return Conversation(
        messages=(AssistantMessage("a", parts, origin, "end", None, None, UNKNOWN_COST, 0.0),)
    )


def test_a_switch_says_what_it_keeps_and_loses() -> None:
    assert switch_says(Conversation(), OLD) == "There is no sealed thinking yet."
    assert seals_kept(_said("signed", "unsigned", "redacted"), OLD) == (2, 2)
    assert "All sealed thinking is sent back (2)" in switch_says(_said("signed", "redacted"), OLD)
    other = route(vendor="openai", generation="gpt-5.1", provider="litellm")
    assert switch_says(_said("signed", "redacted"), other).startswith(
        "2 of 2 sealed thoughts will not be sent"
    )
