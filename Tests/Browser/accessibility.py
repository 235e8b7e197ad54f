"""axe-core on every page, in both schemes, narrow and wide; and nothing may scroll sideways.

With KVYTOK_SCREENSHOTS=FOLDER in the environment, also a picture of each page in each language.
"""

import itertools
import os

from axe_playwright_python.sync_playwright import Axe
from kvytok_browser import ADDRESS, browser, expect, expect_no_faults, open_page, sign_in

WORST = {"serious", "critical"}
FOLDER = os.environ.get("KVYTOK_SCREENSHOTS")


def check(page, name, place):
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, f"{name}, {place} scrolls sideways by {wide} pixels"
    for fault in Axe().run(page).response["violations"]:
        if fault["impact"] in WORST:
            nodes = [node["html"] for node in fault["nodes"]][:3]
            raise AssertionError(f"{name}, {place}: {fault['id']}: {fault['help']}: {nodes}")
    if FOLDER:
        page.screenshot(path=f"{FOLDER}/{name}-{place}.png", full_page=True)


with browser() as chromium:
    for width, scheme, language in itertools.product(
        (360, 1440), ("light", "dark"), ("uk", "en") if FOLDER else ("uk",)
    ):
        place = f"{width}-{scheme}-{language}"
        page = open_page(chromium, width=width, scheme=scheme, locale=language)
        # The checks look at the page at rest, not at a colour half way through an animation.
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        page.goto(ADDRESS + "/console/sign-in")
        check(page, "sign-in", place)
        sign_in(page)
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        check(page, "today", place)
        charge = page.locator("#latest a").first.get_attribute("href")
        for name, path in (
            ("charges", "/console/charges"),
            ("charge", charge),
            ("unpriced-taps", "/console/unpriced-taps"),
            ("refusals", "/console/refusals"),
        ):
            page.goto(ADDRESS + path)
            check(page, name, place)
        expect_no_faults(page)
        page.goto(ADDRESS + "/console/nowhere")
        check(page, "missing", place)
        page.context.close()
