"""Other terminal chats, measured like ours: each one is found, brought to its prompt, asked, and ended."""
