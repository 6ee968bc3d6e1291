"""What other e-mail services write into their messages: the names they use, and the forms of their tags."""
