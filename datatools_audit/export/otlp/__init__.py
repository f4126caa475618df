"""OpenTelemetry, by its own SDK over OTLP/HTTP; loaded only where it is exported to."""
