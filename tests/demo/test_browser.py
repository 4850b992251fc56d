"""The newcomer's first minute, in a real browser: handed in too soon, told so, out on time, announced."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

import demo
from demo import world
from demo.show import Demo
from tests.demo.browser import CHROMIUM, browser_page, discord
from tests.demo.held import held

TITLE = "The Goose Under the Stone"
TEXT = ("Oriel fed the geese at noon.", "There were nineteen, and then there was one more.")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Demo]:
    async with held(demo.open_demo(port=0)) as opened:
        yield opened


@pytest_asyncio.fixture
async def page(opened: Demo, tmp_path: Path) -> AsyncIterator[Page]:
    """The demo's page, in a browser that has never seen anything; it may not complain of anything."""
    async with browser_page(opened.url, tmp_path / "profile") as (page, complaints):
        yield page
    assert not complaints
    assert not opened.env.errors


def write_docx(path: Path) -> Path:
    """The least that a word processor would call a document."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in TEXT)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>')
    return path


async def hand_in(page: Page, manuscript: Path, title: str) -> None:
    """`/chapter submit` as a person types it."""
    frame = await discord(page)
    await frame.get_by_role("textbox", name="Message").fill("/chapter submit")
    await page.keyboard.press("Enter")
    await frame.get_by_label("series, required").fill(world.SERIES)
    await frame.get_by_label("title, required").fill(title)
    await frame.get_by_label("ai, required").click()
    await frame.get_by_role("option", name="none").first.click()
    await frame.locator(".command-ghost").click()
    await frame.get_by_role("option", name="file").click()
    await frame.locator("input[type=file]").set_input_files(manuscript)
    await frame.get_by_role("button", name="Send", exact=True).click()


async def test_a_chapter_too_soon_waits_says_so_and_comes_out_on_time(opened: Demo, page: Page, tmp_path: Path) -> None:
    assert opened.stage.troubles == []
    await hand_in(page, write_docx(tmp_path / "goose.docx"), TITLE)
    frame = await discord(page)
    await frame.get_by_role("button", name="Submit", exact=True).click()

    notice = frame.locator(".channel-message").last
    await expect(notice).to_contain_text("8 January 2026")
    await expect(notice.get_by_role("button", name="Withdraw")).to_be_visible()

    await page.get_by_role("button", name="+3 days").click()
    await expect(page.locator("#day")).to_contain_text("8 Jan 2026")
    await page.get_by_label("Channels").get_by_role("button", name=world.SERIES).click()
    frame = await discord(page)
    await expect(frame.get_by_role("log").get_by_text(TEXT[1])).to_be_visible()

    await page.get_by_label("Channels").get_by_role("button", name="new-chapters").click()
    frame = await discord(page)
    await expect(frame.locator(".channel-message").last).to_contain_text(TITLE)
    await expect(page.locator("#guide li.done")).to_have_count(5)


async def test_only_the_author_sees_what_only_the_author_was_told(page: Page) -> None:
    await page.get_by_role("button", name="Or hand it in for me").click()
    frame = await discord(page)
    await expect(frame.get_by_text("Only you can see this")).to_be_visible()

    await page.get_by_role("button", name="Mo moderator").click()
    await expect(page.get_by_label("Channels").get_by_role("button", name="moderators")).to_be_visible()
    frame = await discord(page)
    await expect(frame.get_by_text("Only you can see this")).to_have_count(0)


async def test_the_page_works_on_a_phone_and_by_keyboard(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await discord(page)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide

    await page.get_by_role("button", name="+1 hour").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#hour")).to_have_text("18:00 UTC")


async def test_a_link_to_a_chapter_opens_here_and_none_leads_out(page: Page) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    await page.get_by_label("Channels").get_by_role("button", name="new-chapters").click()
    frame = await discord(page)
    await frame.get_by_role("link").first.click()

    thread = page.get_by_label("Channels").get_by_role("button", name=world.SERIES)
    await expect(thread).to_have_attribute("aria-current", "page")
    await asyncio.wait_for(discord(page), 10)
    assert {url.split("/")[2] for url in asked if url.startswith("http")} <= {page.url.split("/")[2]}
