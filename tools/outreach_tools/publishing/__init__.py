"""How content and steps get from a templates folder to the senders, and back."""
