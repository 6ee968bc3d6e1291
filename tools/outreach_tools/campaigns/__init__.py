"""A campaign in plain words, as a tree and as JSON."""
