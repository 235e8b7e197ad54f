"""axe-core on the map in both schemes, narrow and wide; and nothing may scroll sideways.

With KVYTOK_SCREENSHOTS=FOLDER in the environment, also pictures in each language.
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
        page.screenshot(path=f"{FOLDER}/{name}-{place}.png")


with browser() as chromium:
    for width, scheme, language in itertools.product(
        (360, 1440), ("light", "dark"), ("uk", "en") if FOLDER else ("uk",)
    ):
        place = f"{width}-{scheme}-{language}"
        page = open_page(chromium, width=width, scheme=scheme, locale=language)
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        sign_in(page)
        page.goto(ADDRESS + "/console/fleet")
        expect(page.locator("#fleet-live")).to_have_attribute("data-state", "live")
        expect(page.locator(".fleet-vehicle").first).to_be_visible()
        page.wait_for_function("window.kvytokFleet.map.streets.bounds !== null")
        check(page, "fleet", place)
        page.locator(".fleet-vehicle.state-very-late").first.click()
        expect(page.locator("#fleet-panel")).to_be_visible()
        check(page, "fleet-vehicle", place)
        expect_no_faults(page)
        page.context.close()
