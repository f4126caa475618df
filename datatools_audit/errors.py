"""The exceptions that this package raises: from configuring and reading, never from emitting."""


class AuditError(Exception):
    """Anything that this package raises on purpose."""


class ConfigError(AuditError, ValueError):
    """A setting that cannot be used; the message names the field and what it takes."""


class ReadError(AuditError):
    """A log that cannot be read at all; a single bad line is reported, not raised."""


class ExportError(AuditError):
    """Records that cannot be written where they should; the message says what to do."""


class QueryError(AuditError):
    """A question in SQL that cannot be asked; one or two lines."""
