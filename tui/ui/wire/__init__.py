"""The exchanges of a session on the screen."""
