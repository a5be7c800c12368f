// The guard's page for a night. What is done is kept first and sent afterwards.

import { ask } from "../phone/net.js";
import { prepared } from "../phone/photos.js";
import { whereAmI } from "../phone/where.js";
import { Outbox } from "./outbox.js";
import { buttons, current, draw, one, standing, trouble } from "./showing.js";

const EVERY = 20_000;
const SURE_FOR = 5_000;
const PATIENCE = 4_000;
const [, , first, second] = location.pathname.split("/");
const plate = first === "c" ? second : "";

let outbox = null;
let token = plate ? "" : first;
let night = null;
let chosen = null;
let state = "";

async function refresh() {
  const answer = await ask(`/n/${token}/data/`);
  if (answer.status === 200 && answer.json) {
    night = answer.json;
    await outbox.keep(`data:${token}`, night);
    await outbox.keep("current", { token, until: night.valid_until });
    await outbox.adopt(token, night.whose);
  } else if (answer.status === 404) {
    trouble("gone");
  }
  state = answer.status === 0 ? "offline" : "";
}

async function redraw() {
  if (!night) {
    return;
  }
  const rows = await outbox.rows(token);
  const run = night.runs.find((each) => each.id === chosen) || current(night, rows);
  draw(night, run, rows, state);
}

async function send() {
  const came = await outbox.send(token);
  state = came === "offline" ? "offline" : "";
  if (came === "gone") {
    trouble("gone");
  }
  await redraw();
}

async function add(kind, body) {
  await outbox.add(token, kind, body);
  await redraw();
  await send();
}

// Kept at once, and sent when the phone has found out where it is or has looked for long enough:
// what somebody pressed must not be lost to a question that nobody answers.
async function addPlaced(kind, body, photo = null) {
  const n = await outbox.add(token, kind, body, photo, true);
  await redraw();
  await outbox.place(n, await placed());
  await send();
}

async function run() {
  const rows = await outbox.rows(token);
  return night.runs.find((each) => each.id === chosen) || current(night, rows);
}

async function placed() {
  const late = new Promise((found) => setTimeout(() => found(null), PATIENCE));
  const here = await Promise.race([whereAmI(), late]);
  return here
    ? { longitude: here.longitude, latitude: here.latitude, accuracy: Math.min(here.accuracy, 1e5) }
    : {};
}

async function checkIn(what) {
  const round = await run();
  const { started } = standing(round, await outbox.rows(token));
  // Scanned before anything was started: the server finds out which round it belongs to.
  const body = what.checkpoint || started ? { ...what, run: round.id } : what;
  await addPlaced("check_in", body);
}

function wire() {
  one('[data-pick="run"]').addEventListener("change", (event) => {
    chosen = Number(event.target.value);
    redraw();
  });
  for (const kind of ["start", "end"]) {
    for (const button of buttons(kind)) {
      button.addEventListener("click", async () => {
        const round = await run();
        chosen = kind === "start" ? round.id : null;
        await add(kind, { run: round.id });
      });
    }
  }
  one('[data-list="stops"]').addEventListener("click", (event) => {
    const button = event.target.closest("[data-stop]");
    if (button && !button.disabled) {
      button.disabled = true;
      checkIn({ checkpoint: Number(button.dataset.stop) });
    }
  });
  one('[data-form="code"]').addEventListener("submit", async (event) => {
    event.preventDefault();
    const box = event.target.elements.code;
    const code = box.value.trim();
    if (code) {
      box.value = "";
      await checkIn({ code });
    }
  });
  one('[data-form="incident"]').addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const { kind, text, photo } = form.elements;
    const file = photo.files[0] || null;
    if (!text.value.trim() && !file) {
      text.focus();
      return;
    }
    const body = { kind: kind.value, text: text.value.trim() };
    let picture = null;
    if (file) {
      try {
        picture = (await prepared(file)).data;
      } catch (error) {
        trouble("picture");
        return;
      }
    }
    trouble("");
    form.closest("details").open = false;
    form.reset();
    await addPlaced("incident", body, picture);
  });
  wireSos();
}

function wireSos() {
  for (const button of buttons("sos")) {
    const words = button.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      if (!timer) {
        button.textContent = button.dataset.sure;
        timer = setTimeout(() => {
          timer = 0;
          button.textContent = words;
        }, SURE_FOR);
        return;
      }
      clearTimeout(timer);
      timer = 0;
      button.textContent = words;
      await addPlaced("incident", { sos: true });
    });
  }
}

async function begin() {
  try {
    outbox = await Outbox.open();
  } catch (error) {
    trouble("store");
    return;
  }
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(document.body.dataset.worker).catch((error) => {
      console.warn("The page is not kept for when there is no network.", error);
    });
  }
  if (plate) {
    const open = await outbox.kept("current");
    if (!open || Date.parse(open.until) < Date.now()) {
      return;
    }
    token = open.token;
  }
  night = await outbox.kept(`data:${token}`);
  wire();
  await redraw();
  await refresh();
  await redraw();
  if (plate && night) {
    // Scanned: from here on it is the night's own page, which a reload does not check in again.
    history.replaceState(null, "", `/n/${token}/`);
    await checkIn({ code: plate });
  }
  await send();
  await outbox.forget(Date.now());
  window.addEventListener("online", () => refresh().then(send));
  setInterval(() => refresh().then(send), EVERY);
}

begin();
