// A map of the fleet for any page: Leaflet for panning and zooming, canvases of our own for
// streets and vehicles.

import { DomUtil, Layer, latLngBounds, control, map as makeMap, tileLayer } from "./leaflet.esm.min.js";
import { LabelPainter, MarkPainter } from "./fleet-marks.js";
import { FleetModel, STATES, followFleet } from "./fleet-model.js";
import { Motion } from "./fleet-motion.js";
import { Landscape, drawLandscape, drawNames } from "./fleet-landscape.js";
import { Streets, drawStreets } from "./fleet-streets.js";

const TILE = 256;
// How far beyond the edges streets are drawn, in parts of the map, so that dragging shows some.
const MARGIN = 0.3;
const LABELS_FROM_ZOOM = 14;
const HIT_RADIUS = 16;

/**
 * Makes a map in an element and keeps it current.
 *
 * - `model`: a FleetModel to show; without one, a model of the map's own follows `events`.
 * - `events`, `streets`: addresses of the stream and of the streets' JSON.
 * - `landscape`: address of GeoJSON to draw below the streets, optional.
 * - `tiles`, `attribution`: map pictures below everything, optional.
 * - `words`: `zoomIn`, `zoomOut` and `whole` for the buttons.
 * - `covered`: answers how many pixels at the `right` and `bottom` something lies over the map.
 * - `onSelect`: told a vehicle when someone points at it, and null when at none.
 *
 * Answers an object with `model`, `map` (Leaflet's), `select(id, {centre})`, `follow(isOn)`,
 * `show(filter)`, `highlight(routes)`, `fit()` and `remove()`.
 */
export function createFleetMap(element, options = {}) {
  return new FleetMap(element, options);
}

class FleetMap {
  constructor(element, options) {
    const words = options.words ?? {};
    this.element = element;
    this.options = options;
    this.model = options.model ?? new FleetModel();
    this.filter = () => true;
    this.selected = null;
    this.isFollowing = false;
    this.hasFitted = false;
    this.motions = new Map();
    this.order = [];
    this.labelled = new Set();
    this.highlighted = new Set();
    this.streets = new Streets({ lines: [], stops: [] });
    this.landscape = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.map = makeMap(element, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 3, maxZoom: 19,
      center: [48.5, 31.2], zoom: 6, boxZoom: true, fadeAnimation: false,
    });
    control.zoom({
      position: "topleft", zoomInTitle: words.zoomIn ?? "Zoom in",
      zoomOutTitle: words.zoomOut ?? "Zoom out",
    }).addTo(this.map);
    this.#addWholeButton(words.whole ?? "Show all");
    if (options.tiles) {
      control.attribution({ prefix: false }).addTo(this.map);
      tileLayer(options.tiles, { maxZoom: 19, attribution: escape(options.attribution ?? "") })
        .addTo(this.map);
    }
    this.#readLook();
    this.ground = new CanvasLayer(MARGIN, (canvas) => this.#drawStreets(canvas)).addTo(this.map);
    this.stage = new CanvasLayer(0, (canvas) => this.#drawVehicles(canvas)).addTo(this.map);
    this.#listen();
    if (!options.model && options.events) {
      this.line = followFleet(this.model, options.events);
    }
    this.#takeMoves([...this.model.vehicles.values()]);
    if (this.model.streetsVersion !== null) this.#loadStreets();
    if (options.landscape) this.#loadLandscape();
    this.#schedule();
  }

  // MARK: What pages ask for

  select(id, { centre = false } = {}) {
    const vehicle = id === null ? null : this.model.find(id);
    this.selected = vehicle?.number ?? null;
    if (!vehicle) this.isFollowing = false;
    if (vehicle && centre) {
      const zoom = Math.max(this.map.getZoom(), 14);
      this.map.setView(this.#uncovered(vehicle, zoom), zoom, { animate: !this.calm.matches });
    }
    this.#arrange();
    this.#highlightSelected();
  }

  follow(isOn) {
    this.isFollowing = isOn;
    this.#centreOnFollowed();
  }

  // Only vehicles for which `filter` answers true are shown.
  show(filter) {
    this.filter = filter;
    this.#arrange();
  }

  // Draws the lines of some routes in their colours.
  highlight(routes) {
    this.chosenRoutes = new Set(routes);
    this.#highlightSelected();
  }

  fit() {
    const bounds = this.#boundsOfEverything();
    if (bounds) this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 15 });
  }

  remove() {
    this.isRemoved = true;
    this.line?.stop();
    this.resizes.disconnect();
    this.map.remove();
  }

  // How many frames a second were drawn lately: for whoever measures.
  frames = { count: 0, drawMilliseconds: 0 };

  // MARK: What happens

