"""``models`` and ``route`` print what the contract promises, and nothing a terminal would obey."""

import io
import json
import subprocess
import sys
from decimal import Decimal

from tui.chat.catalog import Catalog, Deployment, ModelCard, Price, Refusal
from tui.chat.route import Route
from tui.cli import models, route
from tui.resolver import resolve

PRICE = Price(Decimal("0.000003"), Decimal("0.000015"), above=((200_000, Price(Decimal("0.000006"))),))
CATALOG = Catalog(
    (
        ModelCard(
            "smart",
            (Deployment("d1", "anthropic/claude-opus-4-5", "anthropic", price=PRICE),),
            mode="chat",
            context=200_000,
            price=PRICE,
            supports={"tools": True, "vision": None},
        ),
        ModelCard("mystery", (Deployment("d2", "xai/grok-unpriced", "xai"),)),
        ModelCard("embed", (Deployment("d3", "openai/text-embedding-3-small", "openai"),), mode="embedding"),
        ModelCard("anthropic/*", (Deployment("d4", "anthropic/*", "anthropic"),)),
        ModelCard("evil\x1b[2J\nname", (Deployment("d5", "openai/x", "openai"),)),
    ),
    refusals=(Refusal("/model_group/info", 403, "not \x1b]0;yours"),),
    source="/model/info",
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def where(name: str, endpoint: str = "auto", catalog: Catalog = CATALOG, pin: str | None = None) -> Route:
    assert endpoint == "auto"
    return resolve(name, catalog, pin=pin, base_url="http://h:4000")


def printed(out: io.StringIO, *, as_json: bool = False) -> tuple[str, str]:
    err = Terminal()
    assert models.run(CATALOG, where, as_json=as_json, out=out, err=err) == 0
    return out.getvalue(), err.getvalue()


def test_models_are_a_table_with_unknown_prices_marked() -> None:
    text, remarks = printed(Terminal())
    lines = text.splitlines()
    assert lines[0].split()[:3] == ["MODEL", "VENDOR", "ENDPOINT"]
    smart, mystery, embed, wildcard = (line.split() for line in lines[1:5])
    assert smart == ["smart", "anthropic", "/v1/messages", "3.00", "15.00", "200,000", "tools"]
    assert mystery[2:5] == ["/v1/chat/completions", "?", "?"]
    assert embed[-1] == "embedding"
    assert wildcard[2:4] == ["by", "name"]
    assert "/model_group/info (status 403)" in remarks
    assert "\x1b" not in text + remarks
    assert len(lines) == 6


def test_a_pipe_gets_names_exactly() -> None:
    text, _ = printed(io.StringIO())
    assert "evil\x1b[2J\nname" in text


def test_models_as_json_is_one_object_a_line_with_nulls_for_the_unknown() -> None:
    text, _ = printed(io.StringIO(), as_json=True)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["id"] for line in lines] == [card.id for card in CATALOG.cards]
    smart, mystery, _, wildcard, _ = lines
    assert (smart["provider"], smart["endpoint"]) == ("litellm-anthropic", "/v1/messages")
    assert (smart["price"]["input"], smart["price"]["cache_read"]) == ("0.000003", None)
    assert smart["price"]["above"][0]["tokens"] == 200_000
    assert smart["supports"] == {"tools": True, "vision": None}
    assert (mystery["price"], mystery["vendor"]) == (None, "xai")
    assert (wildcard["wildcard"], wildcard["endpoint"], wildcard["vendor"]) == (True, None, "anthropic")


def test_an_empty_catalog_says_so() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert models.run(Catalog(), where, as_json=False, out=out, err=err) == 0
    assert (out.getvalue(), "no models" in err.getvalue()) == ("", True)


def test_route_as_json_is_the_fields_of_the_event() -> None:
    out = io.StringIO()
    assert route.run(where("smart"), as_json=True, out=out) == 0
    told = json.loads(out.getvalue())
    assert out.getvalue().count("\n") == 1
    assert {key: told[key] for key in list(told)[:8]} == {
        "requested": "smart",
        "provider": "litellm-anthropic",
        "endpoint": "/v1/messages",
        "base_url": "http://h:4000",
        "wire_model": "smart",
        "upstream": "anthropic/claude-opus-4-5",
        "vendor": "anthropic",
        "pinned": None,
    }
    assert told["why"]
    assert all(isinstance(reason, str) for reason in told["why"])


def test_route_for_people_says_where_and_why() -> None:
    out = Terminal()
    route.run(where("evil\x1b[2J\nname"), as_json=False, out=out)
    text = out.getvalue()
    assert "\x1b" not in text
    assert "/v1/chat/completions" in text
    assert "[catalog]" in text
    plain = io.StringIO()
    route.run(where("smart"), as_json=False, out=plain)
    assert "anthropic/claude-opus-4-5" in plain.getvalue()


def test_the_commands_need_neither_a_screen_nor_an_sdk() -> None:
    code = (
        "import sys; from tui.cli import models, route;"
        "print(sorted({'textual', 'rich', 'anthropic', 'openai', 'httpx2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
