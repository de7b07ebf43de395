"""Discovery routes of the LiteLLM face, in the shapes and with the oddities measured on real proxies."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tui.sim.deployments import LISTED
from tui.sim.server import build_app
from tui.sim.state import SimState

KEY = {"authorization": "Bearer sk-simulated"}
STATE = SimState(speed=0)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=build_app(STATE))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sim") as client:
        yield client


async def get(client: httpx2.AsyncClient, path: str, **headers: str) -> Any:
    response = await client.get(path, headers={**KEY, **{k.replace("_", "-"): v for k, v in headers.items()}})
    assert response.status_code == 200
    assert response.headers["x-sightline-simulated"] == "1"
    return response.json()


async def test_the_fingerprints_need_no_key(client: httpx2.AsyncClient) -> None:
    alive = await client.get("/health/liveliness")
    assert (alive.status_code, alive.text) == (200, '"I\'m alive!"')
    config = (await client.get("/.well-known/litellm-ui-config")).json()
    assert "server_root_path" in config
    assert config["simulated"] is True
    assert (await client.get("/health/readiness")).json() == {"status": "healthy", "db": "Not connected"}
    assert "LiteLLM API - Swagger UI" in (await client.get("/")).text


@pytest.mark.parametrize("path", ["/v1/models", "/model/info", "/model_group/info", "/v1/models/smart"])
async def test_the_others_need_the_key(client: httpx2.AsyncClient, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer sk-wrong"}):
        response = await client.get(path, headers=headers)
        assert response.status_code == 401
        assert response.json()["error"]["type"] == "auth_error"


async def test_model_info_tells_the_truth_behind_each_name(client: httpx2.AsyncClient) -> None:
    entries = (await get(client, "/model/info"))["data"]
    assert [e["model_name"] for e in entries] == [d.name for d in LISTED]
    by_name = {e["model_name"]: e for e in entries}
    assert by_name["gpt-killer"]["litellm_params"]["model"] == "anthropic/claude-opus-4-5"
    assert by_name["claude-cheap"]["model_info"]["litellm_provider"] == "openai"
    assert by_name["bedrock-claude"]["model_info"]["litellm_provider"] == "bedrock"
    sonnet = by_name["anthropic/claude-sonnet-4-5-20250929"]
    assert sonnet["litellm_params"]["thinking"] == {"type": "enabled", "budget_tokens": 8000}
    assert sonnet["model_info"]["input_cost_per_token"] == pytest.approx(3e-6)
    assert sonnet["model_info"]["cache_creation_input_token_cost_above_1hr"] == pytest.approx(6e-6)
    assert await get(client, "/v1/model/info") == {"data": entries}


async def test_an_unknown_model_has_nulls_and_no_zero(client: httpx2.AsyncClient) -> None:
    entries = (await get(client, "/model/info"))["data"]
    for name in ("mystery", "anthropic/*"):
        info = next(e for e in entries if e["model_name"] == name)["model_info"]
        assert info["mode"] is None
        assert info["input_cost_per_token"] is None
        assert info["supports_reasoning"] is None


async def test_deployment_ids_are_unique_and_stable(client: httpx2.AsyncClient) -> None:
    ids = [e["model_info"]["id"] for e in (await get(client, "/model/info"))["data"]]
    assert len(set(ids)) == len(LISTED)
    assert ids == [d.id for d in LISTED]


async def test_groups_merge_their_deployments(client: httpx2.AsyncClient) -> None:
    groups = {g["model_group"]: g for g in (await get(client, "/model_group/info"))["data"]}
    assert len(groups) == len({d.name for d in LISTED})
    assert groups["mixed"]["providers"] == ["anthropic"]
    assert groups["mixed"]["input_cost_per_token"] == pytest.approx(5e-6)


async def test_the_list_owns_everything_by_openai_and_the_single_entry_tells(
    client: httpx2.AsyncClient,
) -> None:
    listed = (await get(client, "/v1/models"))["data"]
    assert {m["owned_by"] for m in listed} == {"openai"}
    assert (await get(client, "/v1/models/smart"))["owned_by"] == "anthropic"
    with_slash = await client.get("/v1/models/openai/gpt-5.1", headers=KEY)
    assert with_slash.status_code == 404


async def test_fallbacks_are_told_when_asked(client: httpx2.AsyncClient) -> None:
    listed = (await get(client, "/v1/models?include_metadata=true"))["data"]
    assert next(m for m in listed if m["id"] == "flaky")["metadata"] == {"fallbacks": ["smart"]}


async def test_an_anthropic_version_changes_the_shape_of_the_list(client: httpx2.AsyncClient) -> None:
    listed = await get(client, "/v1/models", anthropic_version="2023-06-01")
    assert listed["data"][0]["type"] == "model"
    assert listed["has_more"] is False


async def test_health_is_counted_and_never_answers(client: httpx2.AsyncClient) -> None:
    before = STATE.counts["health"]
    assert (await client.get("/health", headers=KEY)).status_code == 500
    assert STATE.counts["health"] == before + 1


@pytest.mark.parametrize("path", ["/v2/model/info", "/key/info", "/user/info", "/spend/logs"])
async def test_routes_that_need_a_database_say_so(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers=KEY)).status_code == 500
    assert (await client.get(path)).status_code == 401
