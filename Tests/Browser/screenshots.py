"""Photographs the running demonstration; `make screenshots` starts it.

usage: screenshots.py CONSOLE DISPLAY FOLDER README-FOLDER
"""

import base64
import itertools
import os
import sys

from kvytok_browser import ADDRESS, PASSWORD, browser, expect, open_page

DISPLAY, FOLDER, README = sys.argv[2:5]
WIDTHS = {360: 780, 1440: 960}
BYTE_LIMIT = 150 * 1024
# What the README shows: page, width, scheme, language.
CHOSEN = {
    ("demo", 1440, "light", "en"), ("demo", 1440, "dark", "uk"), ("map", 1440, "light", "en"),
    ("today", 360, "light", "uk"), ("charge", 360, "dark", "uk"),
}


def sign_in(page):
    page.goto(ADDRESS + "/console/sign-in")
    page.locator("#name").fill("demo")
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("#figures")).to_be_visible()


def press(page, deed):
    """Presses a button of /demo and waits for the end of the deed."""
    expect(page.locator(f"#deed-{deed}")).to_have_attribute(
        "aria-disabled", "false", timeout=60_000)
    deeds = page.locator(".deed")
    before = deeds.first.get_attribute("data-id") if deeds.count() else None
    page.locator(f"#deed-{deed}").click()
    page.wait_for_function(
        """before => {
            const deed = document.querySelector('.deed');
            return deed && deed.dataset.id !== before && deed.dataset.standing !== 'under-way';
        }""",
        arg=before, timeout=120_000)
    seen = deeds.first.locator(".deed-seen").text_content()
    assert deeds.first.get_attribute("data-standing") != "failed", f"{deed}: {seen}"


def open_demo(page):
    page.goto(ADDRESS + "/demo")
    expect(page.locator("#demo")).to_have_attribute("data-live", "true")


STORY = ("tap", "block", "unblock", "cut-network", "tap-dark", "restore-network")


def show_demo(page):
    """A green screen, and a tap that has just been charged."""
    open_demo(page)
    # What happened before must not look like nothing but taps.
    if page.locator(".deed").nth(1).get_attribute("data-kind") == "tap":
        for deed in STORY[3:]:
            press(page, deed)
    stretch(page)
    press(page, "tap")
    expect(page.locator(".step[data-stage=charged][data-state=done]")).to_be_visible(
        timeout=20_000)
    page.mouse.move(0, 0)


def stretch(page):
    """Makes the window as high as the page: frames of other origins are not painted beyond it."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})


def show_today(page):
    page.goto(ADDRESS + "/console/today")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.locator("#latest tr").first).to_be_visible(timeout=60_000)


def show_charge(page):
    show_today(page)
    page.goto(ADDRESS + page.locator("#latest a").first.get_attribute("href"))
    expect(page.locator(".amount")).to_be_visible()


def show_map(page):
    page.goto(ADDRESS + "/console/fleet")
    expect(page.locator("canvas").first).to_be_visible(timeout=30_000)
    # Until vehicles have been drawn and have moved.
    page.wait_for_timeout(4_000)


def show_display(page):
    page.goto(DISPLAY)
    expect(page.locator("body")).not_to_have_attribute("data-look", "starting")


PAGES = {
    "map": show_map, "today": show_today, "charge": show_charge, "display": show_display,
    "demo": show_demo,
}


def save_small(page, png, path):
    """Saves as WebP, made by the browser itself, of at most so many bytes."""
    encoded = base64.b64encode(png).decode()
    for quality in (0.9, 0.82, 0.74, 0.66):
        data = page.evaluate(
            """async ([png, quality]) => {
                const image = new Image();
                image.src = `data:image/png;base64,${png}`;
                await image.decode();
                const canvas = document.createElement("canvas");
                canvas.width = image.width;
                canvas.height = image.height;
                canvas.getContext("2d").drawImage(image, 0, 0);
                return canvas.toDataURL("image/webp", quality).split(",")[1];
            }""",
            [encoded, quality])
        picture = base64.b64decode(data)
        if len(picture) <= BYTE_LIMIT:
            break
    assert len(picture) <= BYTE_LIMIT, f"{path} has {len(picture)} bytes"
    with open(path, "wb") as file:
        file.write(picture)


with browser() as chromium:
    stage = open_page(chromium, width=1440)
    sign_in(stage)
    # A map before its first release is no reason to have no pictures of the rest.
    has_map = stage.request.get(ADDRESS + "/console/fleet").ok
    open_demo(stage)
    for deed in STORY:
        press(stage, deed)
    blank = chromium.new_page()
    for width, scheme, language in itertools.product(WIDTHS, ("light", "dark"), ("uk", "en")):
        page = open_page(
            chromium, width=width, height=WIDTHS[width], scheme=scheme, locale=language)
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
        sign_in(page)
        for name, show in PAGES.items():
            if name == "map" and not has_map:
                continue
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            show(page)
            title = f"{name}-{width}-{scheme}-{language}"
            page.screenshot(
                path=os.path.join(FOLDER, f"{title}.png"),
                full_page=name not in ("map", "display"))
            if (name, width, scheme, language) in CHOSEN:
                top = {"x": 0, "y": 0, "width": width, "height": WIDTHS[width]}
                save_small(
                    blank, page.screenshot(clip=top), os.path.join(README, f"{title}.webp"))
        page.context.close()
        print(f"screenshots: {width} pixels, {scheme}, {language}", flush=True)
