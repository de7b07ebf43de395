"""The tree as rows: turns, not messages; lines stay in their column; forks are set in and named."""

import time

from tui.chat.tree import Tree, Twig
from tui.chat.usage import Cost
from tui.ui.tree_rows import DEEPEST, branch_size, forks_on, rows_of, versions
from tui.ui.widgets.tree_list import branch_sign, full_preview, line_of


def twig(id: str, parent: str | None, at: float = 0.0, **values: object) -> Twig:
    role = {"u": "user", "a": "assistant", "t": "tool"}[id[0]]
    model = "claude-opus-4-5" if role == "assistant" else ""
    return Twig(id, parent, role, at, f"says {id}", model, **values)  # type: ignore[arg-type]


# One line u1 a1 t1 a2 u2 a3; another answer a1b; another second prompt u2b, which failed; u3 got none.
TREE = Tree(
    (
        twig("u1", None),
        twig("a1", "u1"),
        twig("t1", "a1"),
        twig("a2", "t1"),
        twig("u2", "a2"),
        twig("a3", "u2"),
        twig("a1b", "u1"),
        twig("u2b", "a2"),
        twig("a4", "u2b", stop="failed"),
        twig("u3", "a3"),
    )
)


def test_a_row_is_a_turn_and_side_branches_stand_before_their_line() -> None:
    rows = rows_of(TREE, "a3")
    assert [(row.id, row.last, row.depth, row.is_fork) for row in rows] == [
        ("u1", "u1", 0, False),
        ("a1b", "a1b", 1, True),
        ("a1", "a2", 0, False),
        ("u2b", "a4", 1, True),
        ("u2", "a3", 0, False),
        ("u3", "u3", 0, False),
    ]
    assert [row.id for row in rows if row.is_on_path] == ["u1", "a1", "u2"]
    assert [row.id for row in rows if row.is_here] == ["u2"]
    assert {row.id: row.outcome for row in rows if row.outcome} == {"u2b": "failed", "u3": "no answer"}
    assert {row.id: tuple(row.alternative) for row in rows if row.alternative} == {
        "a1b": (2, 2),
        "a1": (1, 2),
        "u2b": (2, 2),
        "u2": (1, 2),
    }
    (turn,) = (row for row in rows if row.id == "a1")
    assert (turn.steps, turn.preview, turn.model) == (2, "says a2", "claude-opus-4-5")


def test_the_line_is_the_branch_one_stands_on() -> None:
    rows = rows_of(TREE, "a4")
    assert [row.id for row in rows if row.depth == 0] == ["u1", "a1", "u2b"]
    assert [row.id for row in rows_of(TREE, None) if row.is_here] == []


def test_one_flips_between_versions_that_were_answered() -> None:
    tree = Tree((*TREE.twigs, twig("u2c", "a2")))
    assert versions(tree, "u2") == ("u2", "u2b")
    assert versions(tree, "u2c") == ("u2", "u2b", "u2c")
    assert forks_on(TREE, ["u1", "a1", "t1", "a2", "u2", "a3"]) == {"a1": (1, 2), "u2": (1, 2)}


def test_the_size_of_a_branch_is_all_that_goes_with_it() -> None:
    assert branch_size(TREE, "u2") == (3, 2)
    assert branch_size(TREE, "u1") == (10, 4)


def test_a_line_fits_and_hostile_text_is_harmless() -> None:
    evil = Twig("u1", None, "user", 5.0, "\x1b[31mred\x07\nnext [bold]x[/] ‮txet" + "w" * 300)
    answer = Twig(
        "a1", "u1", "assistant", 6.0, "\x9b31m answered", "m\x1b" * 30, "failed", Cost(None, "unknown")
    )
    (row,) = rows_of(Tree((evil, answer)), "a1")
    for width in (60, 76, 116):
        line = line_of(row, width, 100.0)
        assert line.cell_length <= width
        assert not {"\x1b", "\x07", "\x9b", "\n", "‮"} & set(line.plain)
        assert "✗ failed" in line.plain
    assert not {"\x1b", "\n"} & set(full_preview(row, 80))
    assert "[bold]" in full_preview(row, 80)


def test_forks_within_forks_go_no_deeper_than_is_drawn() -> None:
    twigs = [Twig("0", None, "user", 0.0, "root")]
    for number in range(1, 60):
        # Each fork leaves the one before, so every second child lies one deeper.
        twigs.append(Twig(f"{number}x", str(number - 1), "user", 0.0, "line"))
        twigs.append(Twig(str(number), str(number - 1), "user", 0.0, "side"))
        twigs.append(Twig(f"{number}y", f"{number}x", "user", 0.0, "line goes on"))
    rows = rows_of(Tree(tuple(twigs)), "59y")
    assert max(row.depth for row in rows) <= DEEPEST
    assert all(len(branch_sign(row)) <= 2 * DEEPEST for row in rows)


def test_ten_thousand_messages_and_two_hundred_forks_are_rows_at_once() -> None:
    twigs = [Twig("u0", None, "user", 0.0, "p")]
    for number in range(1, 10_000):
        kind = "a" if twigs[-1].role == "user" else "u"
        parent = twigs[-1].id if number % 50 else twigs[-26].id
        role = "assistant" if kind == "a" else "user"
        twigs.append(Twig(f"{kind}{number}", parent, role, 0.0, "said", "m" if kind == "a" else ""))  # type: ignore[arg-type]
    tree = Tree(tuple(twigs))
    began = time.process_time()
    rows = rows_of(tree, twigs[-1].id)
    assert time.process_time() - began < 2.0
    assert len(rows) > 5_000
