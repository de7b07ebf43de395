"""The answer every program is given: Markdown of any length, cut into tokens of about 3.5 characters."""

from __future__ import annotations

from itertools import pairwise

TOKEN = 3.5
"""Characters a token, as in the answers of real models."""
SECTION = """## {n}. What was measured

The pool holds **32** connections, and `max_idle` is *half* of that. See [the notes](https://example.org/{n}).

1. Open the pool
2. Watch it for ten minutes
   - the first value, which is {n}
   - the last one

| file | start | end |
|:--|--:|--:|
| a.txt | 120 MB | 121 MB |
| b.txt | 120 MB | 360 MB |

```python
def leak(pool: Pool, n: int = {n}) -> list[str]:
    # every connection that was never closed
    return [c.name for c in pool if not c.closed][:n]
```

> One run only; the second one differs by less than a tenth.

"""


def text(tokens: int) -> str:
    """Markdown of so many tokens with headings, nested lists, tables, code and quotes."""
    wanted, made, n = int(tokens * TOKEN), [], 0
    while wanted > 0:
        n += 1
        made.append(SECTION.format(n=n)[:wanted])
        wanted -= len(made[-1])
    return "".join(made)


def pieces(tokens: int, mark: str) -> list[str]:
    """The answer token by token; ``mark`` stands alone in its last line, closing whatever was open."""
    whole = text(tokens)
    cuts = [int(n * TOKEN) for n in range(tokens + 1)]
    cut = [whole[start:end] for start, end in pairwise(cuts)]
    # An odd number of fences: the answer was cut inside of code.
    close = "\n```" if whole.count("```") % 2 else ""
    return [*cut, f"{close}\n\n{mark}\n"]
