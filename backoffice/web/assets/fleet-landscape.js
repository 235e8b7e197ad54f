// What lies below the streets: water, parks, lanes and the names of districts, from GeoJSON.

import { mercator } from "./fleet-motion.js";

const AREAS = new Set(["river", "water", "park"]);

export class Landscape {
  areas = [];
  lanes = [];
  places = [];

  constructor(json, language) {
    for (const { geometry, properties } of json.features ?? []) {
      const kind = properties?.kind;
      const name = properties?.[`name_${language}`] ?? properties?.name ?? "";
      switch (geometry?.type) {
        case "Polygon": this.#area(kind, name, [geometry.coordinates]); break;
        case "MultiPolygon": this.#area(kind, name, geometry.coordinates); break;
        case "LineString": this.#lane(kind, geometry.coordinates); break;
        case "MultiLineString":
          for (const line of geometry.coordinates) this.#lane(kind, line);
          break;
        case "Point": this.#place(kind, name, geometry.coordinates); break;
        default: break;
      }
    }
  }

  #area(kind, name, polygons) {
    if (!AREAS.has(kind)) return;
    this.areas.push({ kind, name, rings: polygons.flat().map(project) });
  }

  #lane(kind, line) {
    if (kind === "street") this.lanes.push(project(line));
    else if (kind === "river") this.areas.push({ kind, rings: [], line: project(line) });
  }

  #place(kind, name, [longitude, latitude]) {
    if (kind !== "district" || !name) return;
    const [x, y] = mercator(latitude, longitude);
    this.places.push({ x, y, name });
  }
}

function project(line) {
  const points = new Float64Array(line.length * 2);
  line.forEach(([longitude, latitude], index) => {
    [points[2 * index], points[2 * index + 1]] = mercator(latitude, longitude);
  });
  return points;
}

function trace(context, points, { left, top, scale }) {
  for (let index = 0; index < points.length; index += 2) {
    const x = points[index] * scale - left;
    const y = points[index + 1] * scale - top;
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

export function drawLandscape(context, { areas, lanes }, view, look) {
  context.lineJoin = context.lineCap = "round";
  for (const { kind, rings, line } of areas) {
    const colour = kind === "park" ? look.park : look.water;
    context.beginPath();
    if (line) {
      trace(context, line, view);
      context.strokeStyle = colour;
      context.lineWidth = Math.max(2, 40 * 2 ** (view.zoom - 16));
      context.stroke();
      continue;
    }
    for (const ring of rings) trace(context, ring, view);
    context.fillStyle = colour;
    context.fill("evenodd");
  }
  if (view.zoom < 11.5) return;
  context.beginPath();
  for (const lane of lanes) trace(context, lane, view);
  context.strokeStyle = look.lane;
  context.lineWidth = Math.max(1, Math.min(8, 1.4 * 2 ** ((view.zoom - 12.5) * 0.6)));
  context.stroke();
}

// Names come last, so that no street runs through them.
export function drawNames(context, { places }, view, look) {
  if (view.zoom < 11 || view.zoom > 16) return;
  context.font = look.placeFont;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { x, y, name } of places) {
    const at = [x * view.scale - view.left, y * view.scale - view.top];
    context.strokeStyle = look.ground;
    context.lineWidth = 4;
    context.strokeText(name, ...at);
    context.fillStyle = look.place;
    context.fillText(name, ...at);
  }
  context.textAlign = "start";
}
