"""A stack on this machine behind a port: for shops, tools and tests that are not written in Python."""