  #listen() {
    this.model.addEventListener("change", ({ detail }) => {
      this.#takeMoves(detail.moved, detail.isWhole);
      if (!this.hasFitted && this.model.vehicles.size > 0) this.#fitOnce();
    });
    this.model.addEventListener("streets", () => this.#loadStreets());
    this.map.on("click", ({ containerPoint }) => {
      const vehicle = this.#vehicleAt(containerPoint);
      this.select(vehicle?.id ?? null);
      this.options.onSelect?.(vehicle);
    });
    this.map.on("mousemove", ({ containerPoint }) => {
      this.element.classList.toggle("is-pointing", this.#vehicleAt(containerPoint) !== null);
    });
    this.map.on("dragstart", () => {
      this.isFollowing = false;
      this.options.onUnfollow?.();
    });
    this.map.on("zoomend moveend", () => this.#arrange());
    const recolour = () => {
      this.#readLook();
      this.ground.redraw();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    this.resizes = new ResizeObserver(() => this.map.invalidateSize({ pan: false }));
    this.resizes.observe(this.element);
    document.fonts?.ready.then(recolour);
  }

  #takeMoves(vehicles, isWhole = false) {
    const now = performance.now();
    const isCalm = this.calm.matches || document.hidden;
    for (const vehicle of vehicles) {
      const motion = this.motions.get(vehicle.number);
      if (motion) motion.report(vehicle, now, isCalm);
      else this.motions.set(vehicle.number, new Motion(vehicle, now));
    }
    if (isWhole) {
      for (const number of this.motions.keys()) {
        if (!this.model.vehicles.has(number)) this.motions.delete(number);
      }
    }
    this.#arrange();
    this.#centreOnFollowed();
  }

  async #loadStreets() {
    if (!this.options.streets || this.model.streetsVersion === null) return;
    const answer = await fetch(this.options.streets).catch(() => null);
    if (!answer?.ok || this.isRemoved) return;
    this.streets = new Streets(await answer.json());
    this.ground.redraw();
    if (!this.hasFitted) this.#fitOnce();
  }

  async #loadLandscape() {
    const answer = await fetch(this.options.landscape).catch(() => null);
    // Nothing is a good answer: not every city has drawn one.
    if (answer?.status !== 200 || this.isRemoved) return;
    this.landscape = new Landscape(await answer.json(), document.documentElement.lang);
    this.ground.redraw();
  }

