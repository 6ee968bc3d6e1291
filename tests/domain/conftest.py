"""Hypothesis may take its time on a busy machine: no test here is about speed."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
