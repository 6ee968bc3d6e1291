"""Outreach. All its code reads time zones from the database that is shipped with it.

Otherwise a zone name would mean what the machine has under it: `localtime`, `posixrules` and `right/...`
exist on many machines, and the machine's release of the database may be older than the tested one.
"""

from zoneinfo import reset_tzpath

reset_tzpath(())
