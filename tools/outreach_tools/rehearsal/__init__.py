"""A shop to try things in: the whole stack in this process, on a clock that advances on request."""
