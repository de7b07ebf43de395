"""A base URL is recognised by free routes, with as little as the server is willing to tell."""

import pytest

from tests.gateway.answering import LITELLM, Answer, answering
from tui.errors import SightlineError
from tui.gateway.client import Endpoint
from tui.gateway.detect import detect

ENDPOINT = Endpoint(key=lambda: "sk-test", headers={"x-team": "blue"})
ANTHROPIC_401 = (401, '{"type": "error", "error": {"type": "authentication_error", "message": "no"}}')
OPENAI_401 = (401, '{"error": {"message": "no", "type": "invalid_request_error"}}')


async def test_a_litellm_proxy_is_known_by_its_free_routes_and_never_asked_for_health() -> None:
    with answering(LITELLM) as server:
        found = await detect(server.url + "/v1/", ENDPOINT)
    assert (found.kind, found.version, found.simulated) == ("litellm", "1.106.2", False)
    assert "/health" not in server.paths
    for path, headers in server.asked:
        assert headers["x-team"] == "blue"
        assert ("authorization" in headers) == (path == "/health/readiness/details")


@pytest.mark.parametrize(
    "answers",
    [
        {"/health/liveliness": (200, '"I\'m alive!"')},
        {"/.well-known/litellm-ui-config": (200, '{"server_root_path": "/"}')},
        {"/model/info": (200, '{"data": [{"model_name": "x"}]}')},
    ],
)
async def test_any_one_of_its_marks_is_enough(answers: dict[str, Answer]) -> None:
    with answering(answers) as server:
        found = await detect(server.url, ENDPOINT)
    assert (found.kind, found.version) == ("litellm", None)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, '{"data": [{"type": "model", "id": "m"}], "has_more": false}'), "anthropic"),
        (ANTHROPIC_401, "anthropic"),
        ((200, '{"object": "list", "data": [{"id": "m"}]}'), "openai"),
        (OPENAI_401, "openai"),
        ((200, "<html>welcome</html>"), "openai"),
        ((200, "[1, 2]"), "openai"),
    ],
)
async def test_a_plain_server_is_known_by_the_shape_of_its_list(answer: Answer, kind: str) -> None:
    with answering({"/v1/models": answer}) as server:
        assert (await detect(server.url, ENDPOINT)).kind == kind


async def test_a_server_that_tells_nothing_is_judged_by_its_url() -> None:
    with answering({}) as server:
        found = await detect(server.url + "/anthropic", ENDPOINT)
    assert found.kind == "anthropic"
    assert "judged by the URL" in found.because


async def test_our_own_simulation_is_marked() -> None:
    with answering(LITELLM, headers={"x-sightline-simulated": "1"}) as server:
        assert (await detect(server.url, ENDPOINT)).simulated


async def test_hostile_json_does_not_break_detection() -> None:
    odd = (200, '{"litellm_version": ["x"], "server_root_path": 1e400, "data": {"a": null}}')
    with answering(dict.fromkeys(LITELLM, odd)) as server:
        found = await detect(server.url, ENDPOINT)
    assert (found.kind, found.version) == ("litellm", None)


async def test_a_redirect_is_not_followed() -> None:
    with answering({"/health/liveliness": (302, "")}, headers={"location": "http://127.0.0.1:1/"}) as server:
        assert (await detect(server.url, ENDPOINT)).kind == "openai"


async def test_nobody_there_is_an_error_with_a_hint() -> None:
    with answering({}) as server:
        gone = server.url
    with pytest.raises(SightlineError) as failed:
        await detect(gone, ENDPOINT)
    assert (failed.value.cls, failed.value.exit_code) == ("proxy-unreachable", 3)


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    silent = frozenset({"/health/liveliness", "/.well-known/litellm-ui-config"})
    with answering({}, hang=silent) as server, pytest.raises(SightlineError) as failed:
        await detect(server.url, ENDPOINT, seconds=0.3)
    assert failed.value.exit_code == 3
