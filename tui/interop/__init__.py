"""Other tools' configuration for the same proxy: one file a foreign format, pure; routes in, text out."""
