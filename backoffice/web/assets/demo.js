// The page of the demonstration. The server sends the whole scene in words and figures whenever
// it changes; this draws it, and sends what is pressed. It decides nothing.

import { createFleetMap } from "./fleet-map.js";

const demo = document.getElementById("demo");
const notice = document.getElementById("demo-notice");
const byID = (id) => document.getElementById(id);
const retryDelay = 2_000;
const silenceLimit = 25_000;

let heardAt = performance.now();

// Small builder: an element with a class, a text and attributes.
function make(name, className, text = "", attributes = {}) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Screen, chips, buttons

const screenWidth = 800;
const box = byID("demo-screen-box");
if (box) {
  new ResizeObserver(([{ contentRect }]) => {
    byID("demo-screen").style.transform = `scale(${contentRect.width / screenWidth})`;
  }).observe(box);
}

function showVehicle(scene) {
  const { vehicle, card } = scene;
  setChip("chip-card", card.text, card.isBlocked ? "bad" : "plain");
  setChip("chip-network", vehicle?.network ?? "", vehicle?.hasNetwork ? "good" : "bad");
  setChip("chip-power", vehicle?.power ?? "", vehicle?.hasPower ? "good" : "bad");
  showNotice(vehicle ? null : "starting");
  // A page that was loaded before the demonstration ran has no screen yet.
  if (vehicle && !byID("demo-screen")) location.reload();
  for (const button of document.querySelectorAll("[data-deed]")) {
    const isAllowed = scene.allowed.includes(button.dataset.deed);
    button.setAttribute("aria-disabled", String(!isAllowed));
    const isBusy = scene.isBusy && scene.deeds[0]?.kind === button.dataset.deed;
    button.classList.toggle("is-busy", isBusy);
    button.setAttribute("aria-busy", String(isBusy));
  }
}

function setChip(id, text, state) {
  const chip = byID(id);
  setText(chip, text);
  chip.hidden = text === "";
  chip.dataset.state = state;
}

function showNotice(name) {
  const text = name ? notice.dataset[name] : "";
  setText(notice, text);
  notice.hidden = text === "";
}

async function press(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  for (const other of document.querySelectorAll("[data-deed]")) {
    other.setAttribute("aria-disabled", "true");
  }
  const answer = await fetch(`/demo/deeds/${button.dataset.deed}`, {
    method: "POST",
    body: new URLSearchParams({ form_code: demo.dataset.formCode }),
  }).catch(() => null);
  if (answer?.status === 401 || answer?.status === 403) location.reload();
  if (!answer) showNotice("lost");
}

for (const button of document.querySelectorAll("[data-deed]")) {
  button.addEventListener("click", () => press(button));
}

// Promised and seen

const deedList = byID("deeds");
let spoken = "";

function showDeeds(deeds) {
  byID("deeds-none").hidden = deeds.length > 0;
  const standing = new Map([...deedList.children].map((item) => [item.dataset.id, item]));
  for (const [place, deed] of deeds.entries()) {
    let item = standing.get(String(deed.id));
    standing.delete(String(deed.id));
    item ??= makeDeed(deed);
    if (deedList.children[place] !== item) deedList.insertBefore(item, deedList.children[place]);
    item.dataset.standing = deed.standing;
    setText(item.querySelector(".deed-name"), deed.title);
    setText(item.querySelector(".badge"), deed.standingText);
    setText(item.querySelector(".deed-seen"), deed.seen);
  }
  for (const item of standing.values()) item.remove();
  const newest = deeds[0];
  if (newest && newest.standing !== "under-way") {
    const words = `${newest.title}: ${newest.standingText}. ${newest.seen}`;
    if (words !== spoken) setText(byID("deeds-live"), words);
    spoken = words;
  }
}

function makeDeed(deed) {
  const item = make("li", "deed", "", { "data-id": deed.id, "data-kind": deed.kind });
  const title = make("h3", "deed-title");
  title.append(make("span", "deed-name", deed.title), " ", make("time", "", deed.time));
  const list = document.createElement("dl");
  list.append(
    make("dt", "", deedList.dataset.promised),
    make("dd", "deed-promised", deed.promised),
    make("dt", "", deedList.dataset.seen),
    make("dd", "deed-seen", deed.seen),
  );
  item.append(title, make("span", "badge", deed.standingText), list);
  return item;
}

// Follow this tap

// One axis for two milliseconds and for ten seconds: logarithmic beyond half a millisecond,
// nearly linear below, so that it begins at zero.
const axisUnit = 500;
const shortestAxis = 20_000_000;
let followed = null;

function placeOn(axisEnd, microseconds) {
  return (100 * Math.log1p(microseconds / axisUnit)) / Math.log1p(axisEnd / axisUnit);
}

