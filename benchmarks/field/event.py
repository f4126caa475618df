"""The one event that every contestant records.

A contestant gives its call as a statement, as ``timeit`` takes one, so that each is timed in
the form an app would write and without a wrapper around it. In a statement ``MESSAGE`` and
``FILE`` are these texts and ``n`` counts up. The extras are a text, an integer and a float;
the text is called ``file`` since the standard library's records have a ``filename`` of their
own and refuse another.
"""

from __future__ import annotations

MESSAGE = "Uploaded customers.csv"
FILE = "customers.csv"
