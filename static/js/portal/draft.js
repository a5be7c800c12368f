// form[data-draft="name"]: what is typed and which files were chosen is kept on this device until the
// server has taken it, by person and address; put back after a reload, offered again once there is a
// connection. Gone at sign-out, and once another person uses the device.
import { say } from "../live.js";
import { Store } from "../phone/store.js";
import { setFiles } from "./files.js";

const DATABASE = "liaison-portal";
// The server's word that it has taken a form, by the form's id (liaison/portal/middleware.py).
const TAKEN = "draft_taken";
// What is not the person's own, or must be the page's.
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version", "kept", "draft_id"]);
// Milliseconds.
const AFTER_TYPING = 300;
const ANSWERS_WITHIN = 5000;
const KEPT_FOR = 30 * 24 * 3600 * 1000;

const person = document.body.dataset.person || "";
const words = document.querySelector("[data-draft-words]");
let store = null;

class Draft {
  constructor(form) {
    this.form = form;
    this.id = [person, window.location.pathname, form.dataset.draft].join("|");
    // Files of a form that the server has refused and keeps itself: sent again only if it lost them.
    this.before = [];
    this.timer = null;
    this.saved = Promise.resolve();
    this.notice = document.createElement("div");
    this.notice.className = "alert draft";
    this.notice.hidden = true;
    form.prepend(this.notice);
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.send(event));
  }

  values() {
    const found = [];
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !NOT_KEPT.has(name)) {
        found.push([name, value]);
      }
    }
    return found;
  }

  inputs() {
    return [...this.form.querySelectorAll("input[type=file]:not([data-camera])")];
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), AFTER_TYPING);
  }

  keep() {
    clearTimeout(this.timer);
    this.saved = this.saved.then(() => this.write());
    return this.saved;
  }

  async write() {
    const files = [...this.before];
    for (const input of this.inputs()) {
      for (const file of input.files) {
        const { name, type } = file;
        files.push({ input: input.name, name, type, data: await file.arrayBuffer() });
      }
    }
    const row = { id: this.id, person, draft: this.token(), values: this.values(), at: Date.now() };
    try {
      await store.change(["drafts", "bytes"], async (rows) => {
        await rows.put("drafts", row);
        await rows.put("bytes", { id: this.id, files });
      });
    } catch (error) {
      this.tell("full");
    }
  }

  // By this the server's word is known to be about this form.
  token() {
    let field = this.form.elements.namedItem("draft_id");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "draft_id";
      this.form.append(field);
    }
    field.value = field.value || `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    return field.value;
  }

  async restore() {
    const row = await store.read("drafts", this.id);
    if (!row) {
      return;
    }
    const { files } = (await store.read("bytes", this.id)) || { files: [] };
    if ("answered" in this.form.dataset) {
      // The page holds what was typed and the server what was sent with it.
      this.before = files;
      return;
    }
    this.fill(row.values);
    for (const input of this.inputs()) {
      const theirs = files.filter((one) => one.input === input.name);
      if (theirs.length) {
        setFiles(input, theirs.map(({ data, name, type }) => new File([data], name, { type })));
      }
    }
    this.tell(navigator.onLine ? "restored" : "offline");
  }

  fill(values) {
    const given = new Map();
    for (const [name, value] of values) {
      given.set(name, [...(given.get(name) || []), value]);
    }
    for (const control of this.form.elements) {
      if (!control.name || NOT_KEPT.has(control.name) || control.type === "file") {
        continue;
      }
      const theirs = given.get(control.name) || [];
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = theirs.includes(control.value);
      } else if (control.tagName === "SELECT" && control.multiple) {
        [...control.options].forEach((one) => {
          one.selected = theirs.includes(one.value);
        });
      } else if (theirs.length && control.tagName !== "BUTTON") {
        control.value = theirs[0];
      }
    }
  }

  // Kept first; sent only where the server is there, so that no error page takes the form away.
  async send(event) {
    if (event.defaultPrevented || this.form.dataset.sending) {
      event.preventDefault();
      return;
    }
    event.preventDefault();
    this.form.dataset.sending = "1";
    const pressed = event.submitter;
    await this.keep();
    if (!(await reached())) {
      delete this.form.dataset.sending;
      this.tell("offline");
      return;
    }
    if (pressed && pressed.name) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = pressed.name;
      field.value = pressed.value;
      this.form.append(field);
    }
    this.token();
    HTMLFormElement.prototype.submit.call(this.form);
  }

  tell(what) {
    const said = words ? words.dataset[what] : "";
    this.notice.textContent = said;
    this.notice.hidden = !said;
    say(said);
  }
}

async function reached() {
  if (!navigator.onLine) {
    return false;
  }
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWERS_WITHIN);
  try {
    await fetch("/healthz", { cache: "no-store", signal: patience.signal });
    return true;
  } catch (error) {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function takenNow() {
  const found = new RegExp(`(?:^|; )${TAKEN}=([^;]*)`).exec(document.cookie);
  return found ? decodeURIComponent(found[1]) : "";
}

async function drop(which) {
  const rows = (await store.readAll("drafts")).filter(which);
  if (rows.length) {
    await store.change(["drafts", "bytes"], async (kept) => {
      for (const { id } of rows) {
        await kept.remove("drafts", id);
        await kept.remove("bytes", id);
      }
    });
  }
}

async function begin() {
  try {
    store = await Store.open(DATABASE);
  } catch (error) {
    // Nothing can be kept here: the forms work as plain forms.
    return;
  }
  const taken = takenNow();
  const old = Date.now() - KEPT_FOR;
  await drop((row) => row.person !== person || row.draft === taken || row.at < old);
  if (taken) {
    document.cookie = `${TAKEN}=; Max-Age=0; path=/; SameSite=Lax`;
  }
  const drafts = [...document.querySelectorAll("form[data-draft]")].map((form) => new Draft(form));
  for (const draft of drafts) {
    await draft.restore();
  }
  window.addEventListener("online", () => {
    drafts.filter((one) => !one.notice.hidden).forEach((one) => one.tell("back"));
  });
  // Coming back with the browser's button finds a form that is not being sent any more.
  window.addEventListener("pageshow", () => {
    drafts.forEach((one) => delete one.form.dataset.sending);
  });
  for (const form of document.querySelectorAll("form[data-ends-session]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await drop(() => true).catch(() => null);
      HTMLFormElement.prototype.submit.call(form);
    });
  }
}

begin();
