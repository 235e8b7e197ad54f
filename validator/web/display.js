"use strict";

// Shows what the validator says. It holds no policy: the validator decides what is shown and for
// how long. Silence means that the validator is gone, and then the page must not go on inviting
// riders, let alone stay green.

const silenceLimit = 6000;
const retryDelay = 1500;
const parts = ["title", "detail", "price", "route", "fare"];
const languages = ["uk", "en"];

const words = document.getElementById("silence").dataset;
const lines = (title, detail) => ({ title, detail, price: "", route: "", fare: "" });
const outOfService = {
  look: "fault",
  uk: lines(words.ukTitle, words.ukDetail),
  en: lines(words.enTitle, words.enDetail),
};

let heardAt = performance.now();
let source = null;

function paint(view) {
  for (const language of languages) {
    for (const part of parts) {
      document.getElementById(`${language}-${part}`).textContent = view[language][part];
    }
  }
  const body = document.body;
  body.classList.toggle("priced", view.uk.price !== "");
  body.classList.toggle("long", view.uk.price.length > 8);
  body.classList.toggle("quiet", view.uk.route === "" && view.uk.fare === "");
  body.dataset.look = view.look;
}

function connect() {
  source?.close();
  source = new EventSource("events");
  source.addEventListener("view", (event) => {
    heardAt = performance.now();
    const view = JSON.parse(event.data);
    paint(view);
    if (view.sound) play(view.sound);
  });
  source.addEventListener("beat", () => {
    heardAt = performance.now();
  });
  source.addEventListener("error", () => {
    paint(outOfService);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, retryDelay);
  });
}

setInterval(() => {
  if (performance.now() - heardAt < silenceLimit) return;
  heardAt = performance.now();
  paint(outOfService);
  connect();
}, 500);

connect();
