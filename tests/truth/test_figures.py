"""Every figure of a step: where it stood, which one counts, and what is no figure."""

from decimal import Decimal

import pytest

from tui.chat.catalog import Catalog, Price
from tui.chat.record import Exchange
from tui.chat.route import Route
from tui.chat.usage import UNKNOWN_COST, Cost, Figure, Usage
from tui.truth.figures import Answered, counting, figures, looked_up, of_exchange, settle, total
from tui.truth.lookups import LogRow, PriceList

D = Decimal
PRICE = Price(D("0.000003"), D("0.000015"), D("0.0000003"), D("0.00000375"), D("0.000006"))
USAGE = Usage(input=100, cache_read=1000, output=70)
OURS = D("0.0003") + D("0.0003") + D("0.00105")


def test_the_header_counts_before_the_stream_before_arithmetic() -> None:
    both = figures(Answered(USAGE, "0.5", "0.4", whole=True), PRICE)
    assert settle(both) == Cost(D("0.5"), "proxy-header")
    assert settle(figures(Answered(USAGE, stream="0.4"), PRICE)) == Cost(D("0.4"), "proxy-stream")
    assert settle(figures(Answered(USAGE), PRICE)) == Cost(OURS, "computed")


def test_each_figure_tells_its_place_or_why_there_is_none() -> None:
    says = {f.source: f.says for f in figures(Answered(USAGE, stream="0.4", dialect="chat"), PRICE)}
    assert says == {
        "proxy-header": "a stream's headers go out before its tokens are counted",
        "proxy-stream": "usage.cost of the last chunk: 0.4",
        "computed": "100 in × $3.00/M + 1,000 cache read × $0.30/M + 70 out × $15.00/M",
    }
    old = figures(Answered(USAGE, whole=True, proxy_version="1.80.10"), PRICE)
    assert old[0] == Figure("proxy-header", None, "LiteLLM 1.80.10 sent no x-litellm-response-cost")


@pytest.mark.parametrize("zero", ["0", "0.0", "0E-7"])
def test_a_zero_without_a_known_price_is_unknown_not_free(zero: str) -> None:
    seen = figures(Answered(USAGE, zero, zero, whole=True), None)
    assert settle(seen) == UNKNOWN_COST
    assert seen[0].says.endswith(f"{zero}, for the model has no price")
    free = Price(D(0), D(0))
    assert settle(figures(Answered(USAGE, zero, whole=True), free)) == Cost(D(zero), "proxy-header")


def test_a_header_of_a_stream_is_no_figure() -> None:
    assert total(figures(Answered(USAGE, header="0.0"), PRICE), "proxy-header") is None


def test_a_cut_answer_has_no_arithmetic_but_what_came_so_far() -> None:
    (_, stream, computed) = figures(Answered(Usage(input=100), cut=True), PRICE)
    assert (stream.usd, computed.usd) == (None, None)
    assert computed.says.endswith("told so far: 100 in × $3.00/M")


def test_the_price_list_never_counts_and_the_log_only_where_the_answer_told_nothing() -> None:
    listed = PriceList({"claude-opus-4-5": PRICE})
    row = LogRow(D("0.7"), "spend of 1 row")
    seen = figures(Answered(USAGE), None, listed=listed, upstream="anthropic/claude-opus-4-5", row=row)
    assert [f.source for f in seen[3:]] == ["price-list", "proxy-log"]
    assert (seen[3].usd, seen[4].usd) == (OURS, D("0.7"))
    assert counting(seen) == seen[4]
    assert counting(seen[:4]) is None
    (absent,) = looked_up(USAGE, listed, "xai/grok-unpriced", None)
    assert absent == Figure("price-list", None, "the proxy's price list has no xai/grok-unpriced")


@pytest.mark.parametrize(
    ("upstream", "name"),
    [
        ("claude", "claude"),
        ("anthropic/claude", "claude"),
        ("bedrock/converse/us.claude", "us.claude"),
        ("azure/x", "azure/x"),
        (None, None),
        ("other/thing", None),
    ],
)
def test_a_model_is_found_under_the_nearest_spelling(upstream: str | None, name: str | None) -> None:
    listed = PriceList(dict.fromkeys(("claude", "us.claude", "azure/x", "x"), PRICE))
    assert listed.price_of(upstream)[0] == name


def test_a_call_that_failed_says_so_and_nothing_of_switches() -> None:
    refused = figures(Answered(refused=True), PRICE)
    assert [figure.source for figure in refused] == ["proxy-header", "proxy-stream", "computed"]
    assert {figure.says for figure in refused} == {"no answer came that tokens or a cost could be told of"}
    assert settle(refused) == UNKNOWN_COST


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (None, "no answer came that tokens or a cost could be told of"),
        (529, "no answer came that tokens or a cost could be told of"),
        (200, "the answer ended before its last usage"),
    ],
)
def test_one_that_failed_and_kept_no_figures_is_told_from_one_that_broke(
    status: int | None, says: str
) -> None:
    route = Route("c", "litellm-anthropic", "http://127.0.0.1:1", "c", None, "anthropic", "claude-opus-4-5")
    failed = Exchange("e", 1, 1, 0.0, route, state="failed", status=status)
    assert of_exchange(failed, Catalog())[1] == Figure("proxy-stream", None, says)
