"""`outreach rehearse`: try everything in a shop on this machine, where nothing is sent and nothing costs."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from outreach_tools.cli.screen import fail, say
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import draft_of, templates_folder

if TYPE_CHECKING:
    from local_cloud import LocalCloud

PROMPT = "rehearsal> "
WELCOME = "A shop on this machine: nothing is sent, nothing costs. Type help, or quit."
NOT_HERE = frozenset({"rehearse", "demo", "local", "preview"})
"""Commands that start a cloud or a server of their own."""
ALLOWED = {"TestRecipients": "@example.com"}


def rehearse(context: typer.Context, templates: TemplatesOption = None) -> None:
    """Open a shop on this machine, and a prompt to play customers and run commands in it."""
    from local_cloud import LocalCloud
    from local_cloud.project import project_directory
    from outreach_tools.publishing.draft import campaign_names
    from outreach_tools.rehearsal.frozen_project import frozen_project
    from outreach_tools.rehearsal.prompt import Prompt
    from outreach_tools.rehearsal.shop import Shop

    outreach = context.find_root().command.main
    folder = templates_folder(templates)
    try:
        project = project_directory(folder.resolve())
    except FileNotFoundError:
        fail(f"no template.yaml above {folder}: a rehearsal needs the project that is deployed")
    with frozen_project(project, folder) as frozen, LocalCloud(project=frozen, parameters=ALLOWED) as cloud:
        shop = Shop(cloud)
        for name in campaign_names(folder):
            shop.keep(draft_of(folder, name))
        say(WELCOME)
        Prompt(shop, say, lambda arguments: _run(outreach, arguments, cloud)).follow(_lines())


def _lines() -> Iterator[str]:
    """The typed line; piped input is shown, so that it reads as if it were typed."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 - gives line editing and history

        while True:
            try:
                yield input(PROMPT)
            except (EOFError, KeyboardInterrupt):
                return
    for line in sys.stdin:
        say(f"{PROMPT}{line.rstrip()}")
        yield line


def _run(outreach: Callable[..., object], arguments: Sequence[str], cloud: "LocalCloud") -> None:
    """A command as the terminal runs it; where it would end the program, only the command ends."""
    if arguments[0] in NOT_HERE:
        say(f"run outreach {arguments[0]} in another terminal")
        return
    try:
        outreach(list(arguments), prog_name="outreach", obj=cloud)
    except SystemExit:
        return
