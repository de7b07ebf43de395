"""What a person can do, as data: one row a command, by group, in the order the help shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do; ``action`` names a method ``action_<name>`` of the chat screen."""

    id: str
    """Stable name; keys are rebound by it."""
    title: str
    """How palette and help call it."""
    does: str
    """One sentence."""
    action: str
    keys: str = ""
    """Textual key names, comma separated."""
    shown: str = ""
    """How the key is written, such as ``^O``."""
    label: str = ""
    """Word in the footer; empty keeps it out of there."""
    slash: tuple[str, ...] = ()
    """Slash names, the first is the one offered."""
    argument: str = ""
    """What may follow the slash name."""
    group: str = "Chat"
    priority: bool = False
    """The key wins over the widget that has the focus."""


_MODEL = (
    Command(
        "model.pick",
        "Choose a model",
        "Pick the model of the next turn, or name one.",
        "pick_model",
        keys="ctrl+o",
        shown="^O",
        label="model",
        slash=("model",),
        argument="[NAME]",
        priority=True,
    ),
    Command(
        "proxy.connect",
        "Connect to a proxy",
        "Test a LiteLLM proxy's address and key, then use it.",
        "connect",
        slash=("connect",),
        argument="[URL]",
    ),
    Command(
        "endpoint.switch",
        "Switch the endpoint",
        "The next one, or the one named: auto, messages, chat, responses; says what that keeps and loses.",
        "endpoint",
        keys="f4",
        shown="F4",
        label="endpoint",
        slash=("endpoint",),
        argument="[NAME]",
        priority=True,
    ),
    Command(
        "settings",
        "Settings",
        "Thinking, sampling, limits, schema, headers …: what the model takes, in one form.",
        "settings",
        keys="f6",
        shown="F6",
        label="settings",
        slash=("settings",),
        priority=True,
    ),
    Command(
        "settings.set",
        "Set one setting",
        "Such as temperature=0.3, schema=@answer.json, body.seed=7; default unsets it.",
        "set",
        slash=("set",),
        argument="NAME=VALUE",
    ),
    Command(
        "system",
        "System prompt",
        "What every turn begins with; once something was said, changing it is a fork.",
        "system",
        slash=("system",),
        argument="[TEXT]",
    ),
    Command(
        "preset",
        "Use a preset",
        "Model, system prompt, settings and tools by one name.",
        "preset",
        slash=("preset",),
        argument="[NAME]",
    ),
    Command(
        "preset.save",
        "Save as preset",
        "What is set now, under a name in the configuration.",
        "save_preset",
        slash=("save-preset",),
        argument="[NAME]",
    ),
    Command(
        "thinking.set",
        "Set thinking",
        "off, on, an effort word or a token budget for the next turns; default leaves it to the proxy.",
        "set_thinking",
        slash=("thinking",),
        argument="LEVEL",
    ),
)

_READING = (
    Command(
        "thinking.fold",
        "Fold or unfold thinking",
        "Show or hide all thinking; it never changes what the model does.",
        "fold_thinking",
        keys="ctrl+t",
        shown="^T",
        label="thinking",
        priority=True,
    ),
    Command(
        "tools.fold",
        "Fold or unfold tools",
        "Show or hide the arguments and results of all tool calls.",
        "fold_tools",
        keys="ctrl+g",
        shown="^G",
        label="tools",
        priority=True,
    ),
    Command(
        "inspector.toggle",
        "Inspector",
        "Route, answer, time, tokens and cost of the turn; full screen in a narrow terminal.",
        "inspector",
        keys="f2",
        shown="F2",
        label="inspector",
        slash=("inspector",),
        argument="[TAB]",
        priority=True,
    ),
    Command(
        "inspector.full",
        "Inspector, full screen",
        "The inspector over the whole screen.",
        "inspector_full",
        keys="shift+f2,f14",
        shown="⇧F2",
        priority=True,
    ),
    Command(
        "inspector.tab",
        "Next tab of the inspector",
        "Turn: route, time, cost. Seals: each sealed part, and whether it went back as it came.",
        "inspector_tab",
        keys="f8",
        shown="F8",
        priority=True,
    ),
    Command(
        "inspector.seals",
        "Seals",
        "Every sealed part of the conversation: who made it, and its hash received and sent.",
        "seals",
        slash=("seals",),
    ),
    Command(
        "answer.copy",
        "Copy the last answer",
        "The text of the newest answer, to the clipboard.",
        "copy_answer",
        slash=("copy",),
    ),
)

