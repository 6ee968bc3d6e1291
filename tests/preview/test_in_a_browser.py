"""The preview as a marketer sees it, in a real browser."""

from pathlib import Path

from playwright.sync_api import FrameLocator, Page, Route, expect

from preview.desk import Desk

SCRIPTS = Path(__file__).parent


def message(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='The message']")


def background(page: Page) -> str:
    """The colour of the message's page."""
    body = message(page).locator("body")
    expect(body).to_be_visible()
    colour: str = body.evaluate("body => getComputedStyle(body).backgroundColor")
    return colour


def test_from_the_list_to_a_message_as_an_inbox_shows_it(desk: Desk, page: Page) -> None:
    page.goto(desk.address)
    page.get_by_role("navigation").get_by_role("link", name="welcome", exact=True).click()

    expect(page.locator(".subject")).to_have_text("Welcome to Juniper & Oak, Ana")
    expect(page.locator(".preheader")).to_have_text(
        "What you will hear from us, and one small thing to start with."
    )
    expect(message(page).get_by_role("heading", name="Good to have you here")).to_be_visible()
    expect(page.get_by_text("KB of the 102 KB that Gmail shows")).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page).to_have_title("welcome · Outreach preview")


def test_people_and_languages_can_be_switched(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/delay-notification/delayed")
    page.get_by_label("In", exact=True).select_option("fr")
    expect(message(page).get_by_text("Bonjour Ana")).to_be_visible()
    page.get_by_label("As", exact=True).select_option("no-first-name")

    expect(message(page).get_by_text("Bonjour,")).to_be_visible()
    assert page.url.endswith("?sample=no-first-name&language=fr")


def test_a_message_can_be_seen_light_and_dark_whatever_the_computer_prefers(desk: Desk, page: Page) -> None:
    for preferred in ("light", "dark"):
        page.emulate_media(color_scheme=preferred)  # type: ignore[arg-type]  # one of the two
        page.goto(f"{desk.address}campaigns/onboarding/welcome")
        expect(message(page).locator("body")).to_have_css("background-color", "rgb(244, 241, 234)")
        page.get_by_role("link", name="Dark", exact=True).click()
        expect(message(page).locator("body")).to_have_css("background-color", "rgb(20, 24, 21)")


def test_a_phone_is_as_narrow_as_a_phone(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome")
    page.get_by_role("link", name="Phone", exact=True).click()
    frame = page.locator(".phone iframe")
    expect(frame).to_be_visible()
    width: int = (
        message(page).locator("body").evaluate("body => body.ownerDocument.documentElement.scrollWidth")
    )

    assert width == 375


def test_without_images_their_words_are_shown(desk: Desk, page: Page) -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    logo = '<mj-image src="https://www.juniperandoak.example.com/oven.png" alt="An oven, glowing"/>'
    desk.edit("onboarding/welcome.mjml", "  <mj-text>", f"  {logo}\n  <mj-text>")
    page.route("**/oven.png", lambda route: route.fulfill(content_type="image/gif", body=picture.encode()))
    page.goto(f"{desk.address}campaigns/onboarding/welcome?view=images-off")

    expect(message(page).get_by_alt_text("An oven, glowing")).to_be_visible()
    width: int = message(page).get_by_alt_text("An oven, glowing").evaluate("image => image.naturalWidth")
    assert width == 0


def test_the_text_part_is_shown_as_text(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome?view=text")

    expect(page.get_by_label("The text part")).to_contain_text("Good to have you here\n=====")


def test_the_page_follows_when_a_file_is_saved(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome?sample=loyal")
    expect(page.get_by_text("Follows as you save")).to_be_visible()
    desk.edit("onboarding/welcome.mjml", "Good to have you here", "Come in, the oven is warm")

    expect(message(page).get_by_text("Come in, the oven is warm")).to_be_visible()
    assert "sample=loyal" in page.url


def test_what_was_saved_while_the_page_was_loading_is_not_missed(desk: Desk, page: Page) -> None:
    def save_first(route: Route) -> None:
        desk.edit_and_wait("onboarding/welcome.mjml", "Good to have you here", "Come in, the oven is warm")
        route.continue_()

    page.route("**/changes", save_first, times=1)
    page.goto(f"{desk.address}campaigns/onboarding/welcome")

    expect(message(page).get_by_text("Come in, the oven is warm")).to_be_visible()


def test_a_message_is_shown_as_a_person_who_gets_it(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/tutorial/oven-1-first-bake")
    expect(page.get_by_label("As", exact=True)).to_have_value("oven-owner")
    expect(message(page).get_by_text("Run your Bread & Pizza Oven 45")).to_be_visible()


def test_a_mistake_is_shown_beside_its_line_until_it_is_fixed(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome")
    desk.edit("onboarding/welcome.mjml", "{{ customer.first_name or", "{{ customer.frist_name or")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("onboarding/welcome.mjml:8")
    expect(alert).to_contain_text("first_name")
    expect(page.locator(".findings .own pre")).to_contain_text("{{ customer.frist_name or")
    desk.edit("onboarding/welcome.mjml", "frist_name", "first_name")

    expect(page.locator(".subject")).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()


def test_everything_can_be_done_with_keys(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome")
    expect(page.locator(".subject")).to_be_visible()
    page.keyboard.press("j")
    expect(page).to_have_title("first-steps · Outreach preview")
    page.keyboard.press("k")
    expect(page).to_have_title("welcome · Outreach preview")
    page.keyboard.press("2")
    expect(page.locator(".phone")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_label("As", exact=True)).to_have_value("loyal")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("body").press("t")
    expect(page).to_have_title("Welcome a new customer · Outreach preview")


def test_single_keys_can_be_switched_off(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.locator("body").press("j")

    expect(page).to_have_title("welcome · Outreach preview")


def test_the_timeline_leads_to_the_messages(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding")
    steps = page.locator(".step")
    expect(steps.nth(0)).to_contain_text("at once")
    expect(steps.nth(2)).to_contain_text("day 1")
    expect(page.locator("svg.drawing .node")).to_have_count(12)
    page.get_by_role("link", name="Three small steps, then you are set").click()

    expect(page).to_have_title("first-steps · Outreach preview")


def test_a_screen_reader_finds_names_for_everything(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}campaigns/onboarding/welcome")
    expect(page.locator(".subject")).to_be_visible()
    nameless: list[str] = page.evaluate(SCRIPTS.joinpath("nameless.js").read_text())
    sizes: list[int] = page.evaluate("[...document.querySelectorAll('h1')].map(it => it.textContent.length)")

    assert nameless == []
    assert len(sizes) == 1
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the message")).to_be_focused()


def test_the_pages_words_can_be_read_in_light_and_dark(desk: Desk, page: Page) -> None:
    faint = SCRIPTS.joinpath("faint.js").read_text()
    for preferred in ("light", "dark"):
        page.emulate_media(color_scheme=preferred)  # type: ignore[arg-type]  # one of the two
        for path in ("", "campaigns/onboarding", "campaigns/onboarding/welcome"):
            page.goto(desk.address + path)
            expect(page.get_by_role("navigation")).to_be_visible()
            assert page.evaluate(faint) == [], (preferred, path)
