"""CloudWatch alarms: metrics from what the cloud recorded, and alarms that are evaluated when read."""
