"""A command and its stack may be of different releases: this warns before anything happens."""

from collections.abc import Mapping

from outreach_tools.cli.screen import fail, notes
from outreach_tools.release import format_of, is_too_new, release_of, this_release


def compare_releases(outputs: Mapping[str, str], stack_name: str) -> None:
    """Warn on stderr when they differ; fail when this command would misread the rows of the stack."""
    theirs, ours = release_of(outputs), this_release()
    if is_too_new(outputs):
        fail(
            f"stack {stack_name} runs Outreach {theirs}, whose rows have format {format_of(outputs)}; this "
            f"command is of {ours} and would misread them: use the command of {theirs} (see UPGRADING.md)"
        )
    if theirs != ours:
        words = f"stack {stack_name} runs Outreach {theirs}, and this command is of {ours}: see UPGRADING.md"
        notes().print(words, markup=False, soft_wrap=True)
