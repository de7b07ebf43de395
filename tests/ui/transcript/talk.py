"""A conversation with everything in it, for the pictures of the transcript."""

from __future__ import annotations

from tui.ui.transcript.model import (
    Block,
    CardBlock,
    FooterBlock,
    NoticeBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)

ANSWER = """## What the logs say

**b.txt** shows the leak: RSS grows *4 MB a minute* while the pool stays at `max=32`. See [the docs](https://example.org/pool).

1. Open the pool with a fixed size
   - note the first value
2. Compare

- [x] logs read
- [ ] fix written

```python
def leak(pool: Pool, n: int = 3) -> list[str]:
    # every connection that was never closed
    return [c.name for c in pool if not c.closed][:n]
```

| file | RSS start | verdict |
|:--|--:|---|
| a.txt | 120 MB | fine, it stays flat for the whole hour |
| b.txt | 120 MB | **leaks**: connections opened in the retry branch are never given back |

> One run only. 中文 too.
"""


def rich_talk() -> list[Block]:
    """Every kind of block once or more."""
    return [
        UserBlock("u", "Which of these logs shows the leak? Use the tool.", "09:14"),
        ThinkingBlock("th", "Two candidates; the pool comes first.", "✓ sealed", 412, True, 3.1, group="a"),
        ToolBlock(
            "c1", "read_file", '{"path": "logs/b.txt"}', "ok", 0.012, "rss 120\nrss 360", 3100, group="a"
        ),
        ToolBlock(
            "c2", "calculator", '{"expression": "360-120"}', "error", 1.2, "no", 2, folded=False, group="a"
        ),
        FooterBlock("f1", "$0.0041 · 88 tok · 1.2 s · /v1/messages · 1 seal sent, 1 new", group="a"),
        ThinkingBlock("th2", "", "redacted", group="b"),
        TextBlock("t", ANSWER, group="b"),
        FooterBlock("f2", "$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new", group="b"),
        NoticeBlock("n", "2 Claude blocks are not sent to gpt-5.5", "warning", "switch back to keep them"),
        CardBlock(
            "e",
            "request refused",
            "messages.3: a thinking block was changed",
            "Invalid `signature` in `thinking` block",
            "mend drops the block and sends the turn again",
            "vendor",
            400,
            (("m", "mend"), ("r", "retry"), ("w", "show wire")),
        ),
    ]
