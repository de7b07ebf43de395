"""The program's table of models and the simulated vendors' own table tell the same story."""

import pytest

from tui.generations import accepts, canonical, is_claude, vendor_of
from tui.sim.deployments import LISTED, Deployment
from tui.sim.generations import GENERATIONS, Generation


@pytest.mark.parametrize("vendors", GENERATIONS.values(), ids=lambda g: g.name)
def test_what_we_believe_a_model_takes_is_what_the_vendor_takes(vendors: Generation) -> None:
    ours = accepts(vendors.name)
    assert ours.prefix_bound == vendors.prefix_bound
    if vendors.vendor in ("anthropic", "openai"):
        assert ours.efforts == vendors.efforts
    else:
        assert set(ours.efforts) == set(vendors.efforts)
    assert ours.effort_with_tools is not vendors.chat_tools
    if vendors.vendor == "anthropic":
        assert ours.thinking == vendors.thinking
        assert (ours.thinking_default != "off") == vendors.thinks_by_default
        assert (ours.display_default == "omitted") == vendors.omits_text
        assert ours.sampling == vendors.free_sampling
        assert ours.max_output is not None
        assert ours.max_output <= vendors.max_output


@pytest.mark.parametrize("listed", [d for d in LISTED if d.generation], ids=lambda d: d.name)
def test_both_tables_read_the_same_generation_from_an_upstream_id(listed: Deployment) -> None:
    assert listed.generation is not None
    assert canonical(listed.upstream) == listed.generation.name
    assert is_claude(canonical(listed.upstream)) == (listed.generation.vendor == "anthropic")
    if not listed.upstream.startswith("bedrock/"):
        assert vendor_of(listed.upstream) == listed.generation.vendor
