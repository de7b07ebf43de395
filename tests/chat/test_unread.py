"""Values that are kept as bytes until somebody looks at them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tui.chat.messages import Message, UserMessage
from tui.chat.parts import Text
from tui.chat.unread import Unread, peeked, read, unread_of

WHOLE = UserMessage("m1", (Text("hello"),), 2.0)


def made(unread: Unread[UserMessage], data: bytes) -> UserMessage:
    """A message that is not read."""
    late, put_bytes, (put_id, put_at) = unread.maker
    message = object.__new__(late)
    put_bytes(message, data)
    put_id(message, "m1")
    put_at(message, 2.0)
    return message


class Kept:
    """Messages that are not read, and how often one was."""

    def __init__(self) -> None:
        self.reads = 0
        self.unread = Unread(UserMessage, ("id", "at"), "parts", self._read)

    def _read(self, known: UserMessage, data: bytes) -> UserMessage:
        self.reads += 1
        return UserMessage(known.id, (Text(data.decode()),), known.at)

    def message(self) -> UserMessage:
        return made(self.unread, b"hello")


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_what_is_known_is_told_without_reading(kept: Kept) -> None:
    message = kept.message()
    assert isinstance(message, UserMessage)
    assert (message.id, message.at, kept.reads) == ("m1", 2.0, 0)


def test_at_its_first_look_it_becomes_an_ordinary_value(kept: Kept) -> None:
    message = kept.message()
    assert message.text == "hello"
    assert type(message) is UserMessage
    assert message == WHOLE
    assert kept.reads == 1


def test_it_equals_what_it_will_read_as_whoever_is_asked(kept: Kept) -> None:
    plain = WHOLE
    assert plain == kept.message()
    assert kept.message() == WHOLE
    assert kept.message() == kept.message()
    assert kept.message() != replace(WHOLE, at=3.0)
    assert hash(kept.message()) == hash(WHOLE)
    assert repr(kept.message()) == repr(WHOLE)


def test_a_change_of_it_is_an_ordinary_value(kept: Kept) -> None:
    assert type(replace(kept.message(), parts=())) is UserMessage
    assert replace(kept.message(), at=3.0) == replace(WHOLE, at=3.0)


def test_a_match_by_class_sees_its_fields(kept: Kept) -> None:
    found: Message = kept.message()
    match found:
        case UserMessage(parts=parts):
            assert parts == WHOLE.parts


def test_who_peeks_sees_it_whole_and_leaves_it_unread(kept: Kept) -> None:
    message = kept.message()
    assert peeked(message) == WHOLE
    assert peeked(WHOLE) is WHOLE
    assert type(message) is not UserMessage
    assert message.text == "hello"
    assert peeked(message) is message
    assert kept.reads == 2


def test_two_threads_that_look_at_once_both_see_it_whole(kept: Kept) -> None:
    messages = [kept.message() for _ in range(200)]
    seen: list[list[str]] = []
    threads = [threading.Thread(target=lambda: seen.append([m.text for m in messages])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["hello"] * 200] * 4
    assert kept.reads == 200


def test_all_of_several_are_read_at_once(kept: Kept) -> None:
    messages = [kept.message(), WHOLE, kept.message()]
    late = unread_of(messages)
    assert list(map(id, late)) == [id(messages[0]), id(messages[2])]
    read(messages)
    assert unread_of(messages) == []
    assert kept.reads == 2
    assert messages == [WHOLE] * 3


def test_what_cannot_be_read_says_so_at_each_look_and_stays_as_it_was() -> None:
    def read(known: UserMessage, data: bytes) -> UserMessage:
        raise ValueError(f"{known.id}: {data!r}")

    message = made(Unread(UserMessage, ("id", "at"), "parts", read), b"?")
    for _ in range(2):
        with pytest.raises(ValueError, match="m1: b'\\?'"):
            _ = message.text
    assert message.id == "m1"
