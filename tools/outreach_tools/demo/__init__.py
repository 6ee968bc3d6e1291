"""The demo: a real shop's orders replayed through the whole stack, and pages that show the result."""
