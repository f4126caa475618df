"""What must not leave: secrets at recording, and what tells of a person at hand-over."""
