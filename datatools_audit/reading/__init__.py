"""From the disk back to records."""
