"""What happened, as one line of bytes."""
