"""Reports are kept as they are, and a file that is none of ours does no harm."""

import json
from decimal import Decimal
from pathlib import Path
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tui.chat.usage import Cost, CostSource
from tui.probing.kept import MOST, NAME, load_reports, save_report
from tui.probing.report import MARKS, TITLES, Capability, Report, Result, Verdict
from tui.probing.report import report_from_json as from_json
from tui.probing.report import report_to_json as to_json

texts = st.text(max_size=20)
results = st.builds(
    Result,
    capability=st.sampled_from(get_args(Capability)),
    verdict=st.sampled_from(get_args(Verdict)),
    says=texts,
    claimed=st.none() | st.booleans(),
    exchanges=st.lists(texts, max_size=2).map(tuple),
)
costs = st.builds(
    Cost,
    usd=st.none() | st.decimals(0, 100, places=9),
    source=st.sampled_from(get_args(CostSource)),
    at_least=st.booleans(),
)
reports = st.builds(
    Report,
    model=texts,
    endpoint=st.sampled_from(("/v1/messages", "/v1/responses")),
    provider=texts,
    upstream=st.none() | texts,
    at=st.floats(0, 4e9),
    session=texts,
    proxy_version=st.none() | texts,
    results=st.lists(results, max_size=4).map(tuple),
    cost=costs,
    seconds=st.floats(0, 1e6),
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def report(model: str = "smart", endpoint: str = "/v1/messages", says: str = "6*7") -> Report:
    result = Result("tools", "yes", says, False, ("x1",))
    return Report(
        model,
        endpoint,
        "litellm-anthropic",
        None,
        1.0,
        "s",
        None,
        (result,),
        Cost(Decimal("0.01"), "computed"),
    )


@given(reports)
def test_a_report_comes_back_as_it_went(one: Report) -> None:
    assert from_json(json.loads(json.dumps(to_json(one)))) == one


@given(JSONS)
def test_what_is_no_report_is_none(data: object) -> None:
    assert from_json(data) is None


def test_every_capability_has_a_name_and_every_verdict_a_mark() -> None:
    assert set(TITLES) == set(get_args(Capability))
    assert set(MARKS) == set(get_args(Verdict))


def test_a_claim_is_contradicted_only_by_what_was_seen() -> None:
    assert Result("tools", "yes", "", claimed=False).contradicts
    assert Result("tools", "refused", "", claimed=True).contradicts
    assert not Result("tools", "unclear", "", claimed=True).contradicts
    assert not Result("tools", "no", "").contradicts


def test_the_newest_report_of_each_model_and_endpoint_is_kept(tmp_path: Path) -> None:
    for says in ("old", "new"):
        save_report(tmp_path, "http://a", report(says=says))
    save_report(tmp_path, "http://a", report(endpoint="/v1/responses"))
    save_report(tmp_path, "http://b", report(says="elsewhere"))
    kept = load_reports(tmp_path, "http://a")
    assert [(one.endpoint, one.results[0].says) for one in kept] == [
        ("/v1/messages", "new"),
        ("/v1/responses", "6*7"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert MOST > 100


def test_a_broken_file_is_no_report_and_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{broken")
    assert load_reports(tmp_path, "http://a") == ()
    save_report(tmp_path, "http://a", report())
    assert load_reports(tmp_path, "http://a") == (report(),)
