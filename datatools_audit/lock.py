"""A lock that a signal handler which raises does not leave taken."""

from __future__ import annotations

import _thread
import sys

if sys.version_info >= (3, 14):

    class Lock(_thread.RLock):
        """A re-entrant lock, to be used by ``with``.

        Since 3.14 CPython runs signal handlers between the taking of a lock and the block of
        its ``with``: what one raises, as at Ctrl-C, would leave the lock taken for good.
        """

        def __enter__(self) -> bool:
            """Take it. Of this one, being written in Python, the way back has no such place."""
            depth = self._recursion_count()
            try:
                self.acquire()
            except BaseException:
                if self._recursion_count() > depth:
                    self.release()
                raise
            return True

else:
    Lock = _thread.RLock
