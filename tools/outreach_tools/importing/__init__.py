"""Makes messages from existing ones: HTML files, and the templates of Amazon SES and Amazon Pinpoint."""