_SCREEN = (
    Command(
        "palette",
        "Commands",
        "Search everything that can be done.",
        "palette",
        keys="ctrl+p",
        shown="^P",
        label="commands",
        priority=True,
    ),
    Command(
        "help",
        "Help",
        "All keys and slash commands.",
        "help",
        keys="f1",
        shown="F1",
        label="help",
        slash=("help",),
        priority=True,
    ),
    Command(
        "screen.theme",
        "Dark, light or high contrast",
        "The next of the three, or the theme named: dark, light, contrast, nord, …",
        "theme",
        slash=("theme",),
        argument="[NAME]",
    ),
    Command(
        "screen.picture",
        "Save a screenshot",
        "The screen as an SVG file.",
        "screenshot",
        slash=("screenshot",),
    ),
    Command(
        "screen.repaint",
        "Repaint",
        "Draw the whole screen again.",
        "repaint",
        keys="ctrl+l",
        shown="^L",
        priority=True,
    ),
    Command(
        "app.suspend",
        "Suspend",
        "Put the program in the background; fg brings it back.",
        "suspend",
        keys="ctrl+z",
        shown="^Z",
        priority=True,
    ),
    Command(
        "app.interrupt",
        "Copy, stop or quit",
        "Copies a selection, else stops the answer, else pressed twice quits.",
        "interrupt",
        keys="ctrl+c",
        shown="^C",
        priority=True,
    ),
    Command(
        "app.quit",
        "Quit",
        "Leave; the draft is kept.",
        "quit",
        keys="ctrl+q",
        shown="^Q",
        slash=("quit", "exit"),
        priority=True,
    ),
)

_CHAT = (
    Command(
        "prompt.attach",
        "Attach a file",
        "An image, a PDF or a text file for the next prompt; @ in the prompt picks one, too.",
        "attach",
        slash=("attach",),
        argument="[PATH]",
    ),
    Command(
        "prompt.paste",
        "Attach the clipboard's picture",
        "What was copied as a picture, where this machine's clipboard can be read.",
        "paste_image",
        slash=("paste",),
    ),
    Command(
        "prompt.edit",
        "Write in your editor",
        "The prompt in $VISUAL or $EDITOR.",
        "edit",
        slash=("edit",),
    ),
    Command(
        "prompt.search",
        "Earlier prompts",
        "Search what was asked before and take it back into the prompt.",
        "search_prompts",
        keys="f3",
        shown="F3",
        slash=("history",),
        argument="[WORDS]",
        priority=True,
    ),
    Command(
        "turn.stop",
        "Stop the answer",
        "End the running turn; what came is kept.",
        "stop",
        keys="escape",
        shown="Esc",
        label="stop",
    ),
    Command(
        "tools.choose",
        "Choose the tools",
        "Which tools the model is offered, which of them ask, and what was allowed for this session.",
        "tools",
        keys="f5",
        shown="F5",
        slash=("tools",),
        argument="[NAMES]",
        priority=True,
    ),
    Command(
        "approval.answer",
        "Answer the tool that waits",
        "To the form that asks before a tool runs, and back to the prompt.",
        "answer",
        keys="f9",
        shown="F9",
        priority=True,
    ),
    Command("turn.retry", "Retry the last turn", "Send the last request again.", "retry", slash=("retry",)),
    Command(
        "session.new",
        "New conversation",
        "Start over with an empty history; proxy, model, settings and tools stay.",
        "new",
        slash=("new", "clear"),
    ),
)

COMMANDS: tuple[Command, ...] = tuple(
    replace(command, group=group)
    for group, commands in (("Model", _MODEL), ("Reading", _READING), ("Screen", _SCREEN), ("Chat", _CHAT))
    for command in commands
)
"""Every command; keys, palette, slash commands and help all come from it."""
