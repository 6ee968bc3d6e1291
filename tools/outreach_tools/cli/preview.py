"""`outreach preview`: the messages on a local page that follows as files are saved."""

from typing import Annotated

import typer

from outreach_tools.cli.screen import fail, results
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import templates_folder

USUAL_PORT = 4680


def preview(
    templates: TemplatesOption = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=f"Port on this machine. Default: {USUAL_PORT}, or a free one while that is taken.",
            show_default=False,
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Show every message as customers will get it, on a page that follows as you save. Ctrl-C ends it."""
    from outreach_tools.checks import Checker
    from outreach_tools.preview.folder_catalogue import FolderCatalogue
    from outreach_tools.preview.server import PreviewServer
    from outreach_tools.preview.watch import WatchedFolder

    folder = templates_folder(templates)
    checker = Checker()
    watched = WatchedFolder(folder, lambda now: FolderCatalogue(now, checker))
    try:
        server = PreviewServer(watched, USUAL_PORT if port is None else port)
    except OSError as taken:
        if port is not None:
            fail(f"port {port} cannot be used ({taken.strerror}); choose another one with --port")
        server = PreviewServer(watched, 0)
    results().print(f"{folder} is shown at {server.address}  (Ctrl-C ends it)")
    watched.start()
    if browser:
        import webbrowser

        webbrowser.open(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        results().print("ended")
    finally:
        watched.stop()
        server.server_close()
