"""Pages that show what will be sent: each letter for each sample person, and each campaign as a timeline."""
