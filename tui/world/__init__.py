"""The composition root's rooms: objects from configuration, for each way to run the program."""
