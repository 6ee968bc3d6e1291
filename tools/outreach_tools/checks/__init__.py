"""Everything that can be wrong with a templates folder, found before any message is sent."""

from outreach_tools.checks.checker import Checker, Report
from outreach_tools.checks.finding import Finding, Severity

__all__ = ["Checker", "Finding", "Report", "Severity"]
