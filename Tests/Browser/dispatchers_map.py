"""A dispatcher's minutes at the map: watch, search, filter, choose, follow, lose the line."""

from kvytok_browser import (
    ADDRESS,
    ask_and_wait,
    browser,
    expect,
    expect_no_faults,
    open_page,
    sign_in,
)

PLACE = """(id) => {
  const { map, model } = window.kvytokFleet;
  const motion = map.motions.get(model.find(id).number);
  return [motion.x, motion.y];
}"""

with browser() as chromium:
    page = open_page(chromium, width=1440)
    sign_in(page, "dispatcher")
    page.get_by_role("link", name="Map").click()
    expect(page.locator("#fleet-live")).to_have_attribute("data-state", "live")
    expect(page.locator("#fleet-shown")).to_contain_text("240")

    # Vehicles glide: the place that is drawn changes between two reports, by little.
    before = page.evaluate(PLACE, "1001")
    page.wait_for_function(
        "([id, place]) => { const { map, model } = window.kvytokFleet;"
        " const motion = map.motions.get(model.find(id).number);"
        " return motion.isMoving && motion.x !== place[0]; }",
        arg=["1001", before],
    )
    after = page.evaluate(PLACE, "1001")
    assert abs(after[0] - before[0]) < 1e-5, f"a teleport from {before} to {after}"

    # Search finds by number; the list is a list of buttons, and a button opens the panel.
    page.locator("#fleet-search").fill("1042")
    expect(page.locator(".fleet-vehicle")).to_have_count(1)
    page.keyboard.press("Tab")
    page.locator(".fleet-vehicle").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fleet-panel-title")).to_have_text("Vehicle 1042")
    expect(page.locator("#fleet-panel")).to_be_focused()
    expect(page.locator("#vehicle-devices")).to_contain_text("v-1042")
    assert "vehicle=1042" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#fleet-panel")).to_be_hidden()
    expect(page.locator(".fleet-vehicle")).to_be_focused()
    page.locator("#fleet-search").fill("")

    # The legend filters.
    page.locator("#fleet-states input[value='on-time']").uncheck()
    page.mouse.move(900, 500)
    expect(page.locator(".fleet-vehicle.state-on-time")).to_have_count(0)
    page.locator("#fleet-states input[value='on-time']").check()

    # So do routes.
    page.locator(".fleet-routes summary").click()
    page.get_by_role("button", name="32А", exact=True).click()
    expect(page.locator(".fleet-vehicle .route-sign").first).to_have_text("32А")
    shown = page.locator("#fleet-shown").text_content()
    assert int(shown.split()[1]) < 40, shown
    page.get_by_role("button", name="All", exact=True).click()

    # Pointing at a vehicle on the map opens the same panel.
    spot = page.evaluate("""() => {
      const { map, model } = window.kvytokFleet;
      map.select("1003", { centre: true });
      const vehicle = model.find("1003");
      const point = map.map.latLngToContainerPoint([vehicle.latitude, vehicle.longitude]);
      const box = map.element.getBoundingClientRect();
      return [box.x + point.x, box.y + point.y];
    }""")
    page.wait_for_function("!window.kvytokFleet.map.stage.isZooming")
    spot = page.evaluate("""() => {
      const { map, model } = window.kvytokFleet;
      const vehicle = model.find("1003");
      const point = map.map.latLngToContainerPoint([vehicle.latitude, vehicle.longitude]);
      const box = map.element.getBoundingClientRect();
      return [box.x + point.x, box.y + point.y];
    }""")
    page.mouse.click(*spot)
    expect(page.locator("#fleet-panel-title")).to_contain_text("Vehicle 1")

    # An address names a vehicle, so that pages can lead here.
    page.goto(ADDRESS + "/console/fleet?vehicle=1007")
    expect(page.locator("#fleet-panel-title")).to_have_text("Vehicle 1007")
    expect_no_faults(page)

    # Vehicles that say nothing any more are told apart; when they speak again, so is that.
    ask_and_wait("silence")
    expect(page.locator("[data-count='silent']")).to_have_text("240", timeout=60_000)
    ask_and_wait("traffic")
    expect(page.locator("[data-count='silent']")).not_to_have_text("240", timeout=20_000)

    # The line is lost: what is shown is marked as old. It comes back by itself.
    page.route("**/fleet/events", lambda route: route.abort())
    page.evaluate("window.kvytokFleet.line.hangUp()")
    expect(page.locator("#fleet-lost")).to_be_visible(timeout=40_000)
    page.unroute("**/fleet/events")
    expect(page.locator("#fleet-live")).to_have_attribute("data-state", "live", timeout=40_000)
    expect(page.locator("#fleet-lost")).to_be_hidden()
