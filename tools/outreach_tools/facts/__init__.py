"""Proposes `facts.yaml` from what producers have sent."""
