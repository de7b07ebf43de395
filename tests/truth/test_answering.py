"""Each finding about who answered: named when it is so, and only then."""

from typing import Any

import pytest

from tests.truth.steps import CATALOG, LISTED, SMART, before, served, step
from tui.chat.catalog import Catalog, ModelCard
from tui.chat.finding import Finding
from tui.chat.route import Served
from tui.truth.answering import pin_refused
from tui.truth.observations import at_headers
from tui.truth.observed import Step

GPT, OPUS, OLD_OPUS = "openai/gpt-5.1", "anthropic/claude-opus-4-5", "anthropic/claude-opus-4-1"
NO_CATALOG = Catalog()
NAMES_ONLY = Catalog((ModelCard("smart"), ModelCard("claude-cheap")))


def found(seen: Step) -> dict[str, Finding]:
    return {finding.cls: finding for finding in at_headers(seen)}


def after(model: str, was: Served, now: Served, **more: Any) -> Step:
    return step(model, now, before=before(model, was), **more)


CASES: list[tuple[str, Step, set[str]]] = [
    ("as asked", step(), set()),
    ("a fallback", step(told=served("d-cheap", GPT, group="cheap", attempted_fallbacks=1)), {"fallback"}),
    ("a fallback by its group alone", step(told=Served(model=GPT, group="cheap")), {"fallback"}),
    (
        "a fallback an old proxy is silent about",
        step(told=Served(model_id="d-sonnet", model=LISTED)),
        {"fallback"},
    ),
    ("a fallback an old proxy denies", step(told=served("d-sonnet", LISTED, group="smart")), {"fallback"}),
    ("an alias", step(told=served("d-smart", OPUS, group="own")), {"other-group"}),
    (
        "a pattern as the group",
        step("claude-new-9", served("d-star", "anthropic/claude-new-9", group="anthropic/*")),
        set(),
    ),
    (
        "a held deployment as the group",
        step(pin="d-smart", told=served("d-smart", OPUS, group="d-smart")),
        set(),
    ),
    ("another model", step(told=served("d-other", GPT, group="smart")), {"other-model"}),
    ("the same in another spelling", step(told=served("d-smart", f"{OPUS}-20251101")), set()),
    ("an administrator's own name", step("house", served("d-house", "azure/our-own")), set()),
    ("a mixed group", step("mixed", served("d-b", OLD_OPUS, group="mixed")), {"mixed-group"}),
    ("a held mixed group", step("mixed", served("d-b", OLD_OPUS, group="d-b"), pin="d-b"), set()),
    (
        "another deployment",
        after("twins", served("d-1", GPT), served("d-2", GPT), seals_sent=2),
        {"other-deployment"},
    ),
    ("the same deployment", after("twins", served("d-1", GPT), served("d-1", GPT)), set()),
    (
        "another model chosen since",
        step("smart", SMART, before=before("twins", served("d-1", GPT))),
        set(),
    ),
    (
        "a hold that did not hold",
        step("twins", served("d-2", GPT), pin="d-1", seals_sent=1),
        {"other-deployment"},
    ),
    ("a hold that held", after("twins", served("d-2", GPT), served("d-1", GPT), pin="d-1"), set()),
    ("a retry", step(told=served("d-smart", OPUS, attempted_retries=2)), {"proxy-retried"}),
    (
        "a listed name in other words",
        step("claude-sonnet-4-5", served("d-star", LISTED)),
        {"wildcard-caught"},
    ),
    (
        "an unlisted name nobody configured",
        step("claude-opus-4-6", served("d-star", "anthropic/claude-opus-4-6")),
        set(),
    ),
    ("the listed name itself", step(LISTED, served("d-sonnet", LISTED)), set()),
    ("an old proxy", step(told=served("d-smart", proxy_version="1.80.10")), {"old-proxy"}),
    ("no header at all", step(told=Served()), set()),
    (
        "a name nobody listed",
        step("unheard-of", served("d", "anthropic/claude-opus-4-5"), catalog=NO_CATALOG),
        set(),
    ),
    ("a name that lies", step("claude-cheap", served("d", GPT), catalog=NAMES_ONLY), {"other-model"}),
    ("a name that says nothing", step("smart", served("d", GPT), catalog=NAMES_ONLY), set()),
]


@pytest.mark.parametrize(("seen", "classes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_named_when_it_is_so_and_only_then(seen: Step, classes: set[str]) -> None:
    assert set(found(seen)) == classes


def test_each_sentence_has_its_evidence() -> None:
    fell = found(step(told=served("d-cheap", GPT, group="cheap", attempted_fallbacks=1)))["fallback"]
    assert fell.says == (
        "The proxy fell back: cheap answered in place of smart "
        "(x-litellm-attempted-fallbacks: 1), with openai/gpt-5.1."
    )
    moved = found(after("twins", served("d-1", GPT), served("d-2", GPT), seals_sent=2))["other-deployment"]
    assert moved.says == (
        "Deployment d-2 answers; the answer before was by d-1. "
        "2 sealed blocks went along, which it may not be able to read."
    )
    assert "by their ids" in moved.mend
    caught = found(step("claude-sonnet-4-5", served("d-star", LISTED)))["wildcard-caught"]
    assert caught.says.endswith("is configured with is lost: its configured thinking.")
    assert caught.mend == f"ask for {LISTED}"
    old = found(step(told=served("d-smart", proxy_version="1.80.10")))["old-proxy"]
    assert old.says.endswith(
        "(no x-litellm-model-name); its deployment is listed as anthropic/claude-opus-4-5."
    )
    assert old.says.startswith("LiteLLM 1.80.10 is older than 1.106 and does not say")


def test_claudes_seals_hold_on_another_deployment_of_the_same_model() -> None:
    twin = Catalog((ModelCard("twins", tuple(CATALOG.cards[1].deployments * 2)),))
    now, was = served("d-2", OPUS), served("d-1", OPUS)
    seen = step("twins", now, catalog=twin, before=before("twins", was), seals_sent=1)
    assert "which reads them" in found(seen)["other-deployment"].says


def test_nothing_is_odd_before_a_plain_server() -> None:
    plain = Catalog(server="anthropic")
    assert not at_headers(step("claude-opus-4-5", served("d", GPT, attempted_fallbacks=3), catalog=plain))


def test_a_hold_the_key_may_not_take() -> None:
    finding = pin_refused(step("twins", pin="d-1").route)
    assert (finding.cls, "no longer pinned" in finding.says) == ("key-model-refused", True)
