"""From the sign-in to an opened charge without a pointer."""

from kvytok_browser import ADDRESS, PASSWORD, browser, expect, expect_no_faults, open_page


def focus(page):
    return page.evaluate(
        """() => {
            const element = document.activeElement;
            return element.id || element.textContent.trim() || element.name || element.localName;
        }"""
    )


def tab_to(page, wanted, limit=40):
    """Presses Tab until the element with this text or id has the focus."""
    seen = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        seen.append(focus(page))
        if seen[-1] == wanted:
            outline = page.evaluate(
                """() => {
                    const element = document.activeElement;
                    const drawn = (style) => style.outlineStyle !== "none";
                    return drawn(getComputedStyle(element))
                        || drawn(getComputedStyle(element, "::after"));
                }"""
            )
            assert outline, f"the focus on {wanted} cannot be seen"
            return
    raise AssertionError(f"Tab does not reach {wanted}; it went over {seen}")


with browser() as chromium:
    page = open_page(chromium)
    page.goto(ADDRESS + "/console")
    page.keyboard.press("Tab")
    assert focus(page) == "Skip to content", focus(page)
    tab_to(page, "name")
    page.keyboard.type("accountant")
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Today")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#content"), "the skip link leads into the page"

    page.goto(ADDRESS + "/console/today")
    tab_to(page, "Charges")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Charges")
    time = page.locator(".list .when a").first.text_content()
    tab_to(page, time)
    page.keyboard.press("Enter")
    expect(page.locator(".amount")).to_have_text("UAH\u00a015.00")
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.locator("#password")).to_be_visible()
    expect_no_faults(page)
