"""Says when each charge shows on Today, in milliseconds since 1970, for whoever taps."""

import sys
import time

from kvytok_browser import ask, ask_and_wait, browser, expect, open_page, sign_in

with browser() as chromium:
    page = open_page(chromium)
    sign_in(page, "demo")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    before = int(page.locator("#figure-charges").inner_text())
    for number in range(1, int(sys.argv[2]) + 1):
        ask_and_wait("tap")
        expect(page.locator("#figure-charges")).to_have_text(str(before + number))
        ask(f"seen {time.time() * 1000:.0f}")
