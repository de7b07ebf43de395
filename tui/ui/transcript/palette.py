"""Every style the renderers use, by role; the view fills them from the theme, tests from the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from rich.style import Style


@dataclass(frozen=True)
class Palette:
    """Rich styles by role; each stands on its own, without a background unless it is meant."""

    text: Style = field(default_factory=Style)
    dim: Style = field(default_factory=lambda: Style(dim=True))
    user: Style = field(default_factory=lambda: Style(bold=True))
    heading: Style = field(default_factory=lambda: Style(bold=True))
    subheading: Style = field(default_factory=lambda: Style(bold=True))
    code: Style = field(default_factory=Style)
    code_label: Style = field(default_factory=lambda: Style(dim=True))
    inline_code: Style = field(default_factory=Style)
    link: Style = field(default_factory=lambda: Style(underline=True))
    quote: Style = field(default_factory=lambda: Style(italic=True))
    marker: Style = field(default_factory=Style)
    """List markers, table rules, quote bars."""
    thinking: Style = field(default_factory=lambda: Style(dim=True))
    tool: Style = field(default_factory=Style)
    ok: Style = field(default_factory=Style)
    warning: Style = field(default_factory=Style)
    error: Style = field(default_factory=Style)
    action: Style = field(default_factory=lambda: Style(bold=True))
    keyword: Style = field(default_factory=Style)
    string: Style = field(default_factory=Style)
    number: Style = field(default_factory=Style)
    comment: Style = field(default_factory=Style)
    function: Style = field(default_factory=Style)
    operator: Style = field(default_factory=Style)
    inserted: Style = field(default_factory=Style)
    deleted: Style = field(default_factory=Style)


ROLES = tuple(f.name for f in fields(Palette))
"""The names of all roles; the view has a component class ``transcript--<role>`` for each."""

PLAIN = Palette()
"""No colours at all."""

BOLD = Style(bold=True)
ITALIC = Style(italic=True)
STRIKE = Style(strike=True)
