"use strict";

// Each outcome has a figure of its own: direction, count and timbre differ, so that nobody needs
// to see the screen. The browser must be started with --autoplay-policy=no-user-gesture-required.

/** @type {Record<string, {wave: OscillatorType, notes: [frequency: number, start: number, length: number][]}>} */
const figures = {
  accepted: { wave: "sine", notes: [[880, 0, 0.09], [1319, 0.1, 0.2]] },
  reduced: { wave: "sine", notes: [[880, 0, 0.08], [1109, 0.09, 0.08], [1319, 0.18, 0.2]] },
  already: { wave: "triangle", notes: [[587, 0, 0.12], [587, 0.17, 0.12], [587, 0.34, 0.12]] },
  again: { wave: "triangle", notes: [[784, 0, 0.13], [523, 0.15, 0.13], [784, 0.3, 0.2]] },
  refused: { wave: "square", notes: [[233, 0, 0.22], [175, 0.25, 0.4]] },
};

let speaker = null;

/** Plays a figure; a browser without sound is no reason to fail. */
function play(name) {
  const figure = figures[name];
  if (!figure || typeof AudioContext === "undefined") return;
  speaker ??= new AudioContext({ latencyHint: "interactive" });
  if (speaker.state === "suspended") speaker.resume();
  const begin = speaker.currentTime + 0.01;
  const loudness = figure.wave === "square" ? 0.25 : 0.6;
  for (const [frequency, start, length] of figure.notes) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.type = figure.wave;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, begin + start);
    volume.gain.linearRampToValueAtTime(loudness, begin + start + 0.008);
    volume.gain.setValueAtTime(loudness, begin + start + length - 0.03);
    volume.gain.linearRampToValueAtTime(0, begin + start + length);
    tone.connect(volume).connect(speaker.destination);
    tone.start(begin + start);
    tone.stop(begin + start + length + 0.02);
  }
}
