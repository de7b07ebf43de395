"""Reading texts of any length from the top."""

from textual.app import App, ComposeResult

from tests.ui.pilots import until
from tui.ui.transcript.palette import PLAIN
from tui.ui.transcript.reader import STRETCH, Reader, heading, source


class Desk(App[None]):
    """A screen with nothing but a reader."""

    def compose(self) -> ComposeResult:
        yield Reader()

    @property
    def reader(self) -> Reader:
        return self.query_one(Reader)

    def lines(self) -> list[str]:
        reader = self.reader
        return [reader.render_line(y).text.rstrip() for y in range(reader.window)]


def numbered(count: int) -> str:
    return "".join(f"line {n}\n" for n in range(count))


async def test_it_begins_at_the_top_and_tells_what_is_below() -> None:
    app = Desk()
    async with app.run_test(size=(40, 10)) as pilot:
        app.reader.show([heading("h", "the lines"), *source("s", numbered(30))])
        await pilot.pause()
        assert app.lines()[:2] == ["  the lines", "   line 0"]
        assert app.lines()[-1].strip() == "▼ 22 more rows below · PgDn"
        assert app.reader.move("pagedown")
        await until(lambda: app.lines()[0] == "   line 7")
        assert app.reader.move("end")
        await until(lambda: app.lines()[-1] == "   line 29")
        assert app.reader.move("home")
        await until(lambda: app.lines()[0] == "  the lines")
        assert not app.reader.move("x")


async def test_a_text_that_fits_does_not_scroll() -> None:
    app = Desk()
    async with app.run_test(size=(40, 10)) as pilot:
        app.reader.show(source("s", "one\ntwo"))
        await pilot.pause()
        assert [line for line in app.lines() if line] == ["   one", "   two"]
        assert not app.reader.move("down")
        assert app.reader.height_at(40, 99) == 2
        assert app.reader.height_at(40, 1) == 1


async def test_megabytes_are_laid_out_only_where_they_are_looked_at() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        app.reader.show(source("s", numbered(900_000)))
        await pilot.pause()
        assert app.lines()[0] == "   line 0"
        app.reader.move("end")
        await until(lambda: "   line 899999" in app.lines())
        assert app.reader.page.renders < 10


async def test_new_rows_above_leave_what_is_read_in_its_place() -> None:
    app = Desk()
    async with app.run_test(size=(40, 10)) as pilot:
        rows = [heading(f"h{n}", f"row {n}", gap=0) for n in range(50)]
        app.reader.show(rows)
        await pilot.pause()
        app.reader.go(20)
        await until(lambda: app.lines()[0] == "  row 20")
        app.reader.show([heading(f"n{n}", f"new {n}", gap=0) for n in range(7)] + rows, keep_place=True)
        await pilot.pause()
        assert app.lines()[0] == "  row 20"
        app.reader.go(0)
        await pilot.pause()
        app.reader.show([heading("m", "newest", gap=0), *rows], keep_place=True)
        await pilot.pause()
        assert app.lines()[0] == "  newest"


def test_stretches_hold_all_of_a_text_and_guess_their_rows() -> None:
    for text in (numbered(5000), "x" * (3 * STRETCH + 5), "\n" * 20_000, "中" * 9000, ""):
        blocks = source("s", text)
        drawn = ["".join(line.copied.strip() for line in block.draw(60, PLAIN)) for block in blocks]
        assert "".join(drawn) == (text or "(empty)").replace("\n", "")
        for block in blocks:
            assert abs(block.rows(60) - len(block.draw(60, PLAIN))) <= 1
