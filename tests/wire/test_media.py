"""What a route is shown of images and documents, what is told by name, and what is refused."""

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.attachments.samples import as_image, as_pdf, as_text, moving_gif, picture
from tests.wire.streams import CODECS, TOOLS, origin_of, route_to
from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.media import MediaRules
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Attachment, Document, Image, Text, ToolCall, ToolResult, UserPart
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST
from tui.errors import UsageError
from tui.media_rules import media_rules
from tui.wire.media import check_size, shown

PNG = as_image(picture())
PDF = as_pdf(b"%PDF-1.4", pages=12)
GPT = route_to("chat", "gpt-5.1")
CLAUDE = route_to("messages", "claude-sonnet-4-5")
GROK = route_to("chat", "grok-4")


def limited(route: Route = CLAUDE, **rules: Any) -> Route:
    """``route`` with other limits."""
    return replace(route, accepts=replace(route.accepts, media=MediaRules(**rules)))


def knowing(route: Route = CLAUDE, **accepts: Any) -> Route:
    """``route`` of which the catalog tells more."""
    return replace(route, accepts=replace(route.accepts, **accepts))


def prompt(*parts: UserPart, id: str = "u") -> UserMessage:
    return UserMessage(id, (*parts, Text("look")), 0.0)


def answer(*parts: Any) -> AssistantMessage:
    origin = origin_of("messages", "claude-sonnet-4-5")
    said = parts or (Text("seen"),)
    return AssistantMessage("a", said, origin, "end", None, None, UNKNOWN_COST, 0.0)


def history(*attachments: Attachment) -> Conversation:
    """A conversation in which attachments were sent and answered, with a new prompt at its end."""
    return Conversation(messages=(prompt(*attachments), answer(), prompt()))


def of_tool(*parts: Text | Attachment) -> Conversation:
    """A conversation in which a tool gave ``parts``."""
    call = answer(ToolCall("toolu_1", "note", "{}"))
    result = ToolMessage("t", (ToolResult("toolu_1", parts),), 0.0)
    return Conversation(messages=(prompt(), call, result))


def told(conversation: Conversation, route: Route) -> tuple[list[str], list[Finding]]:
    """The texts that stand for what is not shown in the first message, and the findings."""
    seen = shown(conversation, route)
    first = seen.conversation.messages[0]
    assert isinstance(first, UserMessage)
    return [part.text for part in first.parts[:-1] if isinstance(part, Text)], list(seen.findings)


def refused(route: Route, *attachments: Attachment, before: tuple[Message, ...] = ()) -> UsageError:
    """Why a prompt with ``attachments`` is refused."""
    seen = shown(Conversation(messages=(*before, prompt(*attachments))), route)
    with pytest.raises(UsageError) as error:
        seen.refuse()
    return error.value


def test_what_the_route_takes_is_shown_as_it_is() -> None:
    conversation = Conversation(messages=(prompt(PNG, PDF, as_text("hi")),))
    for route in (CLAUDE, GPT):
        seen = shown(conversation, route)
        assert seen.conversation == conversation
        assert seen.findings == ()
        seen.refuse()


@pytest.mark.parametrize(
    ("route", "attachment", "why"),
    [
        (knowing(vision=False), PNG, "claude-sonnet-4-5 takes no images"),
        (route_to("chat", "deepseek-reasoner"), PNG, "is not known to take images"),
        (knowing(pdf=False), PDF, "claude-sonnet-4-5 takes no PDF"),
        (GROK, PDF, "grok-4 takes no PDF"),
        (GROK, as_image(picture("GIF"), "image/gif"), "takes jpeg, png, not image/gif"),
        (GPT, as_image(moving_gif(), "image/gif"), "gpt-5.1 takes no moving GIF"),
        (CLAUDE, as_image(picture("JPEG"), "image/png"), "it is called image/png and is image/jpeg"),
        (CLAUDE, as_image(picture(size=(9000, 3))), "8000 pixels a side; this has 9000"),
        (limited(image_size=40), PNG, "up to 40 bytes as base64; this is "),
        (limited(pdf_size=4), PDF, "PDFs up to"),
        (limited(pages=10), PDF, "10 PDF pages a request, the history's included; with this it would be 12"),
        (limited(request_size=2_000_001), PNG, "a request, the history's attachments included"),
        (CLAUDE, Document("application/zip", "UEs="), "takes no application/zip"),
    ],
)
def test_a_prompt_is_refused_where_in_the_history_only_the_name_is_told(
    route: Route, attachment: Attachment, why: str
) -> None:
    named = replace(attachment, name="it.bin")
    error = refused(route, named)
    assert error.exit_code == 2
    assert error.what.startswith("it.bin: ")
    assert why in error.what
    assert error.hint
    texts, findings = told(history(named), route)
    assert [text.startswith(("[image it.bin", "[document it.bin")) for text in texts] == [True]
    assert texts[0].endswith("not shown to this model]")
    assert [why in finding.says for finding in findings] == [True]
    assert not findings[0].fatal
    shown(history(named), route).refuse()


