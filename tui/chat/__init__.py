"""Every value type of a conversation; standard library only."""
