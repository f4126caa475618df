"""Records on their way into other systems, by those systems' own formats."""
