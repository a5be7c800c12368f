// The live board asks for itself anew. What has not changed is left alone, and what cannot be asked
// is said: a board that stands still and looks alive would be worse than none.
import { say } from "./live.js";

const EVERY = 15_000;
// A request that takes longer than this is given up.
const PATIENCE = 10_000;

const board = document.getElementById("board");
const age = document.querySelector("[data-board-age]");
let fresh = new Date();

function clock(moment) {
  return moment.toLocaleTimeString("zh-CN", { hour12: false });
}

function tell(stale) {
  const was = age.classList.contains("stale");
  age.classList.toggle("stale", stale);
  const words = stale ? age.dataset.staleWords : age.dataset.liveWords;
  age.textContent = `${words} ${clock(fresh)}`;
  if (stale && !was) {
    say(age.textContent);
  }
}

function put(html, version) {
  const focused = board.contains(document.activeElement) ? document.activeElement.id : "";
  board.innerHTML = html;
  board.dataset.version = version;
  if (focused) {
    const again = document.getElementById(focused);
    if (again) {
      again.focus();
    }
  }
}

async function ask() {
  const address = new URL(board.dataset.board, window.location.href);
  address.search = window.location.search;
  address.searchParams.set("version", board.dataset.version);
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { signal: given.signal, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 404) {
      // Signed out, or no longer this person's: the page itself says so.
      window.location.reload();
      return;
    }
    if (answer.status === 200) {
      put(await answer.text(), answer.headers.get("X-Board-Version"));
    } else if (answer.status !== 204) {
      throw new Error(`answered ${answer.status}`);
    }
    fresh = new Date();
    tell(false);
  } catch (trouble) {
    // Also when the request was given up; the next one may come through.
    console.warn("The board could not be asked.", trouble);
    tell(true);
  } finally {
    clearTimeout(timer);
    setTimeout(ask, EVERY);
  }
}

tell(false);
setTimeout(ask, EVERY);
