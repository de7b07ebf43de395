"""Keys of the forms, as data for the help; a form names the most needed ones in its last line, too."""

from __future__ import annotations

from tui.ui.key_table import Place, PlaceKey

_MOVE = PlaceKey("↑ ↓  PgUp PgDn", "move in the list")

FORMS: tuple[Place, ...] = (
    Place(
        "Every form",
        (
            PlaceKey("Esc", "close it, and change nothing more"),
            PlaceKey("^C", "copy what is selected, else close"),
            PlaceKey("Tab  ⇧Tab", "the next field or button, the one before"),
            PlaceKey("^L  ^Z  ^Q", "repaint, suspend, quit: as everywhere"),
        ),
    ),
    Place(
        "Model picker",
        (
            PlaceKey("type", "filter; a name that is not listed can be used as typed"),
            _MOVE,
            PlaceKey("Enter", "use the model from the next prompt on"),
            PlaceKey("^F", "make it a favourite, or no longer one"),
            PlaceKey("^T", "try it out: what it can do here, with evidence"),
            PlaceKey("F5", "read the models again"),
            PlaceKey("^O", "close"),
        ),
    ),
    Place(
        "Try a model out",
        (
            PlaceKey("Enter", "agree to what it may cost, and begin"),
            PlaceKey("e", "over another endpoint"),
            PlaceKey("Esc", "stop it; then close"),
            PlaceKey("o", "open the session with all its exchanges"),
            PlaceKey("y", "copy the report"),
        ),
    ),
    Place(
        "Sessions",
        (
            PlaceKey("type", "search titles and all that was said; also model:NAME, cost>0.1, age<7d"),
            _MOVE,
            PlaceKey("Enter", "open it as it was left; a deleted one is brought back"),
            PlaceKey("F2", "write another title"),
            PlaceKey("^P", "pin it to the top, or no longer"),
            PlaceKey("^S", "archive it, or no longer"),
            PlaceKey("^D", "delete it, or bring it back"),
            PlaceKey("^_", "bring back what was deleted last"),
            PlaceKey("Tab  ⇧Tab", "the next list: sessions, archived, deleted"),
            PlaceKey("^R", "close"),
        ),
    ),
    Place(
        "Branches",
        (
            _MOVE,
            PlaceKey("Home  End", "the first row, the last"),
            PlaceKey("Enter", "go to the branch through the turn"),
            PlaceKey("c", "go on right after the turn: a branch of its own"),
            PlaceKey("Del  d  ⌫", "cut the turn and all that follows it, when pressed twice"),
            PlaceKey("F7", "close"),
        ),
    ),
    Place(
        "Export",
        (
            _MOVE,
            PlaceKey("Enter", "write the session in this format"),
            PlaceKey("t", "hide all texts, or show them"),
        ),
    ),
    Place(
        "Find",
        (
            PlaceKey("Enter  ↓", "the next match"),
            PlaceKey("↑  ⇧Enter", "the match before"),
            PlaceKey("Tab", "leave the bar; the matches stay marked, n and N go on"),
            PlaceKey("Esc", "close it"),
        ),
    ),
    Place(
        "Newer tools or system prompt",
        (
            PlaceKey("f", "go on as a fork"),
            PlaceKey("k", "keep those the conversation was made with"),
            PlaceKey("Esc", "not now: the prompt comes back"),
        ),
    ),
    Place(
        "Settings",
        (
            _MOVE,
            PlaceKey("Enter", "type a value, then set it; an empty one unsets"),
            PlaceKey("→  +", "the next word the setting takes"),
            PlaceKey("←  -", "the word before"),
            PlaceKey("Del  ⌫", "unset: as configured"),
            PlaceKey("^E", "on to the system prompt"),
            PlaceKey("^S", "on to saving a preset"),
            PlaceKey("Esc", "leave what is being typed, then the form"),
            PlaceKey("F6", "close"),
        ),
    ),
    Place("System prompt", (PlaceKey("^S", "save it; Enter is a new line"),)),
    Place(
        "Presets",
        (
            PlaceKey("↑ ↓", "move in the list"),
            PlaceKey("Enter", "use the preset, or save under the name typed"),
        ),
    ),
    Place(
        "Earlier prompts",
        (
            PlaceKey("type", "search"),
            _MOVE,
            PlaceKey("Enter", "take it back into the prompt"),
            PlaceKey("F3", "close"),
        ),
    ),
    Place(
        "Connect",
        (
            PlaceKey("↑ ↓", "the field before, the next one"),
            PlaceKey("Enter", "test address and key; then use what answered"),
        ),
    ),
    Place(
        "Tools",
        (
            PlaceKey("Space", "offer the tool, or no longer"),
            PlaceKey("a  n  d", "offer all, none, those offered by default"),
            PlaceKey("f", "ask again about what was allowed or refused this session"),
            PlaceKey("Enter", "use the choice from the next prompt on"),
            PlaceKey("F5", "close"),
        ),
    ),
    Place(
        "Inspector, full screen",
        (
            PlaceKey("→  Tab  F8", "the next tab"),
            PlaceKey("←  ⇧Tab", "the tab before"),
            PlaceKey("↑ ↓  PgUp PgDn  Home End", "scroll, or move in the list"),
            PlaceKey("Enter", "on the Wire tab: look at the exchange"),
            PlaceKey("/", "on the Wire tab: filter by words, and by failed, odd, replay …"),
            PlaceKey("F2  ⇧F2  q", "close"),
        ),
    ),
    Place(
        "Exchange viewer",
        (
            PlaceKey("→  Tab", "the next page"),
            PlaceKey("←  ⇧Tab", "the page before"),
            PlaceKey("[  ]", "the exchange before, the next one"),
            PlaceKey("l", "the list of all exchanges"),
            PlaceKey("↑ ↓  PgUp PgDn  Home End", "move the cursor, scroll"),
            PlaceKey("/", "find words on the page, in what is folded too"),
            PlaceKey("n  N", "the next match, the one before"),
            PlaceKey("y", "copy the piece the cursor is on, else the page"),
            PlaceKey("m", "mark the exchange, or no longer"),
            PlaceKey("c  x", "copy it as a command or code; export the marked ones as HAR"),
            PlaceKey("d", "compare it with another one"),
            PlaceKey("r  e  s", "send it again, edited, or the conversation over another endpoint"),
            PlaceKey("?", "all keys"),
            PlaceKey("^P", "close, and search the commands"),
            PlaceKey("F12  q", "close"),
        ),
    ),
    Place(
        "Pages of the exchange viewer",
        (
            PlaceKey("v", "Request: pretty, tree, raw; Frames: the whole frame, the table"),
            PlaceKey("Enter  a", "Request: fold or unfold the piece, or all of them"),
            PlaceKey("u", "Headers: show the key in use; Cost: ask the proxy for its figures"),
            PlaceKey("f  w  g", "Frames: only this kind, only what was found, the largest gap"),
            PlaceKey(",  .  <  >", "Answer: a frame, or a tenth of all, back and on"),
            PlaceKey("{  }", "Answer: to where the kind of frame changes"),
            PlaceKey("Space", "Answer: play it at the speed it came, and stop"),
        ),
    ),
    Place(
        "Two exchanges compared",
        (
            PlaceKey("↑ ↓  PgUp PgDn  Home End", "from change to change, scroll"),
            PlaceKey("Enter  Space", "both sides of the change"),
            PlaceKey("a", "both sides of all changes"),
            PlaceKey("o  w", "compare with another exchange; swap the sides"),
            PlaceKey("/  n  N", "find words, the next match, the one before"),
            PlaceKey("y", "copy the change, else the whole diff in sentences"),
            PlaceKey("q", "close"),
        ),
    ),
    Place(
        "Costs",
        (
            PlaceKey("→  Tab", "the next view: by model, day, endpoint, session"),
            PlaceKey("←  ⇧Tab", "the view before"),
            PlaceKey("r  s", "another range of days; another order"),
            PlaceKey("y", "copy the table"),
            PlaceKey("q", "close"),
        ),
    ),
    Place(
        "What is left",
        (
            PlaceKey("u", "ask the proxy again, free of charge"),
            PlaceKey("↑ ↓  PgUp PgDn  Home End", "scroll"),
            PlaceKey("q", "close"),
        ),
    ),
    Place(
        "Exchanges",
        (
            PlaceKey("type", "filter by words, and by failed, odd, retried, replay, shadow, marked …"),
            _MOVE,
            PlaceKey("Enter", "show it"),
            PlaceKey("^S", "mark it, or no longer"),
            PlaceKey("^A", "mark all that are shown, or none"),
        ),
    ),
    Place(
        "Copy a request as",
        (PlaceKey("c  p  j  e", "curl, Python, JSON; curl with the secrets that stand in the body"),),
    ),
    Place(
        "Send a request again",
        (
            PlaceKey("↑ ↓", "the field before, the next one"),
            PlaceKey("^E", "the body in your editor"),
            PlaceKey("Enter", "send it: the yes to what it may cost"),
        ),
    ),
    Place(
        "Ask elsewhere",
        (
            PlaceKey("↑ ↓", "choose the endpoint"),
            PlaceKey("type", "another model"),
            PlaceKey("Enter", "send it: the yes to what it may cost"),
        ),
    ),
    Place(
        "Side by side",
        (
            PlaceKey("←  →", "other lanes, where not all fit"),
            PlaceKey("d", "the newest beside the original"),
            PlaceKey("w", "the newest in the viewer"),
            PlaceKey("Enter", "beyond a limit: send it all the same"),
            PlaceKey("Esc", "stop, then close"),
            PlaceKey("q", "close"),
        ),
    ),
    Place("Help", (PlaceKey("↑ ↓  PgUp PgDn  Home End", "scroll"), PlaceKey("F1  q", "close"))),
)
"""Every key of a form, in the order the help shows them."""
