// The page of the fleet: the map, and beside it the same vehicles as a list for everybody who
// would rather read, search or use the keyboard.

import { createFleetMap } from "./fleet-map.js";
import { fillMarks, markIcon } from "./fleet-marks.js";
import { FleetModel, STATES, followFleet } from "./fleet-model.js";

const LIST_LIMIT = 120;
const LIST_PAUSE = 2_000;
const PANEL_PAUSE = 5_000;

const page = document.getElementById("fleet");
const words = JSON.parse(page.dataset.words);
const find = (id) => document.getElementById(id);
const say = (phrase, values) =>
  words[phrase].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const natural = new Intl.Collator(document.documentElement.lang, { numeric: true });

// As the style sheet has it: beside each other, or the panel over the lower half of the map.
const wide = matchMedia("(min-width: 60rem)");

const model = new FleetModel();
const filter = { states: new Set(STATES), routes: new Set(), text: "" };
const map = createFleetMap(find("fleet-map"), {
  model, words, streets: "/console/fleet/streets.json", landscape: "/console/fleet/landscape.json",
  tiles: page.dataset.tiles, attribution: page.dataset.attribution,
  covered: () =>
    wide.matches
      ? { right: 21 * 16 }
      : { bottom: find("fleet-map").clientHeight * 0.58 },
  onSelect: (vehicle) => choose(vehicle?.id ?? null, { fromMap: true }),
  onUnfollow: () => (find("fleet-follow").checked = false),
});
let chosen = null;

// MARK: Filters

function matches(vehicle) {
  if (!filter.states.has(vehicle.state)) return false;
  if (filter.routes.size > 0 && !filter.routes.has(vehicle.route)) return false;
  if (!filter.text) return true;
  return [vehicle.id, vehicle.routeName, vehicle.headsign].some((text) =>
    text?.toLocaleLowerCase().includes(filter.text),
  );
}

function filterChanged() {
  map.show(matches);
  map.highlight(filter.routes);
  renewList(true);
}

find("fleet-search").addEventListener("input", ({ target }) => {
  filter.text = target.value.trim().toLocaleLowerCase();
  filterChanged();
});

find("fleet-states").addEventListener("change", ({ target }) => {
  if (target.checked) filter.states.add(target.value);
  else filter.states.delete(target.value);
  filterChanged();
});

const routes = new Map();

function renewRoutes() {
  let hasNew = false;
  for (const { route, routeName, colour, text } of model.vehicles.values()) {
    if (!route || routes.has(route)) continue;
    routes.set(route, { name: routeName, colour, text });
    hasNew = true;
  }
  if (!hasNew) return;
  const sorted = [...routes].sort(([, a], [, b]) => natural.compare(a.name, b.name));
  const buttons = sorted.map(([route, { name, colour }]) => {
    const button = routeButton(name, filter.routes.has(route), () => toggleRoute(route));
    button.dataset.route = route;
    if (colour) button.append(colourStrip(colour));
    return button;
  });
  const all = routeButton(words.allRoutes, filter.routes.size === 0, () => toggleRoute(null));
  find("fleet-routes").replaceChildren(all, ...buttons);
}

function routeButton(name, isPressed, action) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "route-choice" });
  button.append(Object.assign(document.createElement("span"), { textContent: name }));
  button.setAttribute("aria-pressed", isPressed);
  button.addEventListener("click", action);
  return button;
}

// A style attribute would break the page's policy; a property set by script does not.
function colourStrip(colour) {
  const strip = document.createElement("span");
  strip.className = "route-strip";
  strip.style.backgroundColor = `#${colour}`;
  return strip;
}

function toggleRoute(route) {
  if (route === null) filter.routes.clear();
  else if (!filter.routes.delete(route)) filter.routes.add(route);
  for (const button of find("fleet-routes").children) {
    const own = button.dataset.route;
    button.setAttribute(
      "aria-pressed", own === undefined ? filter.routes.size === 0 : filter.routes.has(own),
    );
  }
  const names = [...filter.routes].map((id) => routes.get(id).name).sort(natural.compare);
  find("fleet-routes-chosen").textContent = names.join(", ");
  filterChanged();
}

// MARK: The list

