"""The table of commands, and what a typed slash means."""

import pytest
from textual.binding import Binding

from tui.ui.commands import COMMANDS, bindings, by_slash, completions, find, parse_slash, places
from tui.ui.key_table import PLACES, REBINDABLE
from tui.ui.transcript.view import Transcript
from tui.ui.widgets.approval import Approval
from tui.ui.widgets.budget_form import BudgetForm
from tui.ui.widgets.prompt import Prompt


def test_ids_keys_and_slash_names_are_unique() -> None:
    ids = [c.id for c in COMMANDS]
    keys = [key for c in COMMANDS for key in c.keys.split(",") if key]
    names = [name for c in COMMANDS for name in c.slash]
    for things in (ids, keys, names):
        assert len(things) == len(set(things))


def test_alt_enter_is_never_bound() -> None:
    assert not any("alt+enter" in c.keys for c in COMMANDS)


def test_every_key_has_a_way_to_be_written() -> None:
    assert [c.id for c in COMMANDS if bool(c.keys) != bool(c.shown)] == []


def test_every_binding_has_an_id_to_rebind_it_by() -> None:
    assert [getattr(b, "id", None) for b in bindings()] == [c.id for c in COMMANDS]


def test_what_is_offered_in_the_footer_has_a_key() -> None:
    assert all(c.keys for c in COMMANDS if c.label)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/model gpt-5.5", ("model", "gpt-5.5")),
        ("/HELP", ("help", "")),
        ("/model  a b ", ("model", "a b")),
        ("/etc/hosts is a file", None),
        ("/", None),
        (" /model", None),
        ("/model\nand more", None),
        ("hello", None),
    ],
)
def test_slash_commands_are_told_from_prompts(text: str, parsed: tuple[str, str] | None) -> None:
    assert parse_slash(text) == parsed


def test_completion_ends_where_the_argument_begins() -> None:
    assert [name for name, _ in completions("/mo")] == ["model"]
    assert len(completions("/")) == sum(len(c.slash) for c in COMMANDS)
    assert completions("/model ") == []
    assert completions("x") == []


def test_commands_are_found_by_id_and_by_slash_name() -> None:
    assert find("help").title == "Help"
    assert by_slash("clear") is by_slash("new")
    assert by_slash("nosuch") is None
    with pytest.raises(KeyError):
        find("nosuch")


def _ids_of(widget: type[Prompt | Transcript | Approval | BudgetForm]) -> set[str]:
    return {binding.id for binding in widget.BINDINGS if isinstance(binding, Binding) and binding.id}


def test_every_key_of_a_place_is_shown_and_is_one() -> None:
    shown = [key.id for place in PLACES for key in place.keys if key.id]
    assert len(shown) == len(set(shown))
    assert (
        set(shown)
        == REBINDABLE
        == _ids_of(Prompt) | (_ids_of(Transcript) | _ids_of(Approval) | _ids_of(BudgetForm))
    )
    assert not REBINDABLE & {c.id for c in COMMANDS}


def test_a_rebound_key_is_the_one_shown() -> None:
    (key,) = (
        k
        for place in places({"transcript.copy": "ctrl+y,c"})
        for k in place.keys
        if k.does == "copy the block"
    )
    assert key.shown == "^Y"
