"use strict";
// Keeps every [data-live] list fresh without flicker: children are matched by id, only what changed is touched.

const EVERY_MS = 2000;

function freshen(list, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const wanted = [...fresh.body.children];
  const ids = new Set(wanted.map((child) => child.id));
  for (const old of [...list.children]) {
    if (!ids.has(old.id)) old.remove();
  }
  let place = list.firstElementChild;
  for (const child of wanted) {
    if (place && place.id === child.id) {
      const next = place.nextElementSibling;
      update(place, child);
      place = next;
    } else {
      const old = [...list.children].find((one) => one.id === child.id);
      child.classList.add("arrived");
      old?.remove();
      list.insertBefore(child, place);
    }
  }
}

function update(old, child) {
  if (old.dataset.version !== undefined && old.dataset.version === child.dataset.version) {
    const [before, after] = [old, child].map((one) => one.querySelector(".counts"));
    if (before && after && before.innerHTML !== after.innerHTML) before.replaceWith(after);
  } else if (old.innerHTML !== child.innerHTML && !old.contains(document.activeElement)) {
    old.replaceWith(child);
  }
}

async function look(list) {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(list.dataset.live);
      if (answer.ok) freshen(list, await answer.text());
    } catch {
      // the sandbox is restarting: the next look will find it
    }
  }
  setTimeout(look, EVERY_MS, list);
}

for (const list of document.querySelectorAll("[data-live]")) setTimeout(look, EVERY_MS, list);
