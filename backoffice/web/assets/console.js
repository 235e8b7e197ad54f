// Keeps the page of the day current. Everything works without it, except that the page then
// stands still until it is reloaded.
"use strict";

(() => {
  const figures = document.getElementById("figures");
  const badge = document.getElementById("live");
  if (!figures || !badge) return;

  const silenceLimit = 35_000;
  const pollInterval = 10_000;
  let lastNews = Date.now();
  let poll = 0;

  function show(state) {
    if (badge.dataset.state === state) return;
    badge.dataset.state = state;
    document.getElementById("live-text").textContent = badge.dataset[state];
  }

  // Renewed section by section and row by row, so that focus, selection and scrolling stay where
  // they are when nothing changed under them.
  function renew(html) {
    const next = new DOMParser().parseFromString(html, "text/html").body;
    const focused = document.activeElement && document.activeElement.getAttribute("href");
    const rows = takeRows(next);
    const sameSections = sectionIds(next).join() === sectionIds(figures).join();
    if (!sameSections) {
      figures.replaceChildren(...next.childNodes);
    } else {
      for (const part of leaves(next)) renewPart(part);
    }
    if (rows) renewRows(rows, sameSections);
    if (focused && document.activeElement === document.body) {
      const again = figures.querySelector(`a[href="${CSS.escape(focused)}"]`);
      if (again) again.focus();
    }
  }

  function sectionIds(root) {
    return [...root.children].map((child) => child.id || child.className);
  }

  function leaves(root) {
    return root.querySelectorAll(
      "#figures-date, .figure dd, #figure-unpriced-box, #figures-books, #figures-refusals, " +
        "#latest-none, #latest-table",
    );
  }

  function renewPart(part) {
    const old = document.getElementById(part.id);
    if (!old) return;
    if (old.className !== part.className) old.className = part.className;
    old.hidden = part.hidden;
    if (part.id === "latest-table" || part.id === "figure-unpriced-box") return;
    if (old.innerHTML === part.innerHTML) return;
    old.replaceChildren(...part.childNodes);
    if (part.localName === "dd") flash(old, "changed");
  }

  function takeRows(root) {
    const body = root.querySelector("#latest");
    return body ? [...body.children] : null;
  }

  function renewRows(rows, mark) {
    const body = document.getElementById("latest");
    if (!body) return;
    const known = new Map([...body.children].map((row) => [row.id, row]));
    let place = body.firstElementChild;
    for (const row of rows) {
      let standing = known.get(row.id);
      if (standing && standing.innerHTML !== row.innerHTML) {
        standing.replaceChildren(...row.childNodes);
        if (mark) flash(standing, "fresh");
      } else if (!standing) {
        standing = row;
        if (mark) flash(standing, "fresh");
      }
      known.delete(row.id);
      if (standing === place) place = place.nextElementSibling;
      else body.insertBefore(standing, place);
    }
    for (const row of known.values()) row.remove();
  }

  function flash(element, name) {
    element.classList.remove(name);
    void element.offsetWidth;
    element.classList.add(name);
    element.addEventListener("animationend", () => element.classList.remove(name), { once: true });
  }

  function heard() {
    lastNews = Date.now();
    clearInterval(poll);
    poll = 0;
    show("live");
  }

  async function ask() {
    const answer = await fetch("/console/today/figures").catch(() => null);
    if (!answer) return;
    if (answer.status === 401) location.reload();
    if (answer.ok) renew(await answer.text());
  }

  function fallBack() {
    show("delayed");
    if (poll) return;
    poll = setInterval(ask, pollInterval);
    ask();
  }

  function listen() {
    const source = new EventSource("/console/today/events");
    source.addEventListener("figures", (event) => {
      heard();
      renew(event.data);
    });
    source.addEventListener("beat", heard);
    source.addEventListener("end", () => location.reload());
    source.addEventListener("error", () => {
      fallBack();
      // A refused stream is closed for good; one that broke is taken up again by the browser.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, pollInterval);
    });
  }

  setInterval(() => {
    if (Date.now() - lastNews > silenceLimit) fallBack();
  }, 5_000);
  show("connecting");
  listen();
})();
