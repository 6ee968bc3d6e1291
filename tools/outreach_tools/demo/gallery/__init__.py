"""The pages of the demo: every e-mail as its customer got it, and one page to browse them all."""

from outreach_tools.demo.gallery.email_pages import email_pages
from outreach_tools.demo.gallery.index_page import index_page

__all__ = ["email_pages", "index_page"]
