"""The recorder beside the libraries of the field: same event, fresh processes, rounds in turn."""
