"""Sign in, watch a charge arrive, open it, switch the language, sign out."""

from kvytok_browser import ADDRESS, ask, browser, expect, expect_no_faults, open_page, sign_in

with browser() as chromium:
    page = open_page(chromium)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Today")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.get_by_text("All quiet so far")).to_be_visible()
    expect(page.locator("#figure-charges")).to_have_text("0")

    # A mark on the document proves that what follows comes without a reload.
    page.evaluate("document.documentElement.dataset.mark = 'same page'")
    ask("charge")
    expect(page.locator("#figure-charges")).to_have_text("1")
    expect(page.locator("#figure-revenue")).to_have_text("UAH\u00a015.00")
    expect(page.locator("#latest tr")).to_have_count(1)
    expect(page.get_by_text("All quiet so far")).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.mark") == "same page"

    page.locator("#latest a").click()
    expect(page.locator(".amount")).to_have_text("UAH\u00a015.00")
    for text in ["Fare for the ride: Разовий квиток", "Route 12", "demo-town", "2026-11"]:
        expect(page.get_by_text(text).first).to_be_visible()

    address = page.url
    page.get_by_role("button", name="Українська").click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert page.url == address, "the language switch comes back to the same page"
    expect(page.locator(".amount")).to_have_text("15,00\u00a0₴")
    expect(page.get_by_text("Вартість поїздки: Разовий квиток")).to_be_visible()

    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_text("Ви вийшли")).to_be_visible()
    page.goto(address)
    expect(page.locator("#password")).to_be_visible()
    expect_no_faults(page)
    assert ADDRESS in page.url
