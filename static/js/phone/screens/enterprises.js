// One's own enterprises, then those of the station: by name, by initials, by nearness.
import { say } from "../bind.js";
import { fill } from "../bind.js";
import { all, enterpriseRow } from "../rows.js";
import { distance, whereAmI } from "../where.js";

// Nobody scrolls further; the search finds the others.
const MOST = 60;

export const enterprises = {
  template: "t-enterprises",
  title: "title-enterprises",

  async values(phone) {
    return { waiting: phone.data === null, still: phone.data !== null };
  },

  wire(root, phone, page) {
    const state = { words: "", here: null };
    const box = root.querySelector("input[type=search]");
    const list = root.querySelector("[data-list]");
    const near = root.querySelector("[data-near]");
    const show = () => list.replaceChildren(fill("t-enterprise-list", found(phone, state)));
    box.addEventListener("input", () => {
      state.words = box.value.trim().toLowerCase();
      show();
    });
    near.addEventListener("click", async () => {
      near.disabled = true;
      state.here = await whereAmI();
      near.disabled = false;
      if (!state.here) {
        page.tell(say("no-position", {}));
      }
      show();
    });
    phone.addEventListener("change", () => (list.isConnected ? show() : null));
    show();
  },
};

function found(phone, { words, here }) {
  const rows = all(phone, "enterprises").filter((one) => matches(one, words));
  if (here) {
    rows.sort((one, other) => (distance(here, one) ?? Infinity) - (distance(here, other) ?? Infinity));
  }
  const shown = rows.slice(0, MOST).map((one) => enterpriseRow(one, here));
  return {
    mine: shown.filter((one) => one.mine),
    others: shown.filter((one) => !one.mine),
    nothing: phone.data !== null && shown.length === 0,
    more: rows.length > MOST ? say("more-found", { n: rows.length - MOST }) : "",
  };
}

function matches({ name, initials }, words) {
  return !words || name.toLowerCase().includes(words) || (initials || "").toLowerCase().startsWith(words);
}
