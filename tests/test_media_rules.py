"""Vendors' limits by vendor, model and window."""

from tui.chat.media import NO_LIMITS
from tui.media_rules import media_rules

MIB = 1024 * 1024


def test_a_claude_takes_more_the_larger_its_window() -> None:
    small = media_rules("anthropic", "claude-sonnet-4-5", 200_000)
    large = media_rules("anthropic", "claude-sonnet-5-5", 1_000_000)
    assert (small.images, small.pages) == (100, 100)
    assert (large.images, large.pages) == (600, 600)
    assert (small.side, small.many, small.side_of_many) == (8000, 20, 2000)
    assert (small.image_size, small.request_size) == (10 * MIB, 32 * MIB)
    unknown = media_rules("anthropic", "claude-sonnet-5-5")
    assert (unknown.images, unknown.pages) == (600, 600)


def test_on_other_clouds_a_claude_takes_less() -> None:
    bedrock = media_rules("bedrock", "claude-sonnet-4-5", 200_000)
    vertex = media_rules("vertex", "claude-sonnet-4-5", 200_000)
    assert (bedrock.image_size, vertex.image_size) == (5 * MIB, 5 * MIB)
    assert (bedrock.pdfs_count, bedrock.request_size) == (True, 20 * MIB)


def test_only_where_claude_speaks_its_own_format_documents_are_handed_through() -> None:
    assert media_rules("anthropic", "claude-sonnet-4-5").documents
    assert media_rules("bedrock", "claude-sonnet-4-5").documents
    assert not media_rules("openrouter", "claude-sonnet-4-5").documents
    assert not media_rules("openai", "gpt-5.1").documents


def test_each_vendor_takes_its_own_formats() -> None:
    assert media_rules("xai", "grok-4").image_types == {"image/png", "image/jpeg"}
    assert "image/gif" not in media_rules("gemini", "gemini-3-pro-preview").image_types
    assert media_rules("vertex", "gemini-3-pro-preview") == media_rules("gemini", "gemini-3-pro-preview")
    assert not media_rules("openai", "gpt-5.1").animated
    assert not media_rules("xai", "grok-4").pdf
    assert media_rules("deepseek", "deepseek-reasoner").images_by_word_only


def test_of_a_vendor_nobody_knows_nothing_is_said() -> None:
    assert media_rules("unknown", "kimi-k3") is NO_LIMITS