// The most worrying first.
const urgency = new Map(
  ["off-route", "very-late", "silent", "late", "early", "unscheduled", "on-time"].map(
    (state, index) => [state, index],
  ),
);
const minutes = ({ state, delay }) =>
  state === "late" || state === "very-late" ? Math.floor(delay / 60) : 0;
const rows = new Map();
let isListDue = false;
let listRenewedAt = 0;

function renewList(isUrgent = false) {
  const rest = LIST_PAUSE - (performance.now() - listRenewedAt);
  if (!isUrgent && rest > 0) {
    if (!isListDue) setTimeout(() => renewList(true), rest);
    isListDue = true;
    return;
  }
  isListDue = false;
  listRenewedAt = performance.now();
  const all = [...model.vehicles.values()];
  const shown = all.filter(matches);
  renewCounts(all);
  shown.sort(
    (a, b) =>
      urgency.get(a.state) - urgency.get(b.state) ||
      minutes(b) - minutes(a) ||
      natural.compare(a.routeName ?? "\uffff", b.routeName ?? "\uffff") ||
      natural.compare(a.id, b.id),
  );
  const list = find("fleet-list");
  // Whoever reads or walks through the list must not have it pulled from under them.
  const isHeld = list.contains(document.activeElement) || list.matches(":hover");
  const listed = isHeld ? heldRows(shown) : shown.slice(0, LIST_LIMIT);
  const items = listed.map((vehicle) => renewRow(vehicle));
  const kept = new Set(items);
  for (const item of [...list.children]) if (!kept.has(item)) item.remove();
  items.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  find("fleet-shown").textContent = say("shown", { shown: shown.length, total: all.length });
  find("fleet-nothing").hidden = shown.length > 0 || all.length === 0;
  const surplus = shown.length - items.length;
  find("fleet-more").hidden = surplus <= 0;
  find("fleet-more").textContent = say("more", { count: surplus });
}

function heldRows(shown) {
  const numbers = new Set(shown.map(({ number }) => number));
  const standing = [...find("fleet-list").children]
    .map((item) => model.vehicles.get(Number(item.dataset.number)))
    .filter((vehicle) => vehicle && numbers.has(vehicle.number));
  const known = new Set(standing.map(({ number }) => number));
  const fresh = shown.filter(({ number }) => !known.has(number));
  return [...standing, ...fresh].slice(0, LIST_LIMIT);
}

function renewRow(vehicle) {
  let row = rows.get(vehicle.number);
  if (!row) {
    row = makeRow(vehicle);
    rows.set(vehicle.number, row);
  }
  const route = vehicle.routeName ?? "–";
  const standing = standingOf(vehicle);
  const name = say("vehicle", { vehicle: vehicle.id });
  const trouble = troubleOf(vehicle);
  const title = vehicle.headsign || name;
  const detail = [vehicle.headsign && name, trouble].filter(Boolean).join(" · ");
  const key = [vehicle.state, route, title, detail, standing, vehicle.attention].join("\n");
  if (row.key !== key) {
    row.key = key;
    row.mark.replaceChildren(markIcon(vehicle.state));
    row.button.className = `fleet-vehicle state-${vehicle.state}`;
    row.route.textContent = route;
    row.title.textContent = title;
    row.detail.textContent = detail;
    row.standing.textContent = standing;
    row.attention.hidden = !vehicle.attention;
  }
  row.button.setAttribute("aria-pressed", vehicle.id === chosen);
  return row.item;
}

function makeRow(vehicle) {
  const part = (name, className) =>
    Object.assign(document.createElement(name), { className });
  const row = {
    item: part("li", ""), button: part("button", "fleet-vehicle"), mark: part("span", "fleet-mark"),
    route: part("span", "route-sign"), title: part("span", "vehicle-title"),
    detail: part("span", "sub"), standing: part("span", "vehicle-delay"),
    attention: part("span", "vehicle-attention"), key: "",
  };
  row.item.dataset.number = vehicle.number;
  row.button.type = "button";
  row.attention.textContent = "!";
  row.attention.title = words.attention;
  const middle = part("span", "vehicle-words");
  middle.append(row.title, row.detail);
  row.button.append(row.mark, row.route, middle, row.attention, row.standing);
  row.button.addEventListener("click", () => choose(vehicle.id, { centre: true, focus: true }));
  row.item.append(row.button);
  return row;
}

