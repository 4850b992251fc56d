"""Debian's own Chromium, driven by Playwright, on loopback alone."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import FrameLocator, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTH, HEIGHT = 1400, 900
READY = """() => {
    const frames = document.querySelectorAll("#frame iframe");
    return frames.length === 1 && frames[0].contentWindow.simcordPreview?.ready
        && document.getElementById("frame").getAttribute("aria-busy") === "false";
}"""


@asynccontextmanager
async def browser_page(url: str, profile: Path) -> AsyncIterator[tuple[Page, list[str]]]:
    """The page in a browser that has never seen anything, and what its script complained of."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=FLAGS, viewport={"width": WIDTH, "height": HEIGHT}
        )
        page = browser.pages[0]
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        yield page, complaints
        await browser.close()


async def discord(page: Page) -> FrameLocator:
    """The simulated Discord, once it is drawn."""
    await page.wait_for_function(READY)
    return page.frame_locator("#frame iframe")