  #fitOnce() {
    // Streets say more about the city than the first vehicles do; wait for them if they come.
    if (this.model.streetsVersion !== null && this.options.streets && !this.streets.bounds) return;
    if (!this.#boundsOfEverything()) return;
    this.hasFitted = true;
    this.map.fitBounds(this.#boundsOfEverything(), {
      padding: [24, 24], maxZoom: 15, animate: false,
    });
  }

  #boundsOfEverything() {
    if (this.streets.bounds) {
      const [west, north, east, south] = this.streets.bounds;
      return latLngBounds(geographic(west, south), geographic(east, north));
    }
    const places = [...this.model.vehicles.values()].map((vehicle) => [
      vehicle.latitude, vehicle.longitude,
    ]);
    return places.length > 0 ? latLngBounds(places) : null;
  }

  #centreOnFollowed() {
    if (!this.isFollowing || this.selected === null) return;
    const vehicle = this.model.vehicles.get(this.selected);
    if (!vehicle) return;
    this.map.panTo(this.#uncovered(vehicle, this.map.getZoom()), {
      animate: !this.calm.matches, duration: 1, easeLinearity: 1,
    });
  }

  // The middle of a map on which a vehicle is in the middle of what nothing covers.
  #uncovered({ latitude, longitude }, zoom) {
    const { right = 0, bottom = 0 } = this.options.covered?.() ?? {};
    const place = this.map.project([latitude, longitude], zoom).add([right / 2, bottom / 2]);
    return this.map.unproject(place, zoom);
  }

  #highlightSelected() {
    const routes = new Set(this.chosenRoutes);
    const vehicle = this.model.vehicles.get(this.selected);
    if (vehicle?.route) routes.add(vehicle.route);
    const isSame =
      routes.size === this.highlighted.size &&
      [...routes].every((route) => this.highlighted.has(route));
    if (isSame) return;
    this.highlighted = routes;
    this.ground.redraw();
  }

  #addWholeButton(title) {
    const button = document.createElement("a");
    Object.assign(button, { href: "#", title, role: "button", className: "fleet-whole" });
    button.setAttribute("aria-label", title);
    button.append(wholeIcon());
    button.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.fit();
    });
    this.element.querySelector(".leaflet-control-zoom").append(button);
  }

  // MARK: Drawing

  #readLook() {
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name).trim();
    const family = style.fontFamily;
    const ratio = Math.min(2, Math.max(1, devicePixelRatio || 1));
    this.look = {
      ratio,
      ground: colour("--map-ground"), street: colour("--map-street"),
      casing: colour("--map-casing"), card: colour("--card"), ink: colour("--ink"),
      soft: colour("--soft"), water: colour("--map-water"), park: colour("--map-park"),
      lane: colour("--map-lane"), place: colour("--map-place"), edge: colour("--edge"), brand: colour("--brand"),
      colours: Object.fromEntries(STATES.map((state) => [state, colour(`--state-${state}`)])),
      font: `700 11.5px ${family}`, stopFont: `500 12px ${family}`,
      placeFont: `600 13px ${family}`,
    };
    this.marks = new MarkPainter(this.look);
    this.labels = new LabelPainter(this.look);
  }

  // Decides what is drawn, in which order, and which labels have room: at news, not at frames.
  #arrange() {
    const shown = [];
    for (const vehicle of this.model.vehicles.values()) {
      const motion = this.motions.get(vehicle.number);
      if (!motion || !(this.filter(vehicle) || vehicle.number === this.selected)) continue;
      shown.push({ vehicle, motion, rank: STATES.indexOf(vehicle.state) });
    }
    shown.sort(
      (a, b) =>
        (a.vehicle.number === this.selected) - (b.vehicle.number === this.selected) ||
        a.rank - b.rank || a.vehicle.number - b.vehicle.number,
    );
    this.order = shown;
    this.#placeLabels();
    this.#schedule();
  }

  #placeLabels() {
    this.labelled.clear();
    const { zoom, project, width, height } = this.#view();
    const size = markSize(zoom);
    const visible = this.order.filter(({ motion }) => {
      const [x, y] = project(motion);
      return x > -40 && y > -40 && x < width + 40 && y < height + 40;
    });
    if (zoom < LABELS_FROM_ZOOM && visible.length > 40) return;
    const taken = new Set();
    for (const { vehicle, motion } of visible.reverse()) {
      if (!vehicle.routeName) continue;
      const [x, y] = project(motion);
      // Cells of about a label's size; those beside a label stay free as well.
      const column = Math.round((x + size) / 34);
      const row = Math.round(y / 20);
      if (taken.has(`${column} ${row}`) && vehicle.number !== this.selected) continue;
      for (const near of [-1, 0, 1]) taken.add(`${column + near} ${row}`);
      this.labelled.add(vehicle.number);
    }
  }

  #schedule() {
    if (this.frame || this.isRemoved) return;
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      if (this.isRemoved) return;
      let isMoving = false;
      for (const { motion } of this.order) {
        motion.advance(now);
        isMoving ||= motion.isMoving;
      }
      this.stage.redraw();
      if (isMoving) this.#schedule();
    });
  }

  #view() {
    const zoom = this.map.getZoom();
    const scale = TILE * 2 ** zoom;
    const { x: left, y: top } = this.map.getPixelBounds().min;
    const { x: width, y: height } = this.map.getSize();
    return {
      zoom, scale, left, top, width, height,
      project: ({ x, y }) => [x * scale - left, y * scale - top],
    };
  }

  #drawVehicles({ context, width, height }) {
    const began = performance.now();
    const { ratio } = this.look;
    const { zoom, scale, left, top } = this.#view();
    const size = markSize(zoom);
    const margin = size * 2 + 4;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const labels = [];
    for (const { vehicle, motion } of this.order) {
      const x = motion.x * scale - left;
      const y = motion.y * scale - top;
      if (motion.ghost > 0) this.#drawGhost(context, vehicle, motion, size, scale, left, top);
      if (x < -margin || y < -margin || x > width + margin || y > height + margin) continue;
      const isSelected = vehicle.number === this.selected;
      if (isSelected) ring(context, x, y, size, this.look);
      const picture = this.marks.picture(vehicle.state, motion.bearing, size);
      context.globalAlpha = motion.ghost > 0 ? 1 - motion.ghost : 1;
      context.drawImage(
        picture, x - picture.half, y - picture.half, picture.half * 2, picture.half * 2,
      );
      context.globalAlpha = 1;
      if (vehicle.attention && zoom >= 12) badge(context, x, y, size, this.look);
      if (isSelected || this.labelled.has(vehicle.number)) labels.push(vehicle, x, y);
    }
    for (let index = 0; index < labels.length; index += 3) {
      const [vehicle, x, y] = labels.slice(index, index + 3);
      const text = vehicle.routeName ?? vehicle.id;
      const label = this.labels.picture(text, vehicle.colour ? `#${vehicle.colour}` : null);
      context.drawImage(
        label, x + size * 1.5 + 3, y - label.cssHeight / 2, label.cssWidth, label.cssHeight,
      );
    }
    this.frames.count += 1;
    this.frames.drawMilliseconds += performance.now() - began;
  }

  #drawGhost(context, vehicle, motion, size, scale, left, top) {
    const origin = motion.origin;
    if (!origin) return;
    const picture = this.marks.picture(vehicle.state, origin.bearing, size);
    context.globalAlpha = motion.ghost;
    context.drawImage(
      picture, origin.x * scale - left - picture.half, origin.y * scale - top - picture.half,
      picture.half * 2, picture.half * 2,
    );
    context.globalAlpha = 1;
  }

  #drawStreets({ context, width, height, offset }) {
    const { ratio } = this.look;
    const view = this.#view();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const area = {
      zoom: view.zoom, scale: view.scale, width, height,
      left: view.left + offset.x, top: view.top + offset.y,
    };
    if (this.landscape) drawLandscape(context, this.landscape, area, this.look);
    drawStreets(context, this.streets, area, this.look, this.highlighted);
    if (this.landscape) drawNames(context, this.landscape, area, this.look);
  }

  #vehicleAt({ x, y }) {
    const { project, zoom } = this.#view();
    let best = null;
    let nearest = Math.max(HIT_RADIUS, markSize(zoom) * 1.6);
    for (const { vehicle, motion } of this.order) {
      const [vehicleX, vehicleY] = project(motion);
      const distance = Math.hypot(vehicleX - x, vehicleY - y);
      if (distance <= nearest) [best, nearest] = [vehicle, distance];
    }
    return best;
  }
}

