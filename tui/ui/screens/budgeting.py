"""What the chat does about limits on spending, and what was spent over all sessions."""

from __future__ import annotations

from tui.chat.budget import changed
from tui.clean import clean
from tui.errors import UsageError
from tui.ui.screens.conversation import ConversationScreen


class Budgeting(ConversationScreen):
    """Sets limits at any time, also while a question about one waits."""

    def action_budget(self, words: str = "") -> None:
        """Change a limit, or say which ones hold."""
        from tui.chat.overruns import budget_text

        try:
            if words:
                self.session.budget = changed(self.session.budget, words)
        except UsageError as error:
            self.app.say(f"{clean(str(error))}; {clean(error.hint)}", warning=True)
            return
        self.show_state()
        until = " It holds until the program ends." if words else " /budget turn 0.50 sets one."
        self.app.say(f"Budget: {budget_text(self.session.budget)}.{until}")

    def action_costs(self, word: str = "") -> None:
        """What was spent over all sessions, by ``word`` at first."""
        from tui.ui.screens.costs import Costs

        if self.home.shelf is None:
            self.app.say("No session is stored here, so there is nothing to add up.", warning=True)
            return
        self.app.push_screen(Costs(self.home.shelf.store, self.deps.now, self.app.copy_text, word))
