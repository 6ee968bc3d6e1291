"""What runs on a laptop and is never deployed: the `outreach` command, the local cloud, the demo."""
