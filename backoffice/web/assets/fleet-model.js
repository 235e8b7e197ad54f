// What the browser knows of the fleet: kept current from the server's stream, without any page.

// From how many seconds of delay on a vehicle counts as late. The server says the same.
const LATE = 180;
const VERY_LATE = 600;
const EARLY = -60;

// Positions in the stream are hundred-thousandths of a degree.
const DEGREES = 1e-5;

// What colour and symbol a vehicle gets, the most worrying last: they are drawn on top.
export const STATES = [
  "silent", "unscheduled", "on-time", "early", "late", "very-late", "off-route",
];

export class FleetModel extends EventTarget {
  vehicles = new Map();
  streetsVersion = null;
  // When, by the server's clock, the fleet was as it is here.
  at = 0;

  apply(message) {
    const whole = message.whole ? new Set() : null;
    for (const [number, id, trip, headsign, route, routeName, type, colour, text] of
      message.vehicles) {
      const vehicle = this.vehicles.get(number) ?? { number, latitude: 0, longitude: 0 };
      Object.assign(vehicle, { id, trip, headsign, route, routeName, type, colour, text });
      this.vehicles.set(number, vehicle);
      whole?.add(number);
    }
    const moved = [];
    for (const [number, latitude, longitude, bearing, speed, delay, status, attention, at] of
      message.moves) {
      const vehicle = this.vehicles.get(number);
      if (!vehicle) continue;
      vehicle.latitude = latitude * DEGREES;
      vehicle.longitude = longitude * DEGREES;
      // A vehicle that stands has no bearing: it still looks where it went.
      vehicle.bearing = bearing ?? vehicle.bearing ?? null;
      Object.assign(vehicle, { speed, delay, attention: attention === 1, recordedAt: at });
      vehicle.state = stateOf(status, delay);
      moved.push(vehicle);
    }
    if (whole) {
      for (const number of this.vehicles.keys()) {
        if (!whole.has(number)) this.vehicles.delete(number);
      }
    }
    this.at = message.at;
    const hasNewStreets = this.streetsVersion !== message.streets;
    this.streetsVersion = message.streets;
    this.dispatchEvent(new CustomEvent("change", { detail: { moved, isWhole: !!whole } }));
    if (hasNewStreets) this.dispatchEvent(new Event("streets"));
  }

  find(id) {
    for (const vehicle of this.vehicles.values()) if (vehicle.id === id) return vehicle;
    return null;
  }
}

// As the server's FleetVehicle.Status counts them.
function stateOf(status, delay) {
  if (status === 3) return "silent";
  if (status === 2) return "off-route";
  if (status === 1 || delay === null) return "unscheduled";
  if (delay >= VERY_LATE) return "very-late";
  if (delay >= LATE) return "late";
  return delay <= EARLY ? "early" : "on-time";
}

// Follows a stream of the fleet's changes for as long as the page lives.
//
// The model announces "connection" with the state "connecting", "live" or "delayed", and "over"
// when the session has ended. Answers the line, which can `stop`.
export function followFleet(model, address) {
  const silenceLimit = 12_000;
  const pause = 5_000;
  let heardAt = Date.now();
  let state = "";
  let source = null;

  function announce(next) {
    if (next === state) return;
    state = next;
    model.dispatchEvent(new CustomEvent("connection", { detail: state }));
  }

  function listen() {
    source = new EventSource(address);
    source.addEventListener("fleet", (event) => {
      heardAt = Date.now();
      announce("live");
      model.apply(JSON.parse(event.data));
    });
    source.addEventListener("end", () => model.dispatchEvent(new Event("over")));
    source.addEventListener("error", () => {
      announce("delayed");
      // A refused stream is closed for good; one that broke is taken up again by the browser.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, pause);
    });
  }

  // A line can be dead without anybody saying so: then it is dialled anew.
  const watch = setInterval(() => {
    if (Date.now() - heardAt <= silenceLimit) return;
    announce("delayed");
    heardAt = Date.now();
    source.close();
    listen();
  }, 1_000);
  // Asked a moment later, so that whoever made the model can listen first.
  queueMicrotask(() => announce("connecting"));
  listen();
  return {
    // The line falls silent, as a cut cable would make it.
    hangUp: () => source.close(),
    stop: () => {
      clearInterval(watch);
      source.close();
    },
  };
}
