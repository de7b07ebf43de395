"""The transcript: one line-painted widget, with pure layout and renderers below it."""
