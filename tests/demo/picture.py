"""The README's picture, made with the real bot: `python -m tests.demo.picture`."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import expect

import demo
from tests.demo.browser import browser_page, discord

PICTURE = Path(__file__).parents[2] / "docs" / "demo.png"


async def take() -> None:
    """Hand the sample in, press Submit, and keep the moment in which the author is told when and why."""
    with tempfile.TemporaryDirectory() as profile:
        async with demo.open_demo(port=0) as opened, browser_page(opened.url, Path(profile)) as (page, _):
            await discord(page)
            await page.get_by_role("button", name="Or hand it in for me").click()
            await expect(page.locator("#guide li.done")).to_have_count(1)
            frame = await discord(page)
            await frame.get_by_role("button", name="Submit", exact=True).click()
            await expect(page.locator("#guide li.done")).to_have_count(2)
            await frame.get_by_role("button", name="Withdraw").wait_for()
            await page.mouse.move(1, 1)
            await page.get_by_role("heading", name="Colophon the demo").click()
            await discord(page)
            await page.screenshot(path=PICTURE)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    asyncio.run(take())
