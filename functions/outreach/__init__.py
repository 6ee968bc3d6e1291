"""Outreach. Every part of it, on a laptop as in Lambda, reads time zones from the database shipped with it.

Otherwise a zone name would mean what the machine has under it: `localtime`, `posixrules` and `right/...` are
files of many machines, and an older release than the one that was tested may lie there.
"""

from zoneinfo import reset_tzpath

reset_tzpath(())
