"""Makes messages of what people have: HTML files, and the templates of Amazon SES and Amazon Pinpoint."""
