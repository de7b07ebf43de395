"""What happened, as OpenTelemetry spans."""
