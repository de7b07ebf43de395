"""Taking a request apart: nothing of it is lost, in the order in which a prefix is cached."""

from copy import deepcopy
from time import process_time
from typing import Any

import pytest
from hypothesis import given

from tests.exchanges.bodies import BODIES, bodies, dialects, packed
from tui.chat.parts import Dialect, Json
from tui.clean import visible
from tui.exchanges.anatomy import Anatomy, anatomy, new_since


def put_together(taken: Anatomy) -> dict[str, Json]:
    """The body again, from parameters and pieces."""
    body: dict[str, Json] = dict(taken.params)
    for piece in taken.pieces:
        match piece.path.split("."):
            case [key]:
                body[key] = piece.value
            case [key, place]:
                body.setdefault(key, []).append(deepcopy(piece.value))
                assert int(place) == len(body[key]) - 1
            case [key, place, inner, *within]:
                history = body.setdefault(key, [])
                if int(place) == len(history):
                    history.append({"role": piece.role})
                message = history[int(place)]
                if within:
                    message.setdefault(inner, []).append(piece.value)
                    assert int(within[0]) == len(message[inner]) - 1
                else:
                    message[inner] = piece.value
    return body


@pytest.mark.parametrize(
    ("dialect", "labels"),
    [
        (
            "messages",
            "tool search|tool clock|system · text|user · text|assistant · thinking|assistant · text"
            "|assistant · call search|user · result of toolu_1",
        ),
        (
            "chat",
            "tool search|tool clock|system · text|user · text|assistant · thinking|assistant · text"
            "|assistant · call search|tool · result of call_1",
        ),
        (
            "responses",
            "tool search|tool clock|system · text|user · text|assistant · reasoning|assistant · id"
            "|assistant · text|assistant · call search|tool · result of call_1",
        ),
    ],
)
def test_a_request_is_taken_apart_in_the_order_of_its_prefix(dialect: Dialect, labels: str) -> None:
    taken = anatomy(packed(BODIES[dialect]()), dialect)
    assert "|".join(piece.label for piece in taken.pieces) == labels
    assert "model" in taken.params
    assert not {"messages", "input", "tools", "system"} & taken.params.keys()


@given(body=bodies, dialect=dialects)
def test_nothing_of_any_body_is_lost(body: Any, dialect: Dialect) -> None:
    raw = packed(body)
    taken = anatomy(raw, dialect)
    assert put_together(taken) == body
    assert taken.size == len(raw)
    assert len({piece.path for piece in taken.pieces}) == len(taken.pieces)
    for piece in taken.pieces:
        assert visible(piece.label) == piece.label
        assert visible(piece.path) == piece.path
        assert len(piece.label) < 200
        assert piece.size == len(packed(piece.value))


@given(body=bodies, dialect=dialects)
def test_a_request_has_nothing_new_since_itself(body: Any, dialect: Dialect) -> None:
    taken = anatomy(packed(body), dialect)
    assert new_since(taken, taken) == len(taken.pieces)
    assert new_since(None, taken) == 0


@pytest.mark.parametrize("dialect", BODIES)
def test_what_is_new_begins_at_the_first_piece_that_is_not_the_same(dialect: Dialect) -> None:
    before, now = BODIES[dialect](), BODIES[dialect]()
    history = now["input" if dialect == "responses" else "messages"]
    history.append({"role": "user", "content": "Thanks!"})
    old, new = anatomy(packed(before), dialect), anatomy(packed(now), dialect)
    assert new_since(old, new) == len(old.pieces) == len(new.pieces) - 1
    now["tools"][1] = {"name": "clock"}
    assert new_since(old, anatomy(packed(now), dialect)) == 1


def test_a_role_and_the_bounds_of_a_message_are_part_of_what_is_the_same() -> None:
    one = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}] * 2}]}
    two = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}] * 2}
    three = {"messages": [{"role": "assistant", "content": [{"type": "text", "text": "a"}] * 2}]}
    taken = [anatomy(packed(body), "messages") for body in (one, two, three)]
    assert new_since(taken[0], taken[1]) == 1
    assert new_since(taken[0], taken[2]) == 0


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b"nope", b"\xff\xfe", b'{"a":', b"null"])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|codec|Expecting"):
        anatomy(raw, "messages")


def test_json_of_any_depth_is_taken() -> None:
    deep = b'{"messages":[{"role":"user","content":[' + b"[" * 50_000 + b"]" * 50_000 + b"]}]}"
    [piece] = anatomy(deep, "chat").pieces
    assert piece.size == 100_000


def test_a_large_request_is_quick() -> None:
    block = {"type": "text", "text": "abc " * 95}
    body = {"messages": [{"role": "user", "content": [block, block]} for _ in range(5_000)]}
    raw = packed(body)
    start = process_time()
    taken = anatomy(raw, "messages")
    assert len(taken.pieces) == 10_000
    assert process_time() - start < 1
