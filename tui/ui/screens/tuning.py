"""Commands about what the next turns are sent with: endpoint, settings, system prompt, presets."""

from __future__ import annotations

from tui.chat.settings import Overrides, Preset, is_set
from tui.clean import clean
from tui.errors import SightlineError
from tui.ui.ports import route_of
from tui.ui.screens.conversation import ConversationScreen

ENDPOINTS = ("auto", "messages", "chat", "responses")
FORK = (
    "Something was said already: the conversation goes on as a fork. "
    "Models bound to their prefix are not sent the thinking sealed before it."
)


class Tuning(ConversationScreen):
    """What the next turns are sent with; nothing here touches a running turn."""

    def action_endpoint(self, word: str = "") -> None:
        """Take the endpoint named, else the next one; say what that keeps and loses."""
        from tui.ui.setting_rows import switch_says

        choice = self.session.choice
        if word and word not in ENDPOINTS:
            self.app.say(f"The endpoints are {', '.join(ENDPOINTS)}.", warning=True)
            return
        if not choice.model:
            self.app.say(f"No model is chosen: {self.pick_key} chooses one.", warning=True)
            return
        try:
            route, findings = self.session.switch(choice.model, word or self._next_endpoint())
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return
        self.show_state()
        how = "chosen by the resolver" if self.session.choice.endpoint == "auto" else "forced"
        lines = [f"From the next prompt on: {route.endpoint} ({how})."]
        lines.append(switch_says(self.session.conversation, route))
        lines += [finding.says for finding in findings if finding.cls != "anthropic-model-binding-drop"]
        self.app.say("\n".join(lines), warning=any(finding.fatal for finding in findings))

    def _next_endpoint(self) -> str:
        """The road after the present one; the resolver's own is called by its name, auto."""
        session = self.session
        own = session.preview(session.choice.model)[0].dialect
        roads = list(ENDPOINTS[1:])
        after = roads[(roads.index(session.route.dialect) + 1) % len(roads)]
        return "auto" if after == own else after

    def action_settings(self, _: str = "") -> None:
        """All settings in one form."""
        from tui.ui.screens.settings import SettingsForm

        def left(where: str | None) -> None:
            if where == "system":
                self.action_system()
            elif where == "preset":
                self.action_save_preset()

        self.app.push_screen(SettingsForm(self.session, self.show_state), left)

    def action_set(self, assignment: str = "") -> None:
        """Set one knob as ``NAME=VALUE`` or ``NAME VALUE``; a name alone says what holds."""
        from tui.knobs import knob
        from tui.ui.screens.settings import with_assignment

        name, _, value = assignment.partition("=" if "=" in assignment else " ")
        name = name.strip()
        if not name:
            self.action_settings()
            return
        try:
            if not value.strip():
                found = knob(name)
                self.app.say(f"{found.title}: {found.shown(getattr(self.session.settings, found.name))}")
                return
            field = "extra" if name.startswith("body.") else "headers" if name.startswith("header.") else name
            self._take(field, with_assignment(self.session, f"{name}={value}"))
        except SightlineError as error:
            self.app.say(f"{clean(str(error))}\n{clean(error.hint)}".strip(), warning=True)

    def _take(self, field: str, overrides: Overrides) -> None:
        """Set what was asked for, unless the model does not take it."""
        from tui.knobs import KNOBS
        from tui.wire.acceptance import takes

        before, self.session.overrides = self.session.overrides, overrides
        route, settings = route_of(self.session), self.session.settings
        refused = takes(route, field, settings) if route is not None and is_set(settings, field) else ""
        if refused:
            self.session.overrides = before
            self.app.say(f"{KNOBS[field].title} is not set: {refused}.", warning=True)
            return
        self.show_state()
        shown = KNOBS[field].shown(getattr(settings, field))
        self.app.say(f"{KNOBS[field].title}: {shown}, from the next prompt on.")

    def action_set_thinking(self, word: str = "") -> None:
        """Set thinking for the next turns; without a value say what is set."""
        self.action_set(f"thinking={word.lower()}" if word else "thinking")

    def action_system(self, text: str = "") -> None:
        """Take ``text`` as the system prompt, ``none`` for none, or let it be written."""
        from tui.ui.screens.system import SystemPrompt

        if self._is_busy():
            return
        if text:
            self._revise_system("" if text == "none" else text)
            return
        remark = FORK if self.session.conversation.messages else "It holds for the whole conversation."

        def done(written: str | None) -> None:
            if written is not None:
                self._revise_system(written)

        self.app.push_screen(SystemPrompt(self.session.system or "", remark), done)

    def _revise_system(self, text: str) -> None:
        if self._is_busy():
            return
        forks = bool(self.session.conversation.messages) and (text.strip() or None) != self.session.system
        self.session.revise(system=text.strip() or None, toolbox=self.session.toolbox)
        self.show_state()
        self.app.say(f"System prompt: {'set' if text.strip() else 'none'}. {FORK if forks else ''}".strip())

    def _is_busy(self) -> bool:
        if self.running:
            self.app.say("A turn is running; Esc stops it.", warning=True)
        return self.running

    def action_preset(self, name: str = "") -> None:
        """Use a preset: its model, endpoint, system prompt, settings and tools."""
        from tui.ui.screens.presets import PresetPicker

        if name:
            self._use_preset(name)
            return

        def done(chosen: str | None) -> None:
            if chosen is not None:
                self._use_preset(chosen)

        self.app.push_screen(PresetPicker(self.home.presets), done)

    def _use_preset(self, name: str) -> None:
        if self._is_busy():
            return
        preset = self.home.presets.get(name)
        if preset is None:
            known = ", ".join(self.home.presets) or "none yet"
            self.app.say(f"There is no preset {name}. There are: {known}.", warning=True)
            return
        session = self.session
        try:
            toolbox = session.toolbox if preset.tools is None else self.home.tools.only(preset.tools)
            session.switch(preset.model or session.choice.model, preset.endpoint)
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return
        session.overrides = preset.overrides
        session.revise(system=session.system if preset.system is None else preset.system, toolbox=toolbox)
        self.app.remember(self.app.preferences.used(session.choice.model))
        self.show_state()
        self.app.say(f"Preset {name}, from the next prompt on.")

    def action_save_preset(self, name: str = "") -> None:
        """Write model, endpoint, system prompt, settings and tools as a preset into the configuration."""
        from tui.ui.screens.presets import PresetName

        save, session = self.home.save_preset, self.session
        if save is None:
            self.app.say("Presets cannot be saved here: there is no configuration file.", warning=True)
            return
        tools = tuple(spec.name for spec in session.toolbox.specs)
        # A header's value may be a secret, and secrets are written nowhere.
        kept = {field: value for field, value in session.overrides.items() if field != "headers"}
        choice = session.choice
        preset = Preset(choice.model or None, choice.endpoint, session.system, tools, kept)

        def saved(chosen: str) -> None:
            path = save(chosen, preset)
            left = " Headers are left out of it." if "headers" in session.overrides else ""
            self.app.say(f"Preset {chosen} is in {path}.{left}")

        if not name:
            self.app.push_screen(PresetName(preset, self.home.presets, saved))
            return
        try:
            saved(name)
        except (SightlineError, OSError) as error:
            self.app.say(f"The preset is not saved: {error}", warning=True)
