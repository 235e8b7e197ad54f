// The streets as the feed's shapes draw them, quiet enough to carry vehicles.

import { mercator } from "./fleet-motion.js";

export class Streets {
  lines = [];
  stops = [];
  bounds = null;

  constructor(json) {
    let [west, north, east, south] = [1, 1, 0, 0];
    for (const [route, name, type, colour, deltas] of json.lines) {
      const points = new Float64Array(deltas.length);
      let [latitude, longitude] = [0, 0];
      const box = [1, 1, 0, 0];
      for (let index = 0; index < deltas.length; index += 2) {
        latitude += deltas[index];
        longitude += deltas[index + 1];
        const [x, y] = mercator(latitude * 1e-5, longitude * 1e-5);
        points[index] = x;
        points[index + 1] = y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      this.lines.push({ route, name, type, colour, points, box });
      west = Math.min(west, box[0]);
      north = Math.min(north, box[1]);
      east = Math.max(east, box[2]);
      south = Math.max(south, box[3]);
    }
    for (const [latitude, longitude, name] of json.stops) {
      const [x, y] = mercator(latitude * 1e-5, longitude * 1e-5);
      this.stops.push({ x, y, name });
    }
    if (west <= east) this.bounds = [west, north, east, south];
  }
}

// Draws onto a canvas whose top left corner lies at (left, top) of a world `scale` pixels wide.
export function drawStreets(context, streets, view, look, highlighted) {
  const { left, top, scale, width, height, zoom } = view;
  const shown = streets.lines.filter(
    ({ box }) =>
      box[2] * scale >= left && box[0] * scale <= left + width &&
      box[3] * scale >= top && box[1] * scale <= top + height,
  );
  const broad = Math.max(1.6, Math.min(11, 2.1 * 2 ** ((zoom - 12) * 0.62)));
  context.lineJoin = context.lineCap = "round";

  function trace(lines) {
    context.beginPath();
    for (const { points } of lines) {
      let lastX = NaN;
      let lastY = NaN;
      for (let index = 0; index < points.length; index += 2) {
        const x = points[index] * scale - left;
        const y = points[index + 1] * scale - top;
        const isEnd = index === 0 || index === points.length - 2;
        // Far out, most points fall on the same pixel.
        if (!isEnd && Math.abs(x - lastX) < 0.7 && Math.abs(y - lastY) < 0.7) continue;
        if (index === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
    }
  }

  trace(shown);
  context.strokeStyle = look.casing;
  context.lineWidth = broad + 2;
  context.stroke();
  context.strokeStyle = look.street;
  context.lineWidth = broad;
  context.stroke();

  const chosen = shown.filter(({ route }) => highlighted.has(route));
  const byColour = Map.groupBy
    ? Map.groupBy(chosen, ({ colour }) => colour)
    : new Map(chosen.map((line) => [line, [line]]));
  for (const lines of byColour.values()) {
    trace(lines);
    context.strokeStyle = look.ground;
    context.lineWidth = broad + 4;
    context.stroke();
    context.strokeStyle = lines[0].colour ? `#${lines[0].colour}` : look.brand;
    context.lineWidth = Math.max(3, broad);
    context.stroke();
  }
  if (zoom >= 14) drawStops(context, streets, view, look);
}

function drawStops(context, streets, { left, top, scale, width, height, zoom }, look) {
  const radius = zoom >= 16 ? 4 : 2.75;
  const named = new Map();
  context.font = look.stopFont;
  context.textBaseline = "middle";
  for (const stop of streets.stops) {
    const x = stop.x * scale - left;
    const y = stop.y * scale - top;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = look.card;
    context.fill();
    context.strokeStyle = look.edge;
    context.lineWidth = 1.25;
    context.stroke();
    if (zoom < 16) continue;
    // One name for the poles of both directions.
    const near = named.get(stop.name) ?? [];
    if (near.some(([nearX, nearY]) => Math.hypot(nearX - x, nearY - y) < 240)) continue;
    named.set(stop.name, [...near, [x, y]]);
    context.lineWidth = 3.5;
    context.strokeStyle = look.ground;
    context.strokeText(stop.name, x + 9, y);
    context.fillStyle = look.soft;
    context.fillText(stop.name, x + 9, y);
  }
}
