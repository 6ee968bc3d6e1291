"""Pages that show what will be sent: each message for each sample person, and each campaign as a timeline."""
