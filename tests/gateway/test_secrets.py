"""Secrets a server repeats do not reach what people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import CallFailed
from tui.gateway.secrets import masked, masking, secrets_in, without_known_shapes

KEY, COOKIE = "open sesame"[5:] + "-0815", "session=quite.secret"


def test_the_secrets_of_a_request_are_the_values_of_telling_headers() -> None:
    headers = {"authorization": f"Bearer {KEY}", "x-team": "research", "Cookie": COOKIE, "x-token": "short"}
    assert secrets_in(headers) == (COOKIE, KEY)
    assert secrets_in({}) == ()


@given(st.text(), st.text())
def test_a_masked_text_holds_no_secret(before: str, after: str) -> None:
    assert KEY not in masked(before + KEY + after, (KEY,))


def test_a_failed_call_and_all_its_causes_forget_the_secret() -> None:
    def fail() -> None:
        try:
            raise ValueError(f"server said {KEY}", 3)
        except ValueError as cause:
            raise CallFailed("refused", f"got {KEY}", hint=f"not {KEY}", vendor_message=KEY) from cause

    with pytest.raises(CallFailed) as caught, masking(lambda: (KEY,)):
        fail()
    error = caught.value
    said = (str(error), error.what, error.hint, error.vendor_message, repr(error.__cause__))
    assert KEY not in "".join(map(str, said))
    assert error.__cause__ is not None
    assert error.__cause__.args == ("server said …", 3)


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError, match=KEY), masking(lambda: (KEY,)):
        raise KeyError(KEY)


@pytest.mark.parametrize(
    "key", ["sk-proj-abcdef0123", "Bearer abcdefgh", "AIzaSyA1234567890", "eyJhbGciOi.eyJz"]
)
def test_keys_of_known_shapes_are_masked_wherever_they_come_from(key: str) -> None:
    assert key not in without_known_shapes(f"Incorrect API key provided: {key}.")
