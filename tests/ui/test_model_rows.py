"""Rows, filter and order of the model picker, without a screen."""

from time import process_time

from tests.ui.scripted_session import CARDS, card, resolve
from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.ui.model_rows import ModelRow, picked, rows_of
from tui.ui.preferences import Preferences

ROWS = rows_of(Catalog(CARDS), resolve)


def names(query: str, preferences: Preferences | None = None, rows: list[ModelRow] = ROWS) -> list[str]:
    return [row.name for row in picked(rows, query, preferences or Preferences())]


def test_a_row_says_where_the_model_goes_and_what_it_costs() -> None:
    row = next(r for r in ROWS if r.name == "gemini/gemini-3-pro-preview")
    assert (row.vendor, row.endpoint, row.context, row.price) == (
        "gemini",
        "/v1/chat/completions",
        "1M",
        "5.00 / 25.00",
    )
    assert row.badges == ("thinking", "tools", "vision")


def test_what_is_not_told_is_a_question_mark_not_a_zero() -> None:
    row = rows_of(Catalog((ModelCard("bare"),)), resolve)[0]
    assert (row.context, row.price, row.vendor) == ("?", "?", "unknown")


def test_embedding_and_image_models_are_left_out() -> None:
    catalog = Catalog(
        (ModelCard("e", mode="embedding"), ModelCard("i", mode="image_generation"), ModelCard("c"))
    )
    assert [r.name for r in rows_of(catalog, resolve)] == ["c"]


def test_a_group_of_several_upstreams_names_them() -> None:
    two = (
        Deployment("1", "anthropic/claude-opus-4-5", "anthropic"),
        Deployment("2", "bedrock/claude", "bedrock"),
    )
    row = rows_of(Catalog((ModelCard("mixed", two),)), resolve)[0]
    assert row.upstream == "2 upstreams: anthropic/claude-opus-4-5, bedrock/claude"


def test_without_a_query_the_order_is_favourites_recents_then_the_proxys() -> None:
    chosen = Preferences(favourites=("xai/grok-4",), recents=("openai/gpt-5.5", "smart"))
    assert names("", chosen)[:4] == ["xai/grok-4", "openai/gpt-5.5", "smart", "gpt-killer"]


def test_every_word_must_fit_in_some_field() -> None:
    assert names("gpt openai") == ["openai/gpt-5.1", "openai/gpt-5.5"]
    assert names("messages anthropic killer") == ["gpt-killer"]
    assert names("claude-opus") == ["smart", "gpt-killer"]
    assert "gemini/gemini-3-pro-preview" in names("1m vision")


def test_letters_in_order_fit_too_but_after_literal_hits() -> None:
    assert names("dsr") == ["deepseek/deepseek-reasoner"]
    literal_then_loose = names("gpt")
    assert literal_then_loose[:3] == ["gpt-killer", "openai/gpt-5.1", "openai/gpt-5.5"]


def test_a_favourite_that_fits_only_by_letters_does_not_come_first() -> None:
    assert names("xai", Preferences(favourites=("anthropic/claude-sonnet-4-5-20250929",)))[0] == "xai/grok-4"


def test_names_made_to_be_slow_are_not() -> None:
    rows = rows_of(Catalog(tuple(card("ab" * 200 + str(n), "openai/x") for n in range(200))), resolve)
    begun = process_time()
    assert names("aabbaabbaabbaabb" * 4 + "c", rows=rows) == []
    assert process_time() - begun < 1.0