// Minutes at the row's end, where there are any.
function standingOf({ state, delay }) {
  const count = Math.floor(Math.abs(delay ?? 0) / 60);
  switch (state) {
    case "early": return say("early", { count });
    case "late":
    case "very-late": return say("late", { count });
    case "on-time": return words.onTime;
    default: return "";
  }
}

// What is wrong when there are no minutes.
function troubleOf({ state, recordedAt }) {
  switch (state) {
    case "silent": return say("silent", { age: span((model.at - recordedAt) / 1_000) });
    case "off-route": return words.offRoute;
    case "unscheduled": return words.unscheduled;
    default: return "";
  }
}

function span(seconds) {
  if (seconds < 60) return say("seconds", { count: Math.max(0, Math.floor(seconds)) });
  if (seconds < 7_200) return say("minutes", { count: Math.floor(seconds / 60) });
  return say("hours", { count: Math.floor(seconds / 3_600) });
}

function renewCounts(vehicles) {
  const counts = new Map();
  for (const { state } of vehicles) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const place of document.querySelectorAll("[data-count]")) {
    const count = counts.get(place.dataset.count) ?? 0;
    place.textContent = count;
    place.parentElement.classList.toggle("is-none", count === 0);
  }
}

// MARK: The panel of one vehicle

const panel = find("fleet-panel");
let panelTimer = 0;
let opener = null;

async function choose(id, { centre = false, focus = false, fromMap = false } = {}) {
  chosen = id;
  if (!fromMap) map.select(id, { centre });
  const address = new URL(location);
  if (id === null) address.searchParams.delete("vehicle");
  else address.searchParams.set("vehicle", id);
  history.replaceState(null, "", address);
  clearInterval(panelTimer);
  renewList(true);
  if (id === null) {
    panel.hidden = true;
    return;
  }
  opener = document.activeElement;
  find("fleet-follow").checked = map.isFollowing;
  await renewPanel();
  panelTimer = setInterval(renewPanel, PANEL_PAUSE);
  if (focus) panel.focus({ preventScroll: false });
}

async function renewPanel() {
  const id = chosen;
  const answer = await fetch(`/console/fleet/vehicles/${encodeURIComponent(id)}`).catch(() => null);
  // Someone else may have been chosen meanwhile.
  if (!answer || chosen !== id) return;
  if (answer.status === 401) return location.reload();
  if (!answer.ok && answer.status !== 404) return;
  const html = await answer.text();
  if (chosen !== id) return;
  const next = new DOMParser().parseFromString(html, "text/html").body;
  fillMarks(next);
  const body = find("fleet-panel-body");
  if (body.innerHTML !== next.innerHTML) body.replaceChildren(...next.childNodes);
  panel.hidden = false;
}

function closePanel() {
  const row = [...rows.values()].find(({ button }) => button.ariaPressed === "true");
  choose(null);
  const target = opener?.isConnected ? opener : row?.button;
  (target ?? find("fleet-search")).focus();
}

find("fleet-close").addEventListener("click", closePanel);
find("fleet-follow").addEventListener("change", ({ target }) => map.follow(target.checked));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) closePanel();
});

// MARK: News

const badge = find("fleet-live");

function showConnection(state) {
  badge.dataset.state = state;
  find("fleet-live-text").textContent = badge.dataset[state];
  const isLost = state === "delayed" && model.at > 0;
  find("fleet-lost").hidden = !isLost;
  find("fleet-map").classList.toggle("is-lost", isLost);
  if (!isLost) return;
  const time = new Date(model.at).toLocaleTimeString(document.documentElement.lang);
  find("fleet-lost").textContent = say("lost", { time });
}

let hasOpenedAsked = false;

model.addEventListener("connection", ({ detail }) => showConnection(detail));
model.addEventListener("over", () => location.reload());
model.addEventListener("change", ({ detail }) => {
  find("fleet-empty").hidden = model.vehicles.size > 0;
  renewRoutes();
  for (const number of rows.keys()) if (!model.vehicles.has(number)) rows.delete(number);
  renewList(detail.isWhole);
  if (hasOpenedAsked) return;
  hasOpenedAsked = true;
  const asked = new URLSearchParams(location.search).get("vehicle");
  if (asked) choose(asked, { centre: true });
});

fillMarks(document);
map.show(matches);
const line = followFleet(model, "/console/fleet/events");
// For tests and benchmarks.
window.kvytokFleet = { map, model, line };