// Half of a mark's width by zoom, in whole steps, so that few pictures are drawn.
function markSize(zoom) {
  if (zoom < 11) return 4;
  if (zoom < 12.5) return 5;
  if (zoom < 13.5) return 6;
  if (zoom < 14.5) return 7;
  return zoom < 16 ? 8.5 : 10;
}

function ring(context, x, y, size, look) {
  context.beginPath();
  context.arc(x, y, size * 2 + 3, 0, 2 * Math.PI);
  context.fillStyle = look.ground;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.brand;
  context.lineWidth = 2.5;
  context.stroke();
}

// One of the vehicle's devices wants to be looked at.
function badge(context, x, y, size, look) {
  context.beginPath();
  context.arc(x - size, y - size, 4, 0, 2 * Math.PI);
  context.fillStyle = look.ink;
  context.fill();
  context.strokeStyle = look.ground;
  context.lineWidth = 1.5;
  context.stroke();
}

function geographic(x, y) {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [latitude, x * 360 - 180];
}

function escape(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

function wholeIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5");
  icon.append(path);
  return icon;
}

// A canvas that lies over the map and stays in place while it is dragged and zoomed.
const CanvasLayer = Layer.extend({
  // `margin` is how far it reaches beyond the map, in parts of the map; `draw` fills it.
  initialize(margin, draw) {
    this.margin = margin;
    this.draw = draw;
  },

  onAdd(map) {
    this.canvas = DomUtil.create("canvas", "leaflet-zoom-animated fleet-canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
    map.getPanes().overlayPane.append(this.canvas);
    this.place();
  },

  onRemove() {
    this.canvas.remove();
  },

  getEvents() {
    const events = {
      moveend: this.place, resize: this.place, zoomanim: this.animate, zoomend: this.settle,
      zoom: this.place,
    };
    // What reaches no further than the map has to follow every step.
    if (this.margin === 0) events.move = this.place;
    return events;
  },

  place() {
    if (this.isZooming) return;
    const size = this._map.getSize();
    const ratio = Math.min(2, Math.max(1, devicePixelRatio || 1));
    this.offset = size.multiplyBy(-this.margin).round();
    this.width = size.x - 2 * this.offset.x;
    this.height = size.y - 2 * this.offset.y;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${this.width}px`;
      this.canvas.style.height = `${this.height}px`;
    }
    this.corner = this._map.containerPointToLatLng(this.offset);
    DomUtil.setPosition(this.canvas, this._map.containerPointToLayerPoint(this.offset));
    this.redraw();
  },

  redraw() {
    if (!this._map || this.isZooming) return;
    this.draw(this);
  },

  // Leaflet moves and scales what is there; new content waits until it has arrived.
  animate({ zoom, center }) {
    this.isZooming = true;
    const scale = this._map.getZoomScale(zoom);
    const corner = this._map._latLngToNewLayerPoint(this.corner, zoom, center);
    DomUtil.setTransform(this.canvas, corner, scale);
  },

  settle() {
    this.isZooming = false;
    this.place();
  },
});
