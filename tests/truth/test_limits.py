"""What is left, by the headers of proxies and vendors: whose it is, where it stood, and nothing invented."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tui.truth.limits import Limit, limits

D = Decimal
OF_PROXY = (
    ("x-litellm-key-spend", "0.0125"),
    ("x-litellm-key-max-budget", "0.05"),
    ("x-litellm-key-rpm-limit", "60"),
    ("x-litellm-key-remaining-requests-smart", "7"),
    ("x-ratelimit-api_key-remaining-requests", "59"),
    ("x-ratelimit-api_key-limit-requests", "60"),
    ("x-ratelimit-model_per_key-remaining-tokens", "900"),
)
OF_ANTHROPIC = (
    ("llm_provider-anthropic-ratelimit-input-tokens-limit", "2000000"),
    ("llm_provider-anthropic-ratelimit-input-tokens-remaining", "1999000"),
    ("llm_provider-anthropic-ratelimit-input-tokens-reset", "2026-11-22T20:10:00Z"),
)


def test_the_keys_budget_and_the_proxys_limits_come_before_the_vendors() -> None:
    found = limits((*OF_ANTHROPIC, *OF_PROXY))
    assert [(x.by, x.of, x.what, x.remaining, x.limit) for x in found] == [
        ("proxy", "key", "spend", D("0.0375"), D("0.05")),
        ("proxy", "key", "requests a minute", None, D(60)),
        ("proxy", "key and smart", "requests", D(7), None),
        ("proxy", "key", "requests", D(59), D(60)),
        ("proxy", "key and model", "tokens", D(900), None),
        ("vendor", "", "input tokens", D(1999000), D(2000000)),
    ]
    assert found[-1].reset == "2026-11-22T20:10:00Z"
    assert found[0].used == D("0.0125")
    assert found[0].share == D("0.75")


def test_a_copy_of_the_vendors_header_is_not_the_proxys_own() -> None:
    vendor = (("llm_provider-x-ratelimit-remaining-requests", "9"), ("x-ratelimit-remaining-requests", "9"))
    (only,) = limits(vendor)
    assert (only.by, only.headers) == ("vendor", ("llm_provider-x-ratelimit-remaining-requests",))
    (own,) = limits((("x-ratelimit-remaining-requests", "9"), ("x-litellm-version", "1.106.2")))
    assert (own.by, own.of) == ("proxy", "key or model")


def test_before_a_plain_vendor_every_limit_is_the_vendors() -> None:
    (only,) = limits((("X-RateLimit-Remaining-Tokens", "149984"), ("X-RateLimit-Reset-Tokens", "6m0s")))
    assert (only.by, only.what, only.remaining, only.reset) == ("vendor", "tokens", D(149984), "6m0s")


def test_a_budget_that_is_over_leaves_nothing_and_an_unlimited_key_is_not_limited() -> None:
    (over,) = limits((("x-litellm-key-spend", "2"), ("x-litellm-key-max-budget", "1")))
    assert (over.remaining, over.share) == (D(0), D(0))
    (free,) = limits((("x-litellm-key-spend", "2"),))
    assert free == Limit("proxy", "key", "spend", used=D(2), headers=("x-litellm-key-spend",))


_NAMES = st.sampled_from([name for name, _ in (*OF_PROXY, *OF_ANTHROPIC)]) | st.text(max_size=40)


@given(st.lists(st.tuples(_NAMES, st.text(max_size=20)), max_size=12))
def test_nonsense_of_a_server_is_never_an_error_nor_a_number(headers: list[tuple[str, str]]) -> None:
    for limit in limits(tuple(headers)):
        assert limit.headers
        assert limit.remaining is None or limit.remaining.is_finite()
