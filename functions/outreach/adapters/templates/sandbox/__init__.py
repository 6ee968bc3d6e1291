"""Runs Jinja in a sandbox: what templates and expressions may name, do and show."""
