"""What a deployment asks for, and where the answers are kept. Run by `make deploy` (tools/deploy.py)."""
