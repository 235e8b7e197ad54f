"""What the browser scripts share: one Chromium, waits without sleeping, plain failures."""

import contextlib
import os
import sys

from playwright.sync_api import expect, sync_playwright

ADDRESS = sys.argv[1]
PASSWORD = os.environ["KVYTOK_PASSWORD"]

# A bound for what hangs, no measure: other tests may have the machine.
expect.set_options(timeout=30_000)


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["KVYTOK_CHROMIUM"], args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


def open_page(chromium, width=1280, height=900, scheme="light", locale="en-GB"):
    """A page of a fresh browser profile. Anything that the page's own console calls an error,
    a blocked inline script for instance, fails the test."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "console",
        lambda message: page.faults.append(message.text) if message.type == "error" else None,
    )
    return page


def sign_in(page, name="accountant"):
    page.goto(ADDRESS + "/console")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("#figures")).to_be_visible()


def expect_no_faults(page):
    assert not page.faults, f"the browser complains: {page.faults}"


def ask(what):
    """Asks the Swift test to let something happen."""
    print(what, flush=True)


def ask_and_wait(what):
    """Asks the Swift test to let something happen, and goes on when it has."""
    ask(what)
    assert sys.stdin.readline(), f"nobody answered: {what}"
