// Begins the page of the phone: finds the screen that belongs to the address, draws it from what is
// on the phone, and draws it again when that changes. Syntax for Chromium 90.
import "../buttons.js";
import { fill, say } from "./bind.js";
import { start } from "./phone.js";
import { screenAt } from "./screens.js";
import { applySize } from "./size.js";
import { canRecord } from "./recorder.js";
import { moment } from "./words.js";

const SAID_FOR = 5000;
const AT_ONCE = 30;
let phone = null;
let shown = null;
let told = "";
let telling = 0;
let changing = 0;
let drawing = 0;

async function begin() {
  applySize();
  document.documentElement.classList.toggle("can-record", canRecord());
  keepShell();
  phone = await start();
  // Until now a link is a journey to the server, which ends here as well.
  document.addEventListener("click", follow);
  document.addEventListener("click", reopen);
  window.addEventListener("popstate", draw);
  phone.addEventListener("change", changed);
  await draw();
}

// Without the worker the page works, but not where there is no network to open it with.
function keepShell() {
  if (!navigator.serviceWorker) {
    return;
  }
  const script = document.body.dataset.worker;
  const kept = ["/m/", "/g/"].map((scope) => navigator.serviceWorker.register(script, { scope }));
  Promise.all(kept).catch((error) => console.warn("The page is not kept on this phone.", error));
}

// Links between screens are no journey to the server.
function follow(event) {
  const link = event.target.closest("a[href]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  if (link && plain && link.origin === location.origin && link.pathname.startsWith("/m/")) {
    event.preventDefault();
    go(link.pathname + link.search);
  }
}

// A page that has shown one person's things never becomes another's: it begins anew.
function reopen(event) {
  if (event.target.closest("[data-reopen-page]")) {
    location.reload();
  }
}

function go(path, { instead = false, saying = "" } = {}) {
  if (instead) {
    history.replaceState(null, "", path);
  } else {
    history.pushState(null, "", path);
  }
  tell(saying);
  window.scrollTo(0, 0);
  return draw();
}

// What has just been done, above whatever screen comes next.
function tell(words) {
  told = words;
  clearTimeout(telling);
  telling = setTimeout(() => {
    told = "";
    drawFrame();
  }, SAID_FOR);
  drawFrame();
}

async function draw() {
  drawing += 1;
  const turn = drawing;
  await leave();
  const screen = screenAt(location);
  const page = { go, tell, redraw: draw, query: screen.query, params: screen.params };
  const values = await screen.values(phone, page);
  // Somebody went on while it was being read from the phone.
  if (turn !== drawing) {
    return;
  }
  const root = fill(screen.template, values);
  // Nothing is taken from under a finger only to be drawn the same again.
  if (isDrawn(screen, root)) {
    drawFrame();
    return;
  }
  shown = { screen, page, still: values.still, drawn: screen.whole ? root.cloneNode(true) : null };
  const main = document.getElementById("main");
  const body = document.createElement("div");
  body.className = "screen";
  body.append(root);
  main.replaceChildren(body);
  const title = values.title || say(screen.title, {});
  document.title = title;
  drawFrame(title, screen.back);
  if (screen.wire) {
    await screen.wire(body, phone, page, values);
  }
}

// Whether it stands there already, for a screen that is `whole`.
function isDrawn(screen, root) {
  return Boolean(
    shown && shown.drawn && shown.screen.template === screen.template && shown.drawn.isEqualNode(root),
  );
}

// What a screen is still about, such as a recording, ends with it and is kept.
async function leave() {
  if (shown && shown.page.leaving) {
    await shown.page.leaving();
  }
}

// A form that somebody is typing in stays as it is. Much changes at once: it is drawn once.
function changed() {
  clearTimeout(changing);
  changing = setTimeout(() => {
    if (shown && !shown.still) {
      draw();
    } else {
      drawFrame();
    }
  }, AT_ONCE);
}

function drawFrame(title = document.title, back = shown && shown.screen.back) {
  const head = document.getElementById("head");
  head.replaceChildren(fill("t-head", { title, back, told, ...standing(), ...warnings() }));
  document.querySelectorAll("#tabs a").forEach((tab) => {
    if (isHere(tab.pathname)) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  });
}

function isHere(path) {
  return path === "/m/" ? location.pathname === path : location.pathname.startsWith(path);
}

// What of this person's work the station has, in a few words.
function standing() {
  const { waiting, refused, conflict } = phone.counts;
  const unsettled = refused + conflict;
  const words = [];
  if (!phone.online) {
    words.push(say("offline", {}));
  } else if (phone.sending) {
    words.push(say("sending", {}));
  }
  if (waiting) {
    words.push(say("waiting", { n: waiting }));
  }
  if (unsettled) {
    words.push(say("unsettled", { n: unsettled }));
  }
  return { sync: words.join(" · ") || say("all-sent", {}), hot: unsettled > 0 ? "sync hot" : "sync" };
}

function warnings() {
  const there = `/accounts/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`;
  return {
    trouble: phone.trouble ? say(`trouble-${phone.trouble}`, {}) : "",
    signIn: phone.signedIn === false && !phone.another ? there : "",
    another: phone.another,
    old: phone.data && !phone.online && phone.asOf ? say("as-of", { at: moment(phone.asOf) }) : "",
  };
}

begin();
