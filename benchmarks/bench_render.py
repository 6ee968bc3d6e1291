"""What an e-mail costs to make, beside plain Jinja with the same HTML, and a campaign to load and to check.

All figures are CPU time of this process, medians, with the machine's other work left out as far as can be.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

from measurement import Measurement
from outreach.adapters.templates import TemplateBundle, TemplateFolder
from outreach.adapters.templates.message import CompiledMessage
from outreach.adapters.templates.sandbox.limits import start_meter

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
ROUNDS = 15
LARGEST_CAMPAIGN = "tutorial"
LOAD = f"""
import time
from pathlib import Path
from outreach.adapters.templates import TemplateBundle
root = Path({str(TEMPLATES)!r})
files = {{p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}}
before = time.process_time()
bundle = TemplateBundle(files)
for name in bundle.message_names({LARGEST_CAMPAIGN!r}):
    bundle.prepare({LARGEST_CAMPAIGN!r}, name)
print(time.process_time() - before)
"""
CHECK = "import sys; from outreach_tools.cli import main; sys.argv[1:] = ['templates', 'check']; main()"


def measure() -> Iterator[Measurement]:
    """Every shipped message for every sample, subject, HTML and text, once it is loaded."""
    timed = list(_both_ways(TemplateFolder(TEMPLATES)))
    yield Measurement("render.ms_per_mail", median(seconds for seconds, _ in timed) * 1000, "ms", 0.15)
    yield Measurement("render.ratio_to_plain_jinja", median(ratio for _, ratio in timed), "ratio", 1.5)
    loads = [float(_run(LOAD)) for _ in range(5)]
    yield Measurement("render.bundle_load_ms", median(loads) * 1000, "ms", 50)
    yield Measurement("check.seconds", median(_seconds_of_check() for _ in range(3)), "s", 2)


def _both_ways(bundle: TemplateBundle) -> Iterator[tuple[float, float]]:
    """For each message and sample: CPU seconds of all of it, and of its HTML as a multiple of Jinja's."""
    for campaign in sorted(path.parent.name for path in TEMPLATES.glob("[!_]*/campaign.yaml")):
        samples = bundle.samples(campaign)
        for message in bundle.message_names(campaign):
            template = _plain(_html_source(bundle, campaign, message))
            constants = bundle.constants(campaign)
            for sample in samples.values():
                facts = {**sample, "message": {"name": message}}
                known = {
                    "brand": constants.brand,
                    "values": constants.values,
                    "subject": "Words",
                    "preheader": "Words",
                }
                order = sample["order"] and SimpleNamespace(**sample["order"])  # Jinja takes a dict's methods
                plain = partial(template.render, {**known, **facts, "order": order})
                html = partial(_html, bundle.prepare(campaign, message), {**known, **facts})
                whole = partial(bundle.render, campaign, message, facts)
                yield _cpu(whole), _cpu(html) / _cpu(plain)


def _html(message: CompiledMessage, known: dict[str, object]) -> str:
    start_meter()
    return message.html.render(known)


def _html_source(bundle: TemplateBundle, campaign: str, message: str) -> str:
    """The HTML part as one Jinja template."""
    _, _, (html, _), _ = bundle.read_message(campaign, f"{campaign}/{message}.mjml").sources
    return "".join(piece if isinstance(piece, str) else piece.source for piece in html.pieces)


def _plain(source: str) -> Any:
    """Jinja as it comes, with escaping, without a sandbox, and the simplest filters that do the job."""
    environment = Environment(autoescape=True)
    environment.filters["url"] = environment.filters["url_part"] = lambda value: value
    environment.filters["money"] = lambda amount, currency: f"{amount} {currency}"
    environment.filters["date"] = _date
    return environment.from_string(source)


def _date(moment: datetime) -> str:
    return f"{moment:%A, %d %B}"


def _cpu(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        before = time.thread_time_ns()
        work()
        times.append(time.thread_time_ns() - before)
    return median(times) / 1e9


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def _seconds_of_check() -> float:
    before = time.perf_counter()
    subprocess.run([sys.executable, "-c", CHECK], capture_output=True, check=True, cwd=ROOT)
    return time.perf_counter() - before
