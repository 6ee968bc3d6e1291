"""Runs Jinja without a way out: what templates and expressions may name, do and show."""
