// Where vehicles are drawn between two reports: they glide from where they are seen to where
// they were last reported, in about the time between reports. Coordinates are Web Mercator, the
// whole world from 0 to 1.

// A report is drawn over a little more than the usual time to the next one, so that a late
// report finds the vehicle still moving.
const STRETCH = 1.15;
const SHORTEST = 250;
const LONGEST = 5_000;
// Nobody believes that a vehicle glides over a district: beyond this it fades out and in.
const LEAP_METRES = 3_000;
const FADE = 500;
const EQUATOR_METRES = 40_075_017;

export function mercator(latitude, longitude) {
  const bounded = Math.max(-85, Math.min(85, latitude));
  const sine = Math.sin((bounded * Math.PI) / 180);
  return [
    (longitude + 180) / 360,
    0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI),
  ];
}

export class Motion {
  x;
  y;
  bearing;
  // From 1, wholly where it was, down to 0, wholly where it is: only while it leaps.
  ghost = 0;
  #from = null;
  #to;
  #startsAt = 0;
  #endsAt = 0;
  #reportedAt;

  constructor(vehicle, now) {
    [this.x, this.y] = mercator(vehicle.latitude, vehicle.longitude);
    this.bearing = vehicle.bearing;
    this.#to = { x: this.x, y: this.y, bearing: this.bearing };
    this.#reportedAt = now;
  }

  get isMoving() {
    return this.#from !== null;
  }

  // Where it was seen before a leap.
  get origin() {
    return this.#from;
  }

  report(vehicle, now, isCalm) {
    const [x, y] = mercator(vehicle.latitude, vehicle.longitude);
    const interval = now - this.#reportedAt;
    this.#reportedAt = now;
    const target = { x, y, bearing: vehicle.bearing ?? this.bearing };
    if (x === this.#to.x && y === this.#to.y && target.bearing === this.#to.bearing) return;
    this.#to = target;
    // After a pause of the page itself there is nothing to see between.
    if (isCalm || interval > 4 * LONGEST) {
      this.#arrive();
      return;
    }
    const metres =
      Math.hypot(x - this.x, y - this.y) * EQUATOR_METRES *
      Math.cos((vehicle.latitude * Math.PI) / 180);
    this.#from = { x: this.x, y: this.y, bearing: this.bearing };
    this.#startsAt = now;
    if (metres > LEAP_METRES) {
      Object.assign(this, target);
      this.ghost = 1;
      this.#endsAt = now + FADE;
    } else {
      this.ghost = 0;
      this.#endsAt = now + Math.min(LONGEST, Math.max(SHORTEST, interval)) * STRETCH;
    }
  }

  advance(now) {
    if (!this.#from) return;
    const part = (now - this.#startsAt) / (this.#endsAt - this.#startsAt);
    if (part >= 1) {
      this.#arrive();
    } else if (this.ghost > 0) {
      this.ghost = Math.max(0.001, 1 - part);
    } else {
      const from = this.#from;
      const to = this.#to;
      this.x = from.x + (to.x - from.x) * part;
      this.y = from.y + (to.y - from.y) * part;
      // The nose turns sooner than the way is gone.
      this.bearing = turn(from.bearing, to.bearing, Math.min(1, part * 2));
    }
  }

  #arrive() {
    Object.assign(this, this.#to);
    this.#from = null;
    this.ghost = 0;
  }
}

// By the shorter way round.
function turn(from, to, part) {
  if (from === null || to === null) return to;
  const difference = ((to - from + 540) % 360) - 180;
  return (from + difference * part + 360) % 360;
}