def test_what_is_not_shown_is_named_with_what_is_known_of_it() -> None:
    blind = knowing(GPT, vision=False, pdf=False)
    parts = (as_image(picture(), name="a\nb.png"), PDF, Image("image/png", "aGk="), as_pdf(b"", "x.pdf"))
    texts, findings = told(history(*parts), blind)
    assert texts == [
        "[image a⏎b.png, 60×40, not shown to this model]",
        "[document report.pdf, 12 pages, not shown to this model]",
        "[image image.png, not shown to this model]",
        "[document x.pdf, not shown to this model]",
    ]
    assert [f.says for f in findings] == [
        "Of a⏎b.png, image.png only the name is told: gpt-5.1 takes no images.",
        "Of report.pdf, x.pdf only the name is told: gpt-5.1 takes no PDF.",
    ]


def test_all_that_is_refused_is_said_at_once() -> None:
    error = refused(knowing(vision=False, pdf=False), PNG, PDF)
    assert error.what == (
        "photo.png: claude-sonnet-4-5 takes no images; report.pdf: claude-sonnet-4-5 takes no PDF"
    )


def test_text_files_are_told_everywhere() -> None:
    blind = knowing(GPT, vision=False, pdf=False)
    assert shown(Conversation(messages=(prompt(as_text("hi")),)), blind).findings == ()


def test_images_are_counted_with_the_history_and_in_tool_results() -> None:
    route = limited(images=3)
    before = (prompt(PNG, PNG), answer(ToolCall("toolu_1", "note", "{}")))
    result = ToolMessage("t", (ToolResult("toolu_1", (PNG,)),), 0.0)
    error = refused(route, PNG, before=(*before, result, answer()))
    assert "takes 3 images a request" in error.what
    shown(Conversation(messages=(*before, result)), route).refuse()


def test_pages_and_sizes_add_up_over_the_history() -> None:
    assert "with this it would be 24" in refused(limited(pages=20), PDF, before=(prompt(PDF), answer())).what
    room = 2_000_000 + len(PNG.data)
    assert refused(limited(request_size=room), PNG, before=(prompt(PNG), answer())).cls == "image-limits"


def test_beyond_many_images_each_must_be_smaller_the_earlier_ones_too() -> None:
    route = limited(many=2, side_of_many=50, side=8000)
    small, large = as_image(picture(size=(40, 40))), as_image(picture(size=(60, 40)))
    shown(Conversation(messages=(prompt(small, large),)), route).refuse()
    assert "this has 60" in refused(route, small, small, large).what
    assert "an earlier one has 60" in refused(route, large, small, small).what
    shown(Conversation(messages=(prompt(small, small, small),)), route).refuse()


def test_on_some_clouds_a_pdf_counts_as_an_image() -> None:
    route = limited(many=1, side_of_many=50, side=8000, pdfs_count=True)
    assert "an earlier one has 60" in refused(route, PNG, PDF).what
    assert "this has 60" in refused(route, PDF, PNG).what


def test_tool_results_hold_what_the_endpoint_gets_through() -> None:
    parts = (Text("look"), PNG, PDF)
    for route, kinds in (
        (CLAUDE, [Text, Image, Document]),
        (route_to("chat", "claude-sonnet-4-5"), [Text, Image, Document]),
        (route_to("chat", "gemini-3-pro-preview"), [Text, Image, Document]),
        (GPT, [Text, Text, Text]),
    ):
        message = shown(of_tool(*parts), route).conversation.messages[2]
        assert isinstance(message, ToolMessage)
        assert [type(part) for part in message.results[0].parts] == kinds
    shown(of_tool(*parts), GPT).refuse()


def test_a_prompt_without_an_answer_is_history_when_another_follows() -> None:
    conversation = Conversation(messages=(prompt(PDF), prompt(id="v")))
    shown(conversation, GROK).refuse()


def test_a_request_too_large_for_the_vendor_is_refused() -> None:
    check_size(b"x" * 10, limited(request_size=10))
    with pytest.raises(UsageError, match="takes"):
        check_size(b"x" * 11, limited(request_size=10))
    check_size(b"x" * 11, limited())


@pytest.mark.parametrize("dialect", ["messages", "chat"])
def test_codecs_refuse_tell_and_foresee(dialect: Any) -> None:
    route = knowing(route_to(dialect, "claude-sonnet-4-5"), vision=False)
    codec = CODECS[dialect]
    with pytest.raises(UsageError, match="takes no images"):
        codec.encode(Conversation(messages=(prompt(PNG),)), route, Settings(), TOOLS)
    foreseen = codec.foresee(Conversation(messages=(prompt(PNG),)), route, Settings(), TOOLS)
    assert [f.fatal for f in foreseen if "takes no images" in f.says] == [True]
    request = codec.encode(history(PNG), route, Settings(), TOOLS)
    assert "[image photo.png, 60×40, not shown to this model]" in request.body.decode()
    assert [f.fatal for f in request.findings if "takes no images" in f.says] == [False]
    small = limited(route, request_size=100)
    with pytest.raises(UsageError, match="takes 100 bytes"):
        codec.encode(Conversation(messages=(prompt(),)), small, Settings(), TOOLS)


def test_the_check_stays_quick_with_many_large_images() -> None:
    large = as_image(picture("PNG", (100, 100)) + b"\0" * 5_000_000)
    route = knowing(media=replace(media_rules("anthropic", "claude-sonnet-5-5"), request_size=None))
    conversation = history(*([large] * 100))
    began = time.process_time()
    assert shown(conversation, route).findings == ()
    assert time.process_time() - began < 0.5
