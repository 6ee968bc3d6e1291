"""A folder and a mapping of bytes are the same thing, and nothing heavy is needed to render from either."""

import subprocess
import sys
from pathlib import Path

import pytest

from outreach.adapters.templates import TemplateBundle, TemplateFolder
from outreach.domain.sending.rendering import UnknownMessageError

ROOT = Path(__file__).parents[2]


def test_a_bundle_of_bytes_renders_the_very_same_e_mail(shipped: TemplateFolder) -> None:
    files = {
        p.relative_to(ROOT / "templates").as_posix(): p.read_bytes()
        for p in (ROOT / "templates").rglob("*")
        if p.is_file()
    }
    bundle = TemplateBundle(files)
    facts = shipped.samples("onboarding")["loyal"]
    assert bundle.render("onboarding", "welcome", facts) == shipped.render("onboarding", "welcome", facts)
    assert bundle.message_names("tutorial") == shipped.message_names("tutorial")


def test_a_folder_is_not_read_before_it_is_asked(tmp_path: Path) -> None:
    folder = TemplateFolder(tmp_path / "not-there-yet")
    with pytest.raises(UnknownMessageError):
        folder.message_names("onboarding")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "c/../../x"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.mjml").write_text("secret")
    (tmp_path / "templates").mkdir()
    folder = TemplateFolder(tmp_path / "templates")
    with pytest.raises(UnknownMessageError):
        folder.render(name, "secret", {})


def test_rendering_imports_neither_boto3_nor_pydantic() -> None:
    program = (
        "import sys; from pathlib import Path; from outreach.adapters.templates import TemplateFolder;"
        "folder = TemplateFolder(Path('templates')); facts = folder.samples('onboarding')['loyal'];"
        "folder.render('onboarding', 'welcome', facts);"
        "print(sorted({'boto3', 'botocore', 'pydantic', 'aws_lambda_powertools'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
