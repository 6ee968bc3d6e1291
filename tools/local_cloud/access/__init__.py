"""Who calls, what the call needs, and whether the caller's policies allow it."""
