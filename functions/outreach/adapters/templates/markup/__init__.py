"""Parses sources: the tree of a message, its head, the shared parts, and what may stand where."""
