"""sightline: the terminal where people see what a model really does behind a LiteLLM proxy."""
