"""A card on a real reader becomes an explained charge on the accountant's page."""

from kvytok_browser import ask_and_wait, browser, expect, expect_no_faults, open_page, sign_in

with browser() as chromium:
    page = open_page(chromium)
    sign_in(page, "demo")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    ask_and_wait("tap")
    expect(page.locator("#figure-charges")).to_have_text("1")
    expect(page.locator("#figure-revenue")).to_have_text("UAH\u00a015.00")
    page.locator("#latest a").first.click()
    expect(page.locator(".amount")).to_have_text("UAH\u00a015.00")
    for text in ["60-minute single ticket", "tram-101", "demo-town"]:
        expect(page.get_by_text(text).first).to_be_visible()
    address = page.url

    # The same card on another line within the hour: free, and the page says why.
    ask_and_wait("transfer")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Free transfer")
    expect_no_faults(page)
