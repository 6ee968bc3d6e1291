"""Pictures of every message, as mail programs show it on a desktop, on a phone and in the dark."""
