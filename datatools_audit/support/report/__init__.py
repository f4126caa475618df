"""The report: a log as one page of HTML that needs nothing but itself."""
