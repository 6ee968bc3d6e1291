"""`outreach local`: the whole stack on this machine, behind a port for any AWS SDK."""

import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import fail, say
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import draft_of, templates_folder
from outreach_tools.loopback import LOOPBACK

if TYPE_CHECKING:
    from local_cloud import LocalCloud
    from outreach_tools.local_server.work_queue import WorkQueue

USUAL_PORT = 4566
"""The port that other emulators of AWS use, so that a shop's set-up for them works unchanged."""
WELCOME = """\
Outreach runs at {url}  (Ctrl-C ends it; nothing is sent, nothing is kept)
It is {now} there; {clock}.

Point your shop to it:
  export AWS_ENDPOINT_URL={url} AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws events put-events --entries file://events.json    # EventBusName: {bus}
See what happens:
  curl {url}/_local/outbox
  curl {url}/_local/refused
  curl -X POST {url}/_local/advance -d '{{"days": 3}}'
More: docs/connect.md, and {url}/_local/
"""


def local(
    templates: TemplatesOption = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = USUAL_PORT,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; 0.0.0.0 for containers and other machines.")
    ] = LOOPBACK,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name", help="Name that clients may call this server by, besides localhost.", show_default=False
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            help="Instant at which the clock stands until advanced. Default: it runs with the machine's.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the whole stack on this machine for a shop in any language. Ctrl-C ends it."""
    from outreach_tools.local_server.server import LocalServer
    from outreach_tools.local_server.work_queue import WorkQueue

    folder = templates_folder(templates)
    begins = _instant(start)
    queue = WorkQueue()
    called = frozenset({host, *(names or ())})
    with ExitStack() as undo:
        try:
            server = undo.enter_context(LocalServer(host, port, called, queue.ask))
        except OSError as error:
            fail(f"{host} port {port} cannot be used ({error.strerror}); choose another one with --port")
        shown = names[0] if names else host
        url = f"http://{shown}:{server.server_port}"
        cloud = _running_cloud(folder, begins, url, undo)
        _end_on_signals(queue)
        Thread(target=server.serve_forever, daemon=True).start()
        undo.callback(server.shutdown)
        stands = "it stands until you advance it" if start else "it runs with this machine's clock"
        bus = cloud.outputs["BusName"]
        _say(WELCOME.format(url=url, now=f"{cloud.now:%Y-%m-%dT%H:%M:%SZ}", clock=stands, bus=bus))
        _serve(cloud, queue, runs=start is None)
    _say("ended")


def _serve(cloud: "LocalCloud", queue: "WorkQueue", *, runs: bool) -> None:
    from outreach_tools.local_server.site import Site
    from outreach_tools.local_server.stack_clock import StackClock

    site = Site(cloud, StackClock(cloud, runs=runs), _say)
    queue.work(site.answer, site.idle)


def _running_cloud(folder: Path, begins: datetime, url: str, undo: ExitStack) -> "LocalCloud":
    from local_cloud import LocalCloud
    from local_cloud.project import project_directory
    from outreach_tools.publishing.draft import campaign_names
    from outreach_tools.publishing.publish import keep_deployed
    from outreach_tools.publishing.published_versions import PublishedVersions
    from outreach_tools.rehearsal.frozen_project import frozen_project

    try:
        project = project_directory(folder.resolve())
    except FileNotFoundError:
        fail(f"no template.yaml above {folder}: outreach local needs the project that is deployed")
    frozen = undo.enter_context(frozen_project(project, folder))
    cloud = undo.enter_context(LocalCloud(start=begins, project=frozen, parameters={"PublicUrl": url}))
    published_versions = PublishedVersions.of(cloud)
    for name in campaign_names(folder):
        keep_deployed(published_versions, draft_of(folder, name), author="outreach local", now=cloud.now)
    return cloud


def _instant(start: str | None) -> datetime:
    """When the clock begins. Whole milliseconds, which is what every emulated service keeps."""
    if start is None:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
    try:
        instant = datetime.fromisoformat(start)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        fail("--start: give an instant with its offset, such as 2026-03-02T09:00:00Z")
    return instant.astimezone(UTC)


def _end_on_signals(queue: "WorkQueue") -> None:
    """The first signal ends the server after the present request, a second one at once."""

    def end(_: int, __: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        queue.stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)


def _say(text: str) -> None:
    """Shown at once, also to a program that reads the output."""
    for line in text.splitlines():
        say(line)
    sys.stdout.flush()
