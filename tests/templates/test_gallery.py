"""Pictures of messages: every one of them, small, and without a network."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from outreach.adapters.templates import TemplateBundle, TemplateFolder
from outreach_tools.gallery.album import index, write_gallery
from outreach_tools.gallery.browser import NoBrowserError, find_browser
from outreach_tools.gallery.camera import VIEWS
from outreach_tools.gallery.emails import GalleryEmail, gallery_emails
from outreach_tools.gallery.picture import LONGEST, MOST_COLOURS, small_png
from templates.small_folder import HEAD, SAMPLE, small_folder

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
STYLE = "<mj-style>@media (prefers-color-scheme: dark) { div { background: #000 } }</mj-style>"
DARK = f"<mjml><mj-head>{STYLE}</mj-head>"
PAGE = (
    DARK
    + "<mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>"
)


def test_every_shipped_message_is_in_the_gallery(shipped: TemplateFolder) -> None:
    for campaign in ("delay-notification", "onboarding", "tutorial", "win-back"):
        for message in shipped.message_names(campaign):
            for view in VIEWS:
                assert (GALLERY / campaign / f"{message}-{view.name}.png").is_file()
            assert f"{campaign}/{message}-dark.png" in (GALLERY / "README.md").read_text()


def test_the_gallery_stays_small() -> None:
    assert sum(file.stat().st_size for file in GALLERY.rglob("*.png")) < 6_000_000


def test_a_lesson_is_shown_for_a_person_who_owns_the_product() -> None:
    people = SAMPLE + "  owner: {product: {line: oven, name: Oven 45, features_used: []}}\n"
    lesson = HEAD.replace("Hello", "{{ product.name if product else 'nobody' }}") + "<o-card/>"
    bundle = TemplateBundle(
        small_folder(files={"c/sample.yaml": people, "c/oven-1.mjml": lesson, "c/m.mjml": lesson})
    )
    assert [email.subject for email in gallery_emails(bundle, ["c"])] == ["nobody", "Oven 45"]


def test_a_picture_has_few_colours_and_an_end() -> None:
    noise = Image.effect_noise((50, LONGEST + 200), 90).convert("RGB")
    screenshot = BytesIO()
    noise.save(screenshot, format="PNG")
    picture = Image.open(BytesIO(small_png(screenshot.getvalue())))
    assert picture.size == (50, LONGEST)
    assert len(picture.getcolors() or ()) <= MOST_COLOURS


def test_words_in_the_index_cannot_break_its_table() -> None:
    page = index([GalleryEmail("c", "m", "One | <two>", "")])
    assert "| **m**<br>One \\| &lt;two> |" in page


def test_a_browser_that_is_missing_is_reported() -> None:
    with pytest.raises(NoBrowserError, match="no netscape on this machine"):
        find_browser("netscape")


def test_each_view_is_taken_as_it_says(tmp_path: Path) -> None:
    try:
        browser = find_browser()
    except NoBrowserError:
        pytest.skip("no Chromium on this machine")
    html = (
        TemplateBundle(small_folder(files={"_layout/page.mjml": PAGE}))
        .render("c", "m", {"links": {}, "customer": {}, "order": None})
        .html
    )
    write_gallery([GalleryEmail("c", "m", "Hello", html)], tmp_path, browser)
    taken = {view.name: Image.open(tmp_path / "c" / f"m-{view.name}.png").convert("L") for view in VIEWS}
    assert {name: picture.width for name, picture in taken.items()} == {
        "desktop": 680,
        "mobile": 375,
        "dark": 680,
    }
    assert taken["desktop"].getextrema()[1] == 255
    assert sum(taken["dark"].histogram()[:40]) > sum(taken["desktop"].histogram()[:40])
