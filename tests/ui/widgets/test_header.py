"""The header's line at every width."""

from dataclasses import replace

import pytest

from tests.ui.scripted_session import CARDS, resolve
from tui.chat.catalog import Catalog
from tui.ui.widgets.header import Heading, heading_line

ROUTE = resolve("smart", Catalog(CARDS))
LONG = resolve("anthropic/claude-sonnet-4-5-20250929", Catalog(CARDS))


def line(heading: Heading, width: int) -> str:
    return heading_line(heading, width).plain


def test_wide_it_says_everything() -> None:
    said = line(Heading("team-proxy", version="1.106.2", route=ROUTE, reachable=True), 100)
    assert said.startswith(" sightline   smart ▸ claude-opus-4-5 · litellm-anthropic · /v1/messages ")
    assert said.endswith(" team-proxy ● 1.106.2 ")
    assert len(said) == 100


@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("route", [ROUTE, LONG])
@pytest.mark.parametrize("badge", ["", "⚠ fallback → claude-sonnet-4-5"])
def test_model_provider_endpoint_and_proxy_are_always_there(width: int, route: type, badge: str) -> None:
    heading = Heading("team-proxy", version="1.106.2", route=route, reachable=True, badge=badge)  # type: ignore[arg-type]
    said = line(heading, width)
    assert len(said) <= width
    assert "· litellm-anthropic · /v1/messages" in said
    assert "team-proxy ●" in said
    assert route.requested.rpartition("/")[2][:5] in said  # type: ignore[attr-defined]
    assert badge[:10] in said


def test_simulated_is_said_in_place_of_the_name() -> None:
    said = line(Heading("sim", simulated=True, route=ROUTE, reachable=True), 80)
    assert "simulated ●" in said


def test_a_proxy_that_did_not_answer_has_another_sign() -> None:
    assert "team-proxy ✗" in line(Heading("team-proxy", reachable=False, note="proxy unreachable"), 80)
    assert "proxy unreachable" in line(Heading("team-proxy", reachable=False, note="proxy unreachable"), 80)
    assert "team-proxy ○" in line(Heading("team-proxy", note="reading models …"), 80)


def test_a_long_name_keeps_the_end_that_tells_models_apart() -> None:
    said = line(Heading("sim", simulated=True, route=LONG, reachable=True), 80)
    assert said.startswith(" …/claude-sonnet-4-5-20250929 · litellm-anthropic · /v1/messages ")


def test_an_upstream_the_name_already_says_is_not_said_again() -> None:
    assert "▸" not in line(Heading("p", route=LONG), 200)


def test_where_the_session_is_not_kept_is_said_at_every_width() -> None:
    for width in (72, 80, 120, 200):
        for keeping in ("temporary", "not saved"):
            heading = Heading("sim", simulated=True, version="1.106.2", route=LONG, reachable=True)
            said = line(replace(heading, keeping=keeping), width)
            assert f" {keeping}  simulated ●" in said
            assert len(said) <= width


def test_the_title_takes_only_the_room_that_is_left() -> None:
    heading = Heading("sim", simulated=True, route=ROUTE, reachable=True, title="\x1b[2JBlue sky and more")
    assert "␛[2JBlue sky and more" in line(heading, 140)
    assert "Blue" not in line(heading, 80)
    for width in range(60, 160):
        assert len(line(heading, width)) <= width
        assert "/v1/messages" in line(heading, width)
