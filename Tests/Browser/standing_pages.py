"""Keeps the map and Today open while something else is measured."""

import sys

from kvytok_browser import (
    ADDRESS, ask_and_wait, browser, expect, expect_no_faults, open_page, sign_in
)

with browser() as chromium:
    today = open_page(chromium)
    sign_in(today, sys.argv[2])
    expect(today.locator("#live")).to_have_attribute("data-state", "live")
    fleet = open_page(chromium)
    sign_in(fleet, sys.argv[2])
    fleet.goto(ADDRESS + "/console/fleet")
    expect(fleet.locator("#fleet-live")).to_have_attribute("data-state", "live")
    ask_and_wait("open")
    for page, line in ((today, "#live"), (fleet, "#fleet-live")):
        expect(page.locator(line)).to_have_attribute("data-state", "live")
        expect_no_faults(page)
