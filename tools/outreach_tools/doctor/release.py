"""The release of the stack, of its rows, and of this command."""

from collections.abc import Iterator

from outreach_tools.doctor.finding import Finding, fail, ok, warn
from outreach_tools.doctor.site import Site
from outreach_tools.release import format_of, release_of, this_release
from outreach_tools.wiring import for_stack


def look_at_release(site: Site) -> Iterator[Finding]:
    """One read of the table."""
    outputs = site.stack.outputs
    stored = for_stack(site.stack).table_format.read()
    runs, ours = release_of(outputs), this_release()
    if stored is not None and stored.format > format_of(outputs):
        yield fail(
            "release",
            f"the stack runs {runs}, and {stored.release} wrote rows that it cannot read: it does nothing "
            f"until {stored.release} or a later release is deployed",
            "make deploy",
        )
    elif runs != ours:
        yield warn("release", f"the stack runs {runs}, and this command is of {ours}", "make deploy")
    elif stored is None:
        yield ok("release", f"{runs}; no function has written to the table yet")
    else:
        yield ok("release", f"{runs}; the rows have format {stored.format}")
