"""Markdown as rows, in pieces that can be rendered while the text still grows."""
