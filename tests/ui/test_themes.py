"""Themes: the round of three, names, and that high contrast keeps its promise."""

from textual.color import Color

from tui.ui.themes import CONTRAST, DARK, HIGH_CONTRAST, LIGHT, following, named


def test_the_round_goes_through_all_three_and_comes_in_from_anywhere() -> None:
    assert [following(t) for t in (DARK, LIGHT, CONTRAST, "nord")] == [LIGHT, CONTRAST, DARK, DARK]


def test_short_words_name_the_three() -> None:
    available = [DARK, LIGHT, CONTRAST, "nord"]
    assert [named(w, available) for w in ("dark", "light", "contrast", "nord", "none")] == [*available, None]


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def test_high_contrast_is_at_least_seven_to_one_on_every_ground() -> None:
    colors = HIGH_CONTRAST.to_color_system().generate()
    grounds = [Color.parse(colors[name]) for name in ("background", "surface", "panel")]
    texts = ["foreground", "foreground-muted", "primary", "accent", "success", "warning", "error"]
    texts += ["text-primary", "text-accent", "text-success", "text-warning", "text-error"]
    for name in texts:
        for ground in grounds:
            light, dark = sorted((_luminance(Color.parse(colors[name])), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 7, (name, colors[name], ground)