function showTimeLine(line) {
  byID("follow-none").hidden = line !== undefined;
  byID("follow").hidden = line === undefined;
  if (!line) return;
  const reached = Math.max(...line.steps.map((step) => step.toMicroseconds ?? 0));
  if (followed?.tap !== line.tap) {
    followed = { tap: line.tap, fieldAt: performance.now() - reached / 1_000 };
  }
  followed.line = line;
  followed.reached = reached;
  followed.axisEnd = Math.max(shortestAxis, reached * 1.15);
  setText(byID("follow-which"), line.title);
  byID("follow").dataset.tap = line.tap;
  drawAxis(line);
  drawSteps(line);
  const link = byID("follow-charge");
  link.hidden = !line.chargeAddress;
  if (line.chargeAddress) {
    link.href = line.chargeAddress;
    setText(link, line.chargeText);
  }
}

function drawAxis(line) {
  const axis = byID("follow-axis");
  axis.replaceChildren(
    ...line.ticks.map((tick) => {
      const label = make("span", "", tick.label);
      label.style.left = `${placeOn(followed.axisEnd, tick.microseconds)}%`;
      return label;
    }),
  );
}

function drawSteps(line) {
  const list = byID("follow-steps");
  const items = [];
  let place = null;
  let isNextFound = false;
  for (const step of line.steps) {
    if (step.isOnVehicle !== place) {
      place = step.isOnVehicle;
      const name = place ? list.dataset.bus : list.dataset.office;
      items.push(make("li", "step-group", name));
    }
    const isDone = step.toMicroseconds !== undefined && step.toMicroseconds !== null;
    const isNext = !isDone && !isNextFound && !line.isOver;
    isNextFound ||= isNext;
    items.push(drawStep(step, line, isDone ? "done" : isNext ? "next" : "waiting"));
  }
  list.replaceChildren(...items);
}

function drawStep(step, line, state) {
  const item = make("li", "step", "", {
    "data-stage": step.stage,
    "data-place": step.isOnVehicle ? "vehicle" : "office",
    "data-state": state === "next" ? "next" : state === "done" ? "done" : "waiting",
    "data-accepted": String(line.isAccepted),
  });
  const head = make("div", "step-head");
  head.append(make("span", "step-label", step.label), make("p", "step-why", step.why));
  const track = make("div", "step-track", "", { "aria-hidden": "true" });
  for (const tick of line.ticks) {
    const mark = make("span", "step-tick");
    mark.style.left = `${placeOn(followed.axisEnd, tick.microseconds)}%`;
    track.append(mark);
  }
  const took = make("p", "step-took");
  if (state === "done") {
    const bar = make("span", "step-bar");
    place(bar, step.fromMicroseconds, step.toMicroseconds);
    track.append(bar);
    if (step.stage === "field") took.append(make("span", "step-at", step.at));
    else took.append(`+${step.took} `, make("span", "step-at", step.at));
  } else {
    if (state === "next") {
      const bar = make("span", "step-bar step-bar-live");
      place(bar, followed.reached, followed.reached);
      track.append(bar);
    }
    took.append(make("span", "step-at", step.at));
  }
  item.append(head, track, took);
  return item;
}

function place(bar, from, to) {
  const start = placeOn(followed.axisEnd, from);
  bar.style.left = `${Math.min(start, 99.4)}%`;
  bar.style.width = `${Math.max(placeOn(followed.axisEnd, to) - start, 0)}%`;
}

// The step under way grows until it is measured.
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
function grow() {
  const bar = document.querySelector(".step-bar-live");
  if (bar && followed && !isStill.matches) {
    const now = Math.min((performance.now() - followed.fieldAt) * 1_000, followed.axisEnd);
    place(bar, followed.reached, Math.max(now, followed.reached));
  }
  requestAnimationFrame(grow);
}
requestAnimationFrame(grow);

// The map, with the vehicle that is commanded here pointed out

const mapElement = byID("demo-map");
const fleetMap = createFleetMap(mapElement, {
  events: "/console/fleet/events",
  streets: "/console/fleet/streets.json",
  landscape: "/console/fleet/landscape.json",
  words: mapElement.dataset,
  onSelect: (vehicle) => {
    if (vehicle) location.href = `/console/fleet?vehicle=${encodeURIComponent(vehicle.id)}`;
  },
});

function pointOut() {
  if (!fleetMap.model.find(mapElement.dataset.vehicle)) return;
  fleetMap.model.removeEventListener("change", pointOut);
  fleetMap.select(mapElement.dataset.vehicle);
}
fleetMap.model.addEventListener("change", pointOut);

// The scene

function show(scene) {
  showVehicle(scene);
  showDeeds(scene.deeds);
  showTimeLine(scene.timeLine ?? undefined);
}

function listen() {
  const source = new EventSource("/demo/events");
  source.addEventListener("scene", (event) => {
    heardAt = performance.now();
    demo.dataset.live = "true";
    show(JSON.parse(event.data));
  });
  source.addEventListener("beat", () => {
    heardAt = performance.now();
  });
  source.addEventListener("error", () => {
    showNotice("lost");
    // A refused stream is closed for good; one that broke is taken up again by the browser.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, retryDelay);
  });
}

setInterval(() => {
  if (performance.now() - heardAt > silenceLimit) showNotice("lost");
}, 5_000);

// On a narrow screen this page's own name in the navigation lies beyond the edge.
document.querySelector(".sections [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center" });

show(JSON.parse(demo.dataset.scene));
listen();
