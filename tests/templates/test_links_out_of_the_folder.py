"""No symbolic link leads out of the templates folder: not into a preview, a check, a bundle or a message."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.templates import TemplateFolder
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks import Checker
from outreach_tools.checks.folder import read_files
from outreach_tools.cli.app import app
from outreach_tools.preview.folder_catalogue import FolderCatalogue
from outreach_tools.publishing.draft import NoDraftError, read_draft
from outreach_tools.rehearsal.frozen_project import frozen_project

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).parents[2] / "templates"
OTHER_CAMPAIGNS = shutil.ignore_patterns("delay-notification", "tutorial", "win-back")
"""One campaign is enough, and is checked in a quarter of the time."""
SECRET = "aws_secret_access_key = zq8secret"
WHY = "leads out of the templates folder"

Folder = tuple[Path, str]


def a_text_part(folder: Path, secret: Path) -> str:
    (folder / "onboarding/welcome.txt").symlink_to(secret)
    return "onboarding/welcome.txt"


def a_message(folder: Path, secret: Path) -> str:
    (folder / "onboarding/pw.mjml").symlink_to(secret)
    return "onboarding/pw.mjml"


def a_relative_link(folder: Path, _: Path) -> str:
    (folder / "onboarding/pw.mjml").symlink_to("../../secret")
    return "onboarding/pw.mjml"


def a_chain_of_links(folder: Path, secret: Path) -> str:
    (folder / "onboarding/first.mjml").symlink_to("second.mjml")
    (folder / "onboarding/second.mjml").symlink_to(secret)
    return "onboarding/first.mjml"


def the_samples(folder: Path, secret: Path) -> str:
    (folder / "onboarding/sample.yaml").unlink()
    (folder / "onboarding/sample.yaml").symlink_to(secret)
    return "onboarding/sample.yaml"


def the_brand(folder: Path, secret: Path) -> str:
    (folder / "brand.yaml").unlink()
    (folder / "brand.yaml").symlink_to(secret)
    return "brand.yaml"


def the_campaign_file(folder: Path, secret: Path) -> str:
    (folder / "onboarding/campaign.yaml").unlink()
    (folder / "onboarding/campaign.yaml").symlink_to(secret)
    return "onboarding/campaign.yaml"


def the_campaigns_folder(folder: Path, secret: Path) -> str:
    shutil.copytree(folder / "onboarding", secret.parent / "elsewhere")
    shutil.rmtree(folder / "onboarding")
    (folder / "onboarding").symlink_to(secret.parent / "elsewhere")
    return "onboarding/campaign.yaml"


def the_shared_parts(folder: Path, secret: Path) -> str:
    shutil.copytree(folder / "_layout", secret.parent / "parts")
    part = next((folder / "_layout").glob("*.mjml")).name
    shutil.rmtree(folder / "_layout")
    (folder / "_layout").symlink_to(secret.parent / "parts")
    return f"_layout/{part}"


LINKS = [
    a_text_part, a_message, a_relative_link, a_chain_of_links, the_samples, the_brand, the_campaign_file,
    the_campaigns_folder, the_shared_parts,
]  # fmt: skip


@pytest.fixture(params=LINKS, ids=lambda made: made.__name__)
def linked(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A folder of templates with a link in it, and the name of the link."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    folder = tmp_path / "templates"
    shutil.copytree(SHIPPED, folder, ignore=OTHER_CAMPAIGNS)
    make: Callable[[Path, Path], str] = request.param
    return folder, make(folder, secret)


def reads_everything(folder: Path, message: str) -> None:
    """As the functions and the commands do, file by file."""
    templates, facts = TemplateFolder(folder), TemplateFolder(SHIPPED).samples("onboarding")["loyal"]
    templates.samples("onboarding")
    BundledCampaigns(folder).current()
    templates.render("onboarding", "welcome", facts)
    templates.prepare("onboarding", message)


def test_a_checker_names_the_link_and_reads_nothing_through_it(linked: Folder) -> None:
    folder, link = linked
    files = read_files(folder)

    errors = {each.file: each.what for each in Checker().check(files).errors}

    assert WHY in errors[link]
    assert link not in files
    assert SECRET.encode() not in b"".join(files.values())


def test_a_reader_of_one_file_names_the_link(linked: Folder) -> None:
    folder, link = linked

    with pytest.raises((TemplateError, InvalidCampaignError)) as refused:
        reads_everything(folder, message=Path(link).stem)

    assert link.partition("/")[0] in str(refused.value)
    assert WHY in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_campaign_with_a_link_is_not_published(linked: Folder) -> None:
    folder, link = linked

    with pytest.raises(NoDraftError) as refused:
        read_draft(folder, "onboarding")

    assert f"{link}: this is a symbolic link that {WHY}" in str(refused.value)


def test_the_check_commands_name_the_link(linked: Folder) -> None:
    folder, link = linked
    run = CliRunner().invoke

    checked = run(app, ["templates", "check", "--templates", str(folder)], catch_exceptions=False)
    campaigns = run(app, ["campaigns", "check", str(folder)], catch_exceptions=False)

    for done in (checked, campaigns):
        assert done.exit_code == 1
        assert link in done.output
        assert WHY in done.output
        assert SECRET not in done.output


def test_the_preview_shows_the_link_as_a_mistake_and_nothing_of_what_it_leads_to(linked: Folder) -> None:
    folder, link = linked
    catalogue = FolderCatalogue(folder, Checker())

    cards = catalogue.campaigns()
    findings = [each for card in cards for each in catalogue.findings(card.name)]

    assert link in {each.where for each in findings if WHY in each.what}
    assert "zq8secret" not in repr((cards, findings))


def test_a_rehearsal_does_not_copy_what_a_link_leads_to(linked: Folder, tmp_path: Path) -> None:
    folder, link = linked
    project = tmp_path / "project"
    project.mkdir()

    with frozen_project(project, folder) as frozen:
        assert not (frozen / "templates" / link).exists()


def test_an_import_does_not_write_through_a_link(tmp_path: Path) -> None:
    folder, source = tmp_path / "templates", tmp_path / "page.html"
    shutil.copytree(SHIPPED, folder, ignore=OTHER_CAMPAIGNS)
    (folder / "onboarding/news.mjml").symlink_to(tmp_path / "made-by-import")
    source.write_text("<html><head><title>News</title></head><body><p>Hello</p></body></html>")

    arguments = ["templates", "import", "html", str(source), "--campaign", "onboarding", "--message", "news"]
    done = CliRunner().invoke(app, [*arguments, "--templates", str(folder)], catch_exceptions=False)

    assert done.exit_code == 1
    assert WHY in done.output
    assert not (tmp_path / "made-by-import").exists()


def test_a_link_that_stays_inside_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    shutil.copytree(SHIPPED, folder, ignore=OTHER_CAMPAIGNS)
    (folder / "onboarding/again.mjml").symlink_to("welcome.mjml")
    (tmp_path / "templates").symlink_to(folder)
    through = tmp_path / "templates"
    facts = TemplateFolder(SHIPPED).samples("onboarding")["loyal"]

    again = TemplateFolder(through).render("onboarding", "again", facts)

    assert again == TemplateFolder(SHIPPED).render("onboarding", "welcome", facts)
    assert read_files(through)["onboarding/again.mjml"] == read_files(SHIPPED)["onboarding/welcome.mjml"]
    assert BundledCampaigns(through).current()
