"""Makes the HTML and the text template of a message from its tree."""
