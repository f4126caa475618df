"""Lines to the disk, never in the caller's way."""
