"""A scheme whose vehicles have not reported yet."""

from kvytok_browser import ADDRESS, browser, expect, expect_no_faults, open_page, sign_in

with browser() as chromium:
    page = open_page(chromium)
    sign_in(page, "dispatcher")
    page.goto(ADDRESS + "/console/fleet")
    expect(page.locator("#fleet-empty")).to_be_visible()
    expect(page.locator("#fleet-live")).to_have_attribute("data-state", "live")
    expect(page.locator("#fleet-list li")).to_have_count(0)
    expect_no_faults(page)
