"""Every button of /demo, pressed as a person does; the Swift test asks the database whether what
the page says is so. Then axe-core on the page as it stands, in both schemes, narrow and wide."""

import json
import re

from axe_playwright_python.sync_playwright import Axe
from kvytok_browser import (
    ADDRESS, PASSWORD, ask_and_wait, browser, expect, expect_no_faults, open_page,
)

WORST = {"serious", "critical"}


def enter(page):
    page.goto(ADDRESS + "/demo")
    page.locator("#name").fill("demo")
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("#demo")).to_have_attribute("data-live", "true")


def press(page, kind, pattern, limit=60_000):
    """Presses a button, waits for the end of the deed, and lets the Swift test judge."""
    expect(page.locator(f"#deed-{kind}")).to_have_attribute("aria-disabled", "false")
    before = page.locator(".deed").first.get_attribute("data-id") if page.locator(
        ".deed").count() else None
    page.locator(f"#deed-{kind}").click()
    page.wait_for_function(
        """before => {
            const deed = document.querySelector('.deed');
            return deed && deed.dataset.id !== before && deed.dataset.standing !== 'under-way';
        }""",
        arg=before, timeout=limit)
    deed = page.locator(".deed").first
    seen = deed.locator(".deed-seen").text_content()
    assert deed.get_attribute("data-standing") == "kept", f"{kind}: {seen}"
    assert re.fullmatch(pattern, seen), f"{kind} says: {seen}"
    ask_and_wait(json.dumps(
        {"deed": kind, "tap": page.locator("#follow").get_attribute("data-tap")}))
    return seen


def expect_no_serious_fault(page, place):
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"/demo, {place} scrolls sideways by {wide} pixels"
    for fault in Axe().run(page).response["violations"]:
        if fault["impact"] in WORST:
            nodes = [node["html"] for node in fault["nodes"]][:3]
            raise AssertionError(f"/demo, {place}: {fault['id']}: {fault['help']}: {nodes}")


SPAN = r"[\d.]+ m?s"
AGREED = r"0 lost, 0 doubled, books agree\."
ARRIVED = rf"{AGREED} The last arrived after {SPAN}\."

with browser() as chromium:
    page = open_page(chromium, width=1440)
    enter(page)
    for kind in ("block", "tap-blocked", "unblock", "tap-dark", "restore-network"):
        expect(page.locator(f"#deed-{kind}")).to_have_attribute("aria-disabled", "true")
    screen = page.frame_locator("#demo-screen")

    press(page, "tap", rf"Green after {SPAN}; on disk after {SPAN}\.")
    expect(screen.locator("body")).to_have_attribute("data-look", "accepted")

    # The followed tap goes all the way, step by step, and every step is measured.
    steps = page.locator(".step")
    expect(steps).to_have_count(9)
    expect(page.locator(".step[data-state=done]")).to_have_count(9, timeout=40_000)
    expect(page.locator("#follow-charge")).to_be_visible()
    ask_and_wait(json.dumps(
        {"deed": "followed", "tap": page.locator("#follow").get_attribute("data-tap")}))

    press(page, "block", rf"Refused {SPAN} after the block; \d+ taps? until then\.")
    expect(screen.locator("body")).to_have_attribute("data-look", "refused")
    press(page, "tap-blocked", rf"Red: blocked after {SPAN}; on disk after {SPAN}\.")
    press(page, "unblock", rf"No longer blocked {SPAN} after the click: .+\.")

    press(page, "cut-network", r"\d+ connections? died, new ones are refused\..*")
    press(page, "tap-dark", rf"17 of 17 green, the slowest after {SPAN}; "
          r"17 wait on disk, 0 are in the back office\.")
    press(page, "restore-network", rf"17 taps waited, {ARRIVED}")

    # Without network and power at once: nothing that showed green may be forgotten.
    press(page, "cut-network", r".*")
    press(page, "tap-dark", r"17 of 17 green.*")
    press(page, "cut-power", r"Process \d+ was killed \(kill -9\)\. The journal on disk is sound; "
          r"17 taps wait to be sent\.")
    expect(screen.locator("body")).to_have_attribute("data-look", "fault")
    press(page, "restore-power", rf"First answer {SPAN} after the switch \(green\)\. "
          r"1[89] taps still wait for the network\.")
    expect(screen.locator("body")).not_to_have_attribute("data-look", "fault", timeout=30_000)
    press(page, "restore-network", rf"1[89] taps waited, {ARRIVED}")

    # The power alone.
    press(page, "cut-power", r".* is sound; 0 taps wait to be sent\.")
    press(page, "restore-power", rf"First answer {SPAN} after the switch \(green\)\. "
          rf"0 taps waited, {AGREED}")

    # The browser calls a dead display's connection an error, which here is the point.
    page.faults = [fault for fault in page.faults if "net::ERR" not in fault]
    expect_no_faults(page)
    for width in (360, 1440):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect_no_serious_fault(page, f"{width}-{scheme}")
    page.get_by_role("button", name="Українська").click()
    expect(page.locator("h1")).to_have_text("Побачте на власні очі")
    assert page.url.endswith("/demo"), page.url
