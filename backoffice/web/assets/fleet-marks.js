// How a vehicle looks by its state: a colour and, for eyes that cannot tell colours apart, a
// shape of its own. Shapes lie in a square from -1 to 1, so that maps and lists draw the same.

export const MARKS = {
  "on-time": "M0-.86A.86.86 0 1 1 0 .86.86.86 0 1 1 0-.86Z",
  early: "M0-1.08 1.08 0 0 1.08-1.08 0Z",
  late: "M-.82-.82H.82V.82H-.82Z",
  "very-late": "M0-1.14 1.12.82H-1.12Z",
  "off-route": "M-.44-1.06H.44L1.06-.44V.44L.44 1.06H-.44L-1.06.44V-.44Z",
  unscheduled: "M0-.8A.8.8 0 1 1 0 .8.8.8 0 1 1 0-.8Z",
  silent: "M-.82-.82.82.82M.82-.82-.82.82",
};

// Drawn on top of the shape in the ground's colour.
const SIGNS = {
  "very-late": "M0-.38V.2M0 .5V.52",
  "off-route": "M-.42-.42.42.42M.42-.42-.42.42",
};

// Shapes that are lines and not areas.
const LINES = new Set(["unscheduled", "silent"]);

const SVG = "http://www.w3.org/2000/svg";

// A mark for a list or a legend; its colour is the text's.
export function markIcon(state) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8");
  icon.setAttribute("class", "mark-icon");
  icon.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", MARKS[state]);
  shape.setAttribute("class", LINES.has(state) ? "mark-line" : "mark-area");
  icon.append(shape);
  if (SIGNS[state]) {
    const sign = document.createElementNS(SVG, "path");
    sign.setAttribute("d", SIGNS[state]);
    sign.setAttribute("class", "mark-sign");
    icon.append(sign);
  }
  return icon;
}

// Fills every `data-mark` below an element with its icon.
export function fillMarks(root) {
  for (const place of root.querySelectorAll("[data-mark]")) {
    place.replaceChildren(markIcon(place.dataset.mark));
  }
}

const shapes = new Map(
  Object.entries(MARKS).map(([state, path]) => [state, new Path2D(path)]),
);
const signs = new Map(
  Object.entries(SIGNS).map(([state, path]) => [state, new Path2D(path)]),
);

// Which way a vehicle goes, in as many steps as anyone sees.
const DIRECTIONS = 32;

// Pictures of marks, drawn once each: a thousand vehicles are a thousand copies a frame.
export class MarkPainter {
  #pictures = new Map();

  // `look` gives colours by state, the ground's colour, and the pixels of a CSS pixel.
  constructor(look) {
    this.look = look;
  }

  // The picture of a vehicle, with its place in the middle. `size` is half of the shape's width.
  picture(state, bearing, size) {
    const direction =
      bearing === null || LINES.has(state)
        ? -1
        : Math.round((bearing / 360) * DIRECTIONS) % DIRECTIONS;
    const key = `${state} ${direction} ${size}`;
    let picture = this.#pictures.get(key);
    if (!picture) {
      picture = this.#draw(state, direction, size);
      this.#pictures.set(key, picture);
    }
    return picture;
  }

  #draw(state, direction, size) {
    const { colours, ground, ratio } = this.look;
    const half = Math.ceil(size * 2 + 4);
    const picture = document.createElement("canvas");
    picture.width = picture.height = half * 2 * ratio;
    picture.half = half;
    const context = picture.getContext("2d");
    context.setTransform(size * ratio, 0, 0, size * ratio, half * ratio, half * ratio);
    context.lineJoin = context.lineCap = "round";
    const shape = shapes.get(state);
    const colour = colours[state];
    if (LINES.has(state)) {
      context.strokeStyle = ground;
      context.lineWidth = 0.9;
      context.stroke(shape);
      context.strokeStyle = colour;
      context.lineWidth = 0.42;
      context.stroke(shape);
      return picture;
    }
    const outline = new Path2D(shape);
    if (direction >= 0) {
      const nose = new Path2D("M-.58-1.02 0-1.82.58-1.02 0-.7Z");
      outline.addPath(nose, new DOMMatrix().rotate((direction / DIRECTIONS) * 360));
    }
    context.strokeStyle = ground;
    context.lineWidth = Math.min(0.6, 3.4 / size);
    context.stroke(outline);
    context.fillStyle = colour;
    context.fill(outline);
    const sign = signs.get(state);
    if (sign) {
      context.strokeStyle = ground;
      context.lineWidth = 0.3;
      context.stroke(sign);
    }
    return picture;
  }
}

// Route numbers beside vehicles: a chip in the page's colours with a strip in the route's.
export class LabelPainter {
  #pictures = new Map();

  constructor(look) {
    this.look = look;
  }

  picture(text, colour) {
    const key = `${text}\u0000${colour}`;
    let picture = this.#pictures.get(key);
    if (!picture) {
      picture = this.#draw(text, colour);
      this.#pictures.set(key, picture);
    }
    return picture;
  }

  #draw(text, colour) {
    const { card, ink, edge, ratio, font } = this.look;
    const picture = document.createElement("canvas");
    const context = picture.getContext("2d");
    context.font = font;
    const strip = colour ? 5 : 0;
    const width = Math.ceil(context.measureText(text).width) + 10 + strip;
    const height = 18;
    picture.width = width * ratio;
    picture.height = height * ratio;
    Object.assign(picture, { cssWidth: width, cssHeight: height });
    context.scale(ratio, ratio);
    context.beginPath();
    context.roundRect(0.5, 0.5, width - 1, height - 1, 5);
    context.fillStyle = card;
    context.fill();
    context.save();
    context.clip();
    if (colour) {
      context.fillStyle = colour;
      context.fillRect(0, 0, strip, height);
    }
    context.restore();
    context.strokeStyle = edge;
    context.stroke();
    context.font = font;
    context.fillStyle = ink;
    context.textBaseline = "middle";
    context.fillText(text, strip + 5, height / 2 + 0.5);
    return picture;
  }
}
