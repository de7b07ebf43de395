"""What a model can do on an endpoint, tried out."""
