"""``sightline probe`` against models that differ: what is seen is told, and nothing is sent without a yes."""

import json

import pytest

from tests.cli.program import Program


def probed(program: Program, model: str, *more: str) -> dict[str, tuple[str, str]]:
    done = program.main("probe", model, "--yes", "--json", *more)
    assert done.code == 0, done.err
    (report,) = done.lines
    assert report["cost"]["usd"] is None or float(report["cost"]["usd"]) > 0
    return {result["capability"]: (result["verdict"], result["says"]) for result in report["results"]}


def test_claude_over_messages_can_do_everything(program: Program) -> None:
    seen = probed(program, "smart")
    others = {capability: verdict for capability, (verdict, _) in seen.items() if verdict != "yes"}
    assert others == {"cost": "no", "prefill": "unclear"}
    assert "1 seal sent back" in seen["kept"][1]


def test_what_the_vendor_refuses_is_told_in_its_words(program: Program) -> None:
    verdict, says = probed(program, "anthropic/claude-sonnet-4-5-20250929")["forced"]
    assert verdict == "refused"
    assert "Thinking may not be enabled when tool_choice forces tool use" in says


def test_a_prefill_that_newer_models_refuse(program: Program) -> None:
    verdict, says = probed(program, "anthropic/claude-opus-4-7")["prefill"]
    assert verdict == "refused"
    assert "does not support assistant message prefill" in says


def test_the_same_model_over_another_endpoint(program: Program) -> None:
    seen = probed(program, "openai/gpt-5.5", "--endpoint", "responses")
    assert seen["sealed"][0] == "yes"
    assert seen["kept"][0] == "yes"


def test_the_exchanges_are_in_a_session_that_can_be_looked_at(program: Program) -> None:
    report = program.main("probe", "smart", "--yes", "--json").lines[0]
    shown = program.main("sessions", "--json").lines[0]
    assert (shown["session"], shown["title"]) == (report["session"], "Probe of smart over /v1/messages")
    har = json.loads(program.main("export", report["session"], "--as", "har").out)
    known = {exchange for result in report["results"] for exchange in result["exchanges"]}
    assert len(har["log"]["entries"]) == len(known)


def test_without_a_yes_nothing_is_sent(program: Program) -> None:
    before = len(program.sim.state.exchanges)
    done = program.main("probe", "smart")
    assert done.code == 2
    assert "about $" in done.err
    assert "--yes" in done.err
    assert len(program.sim.state.exchanges) == before


def test_a_model_nobody_knows_is_an_error_and_no_report(program: Program) -> None:
    done = program.main("probe", "smrt", "--yes")
    assert (done.code, done.out) == (2, "")
    assert "unknown" in done.err
    assert not list(program.home.rglob("probes.json"))


@pytest.mark.parametrize("model", ["mystery"])
def test_a_model_without_a_price_says_so(program: Program, model: str) -> None:
    assert "cost is unknown" in program.main("probe", model).err
