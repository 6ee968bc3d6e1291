"""The questions of a deployment, and where the answers are stored. Run by `make deploy` (tools/deploy.py)."""
