// What the phone knows and shows: who it is, what waits, what the server has told; and how it is
// put away when it is not this person's to see any more.
import { Memory } from "./memory.js";
import { ask, cameThrough } from "./net.js";
import { heard, heardNobody, openStore, ownerOf, signInSeen } from "./owner.js";
import { Sender } from "./sending.js";
import { Trouble } from "./store.js";

const SENT_NOWHERE = { operations: [], notes: [], photosWaiting: 0 };

export class State extends EventTarget {
  constructor(book, trouble) {
    super();
    this.memory = new Memory();
    this.book = book || this.memory;
    this.keeps = Boolean(book);
    this.trouble = trouble;
    this.online = navigator.onLine;
    this.signedIn = null;
    // Whose things this page has shown: it never becomes another's.
    this.shown = null;
    this.urls = new Map();
    this.loading = Promise.resolve();
    this.refreshing = null;
    this.others = window.BroadcastChannel ? new BroadcastChannel("liaison-phone") : null;
    this.hide(false);
  }

  get counts() {
    const of = (state) => this.operations.filter((one) => one.state === state).length;
    const photos = this.photosWaiting;
    return { waiting: of("waiting"), refused: of("refused"), conflict: of("conflict"), photos };
  }

  // Nothing of anybody is left in this page. `another`: because somebody else has signed in, or
  // may have.
  hide(another) {
    for (const url of this.urls.values()) {
      URL.revokeObjectURL(url);
    }
    this.urls.clear();
    const nobody = { person: null, store: null, sender: null, csrf: "", seen: "" };
    const nothing = { data: null, etag: "", asOf: null, keepUntil: null };
    Object.assign(this, nobody, nothing, SENT_NOWHERE, { another });
    this.changed();
  }

  // The page is this person's, who has the phone.
  async adopt(owner) {
    if (!this.person) {
      try {
        this.store = await openStore(this, owner);
      } catch (error) {
        this.fell(error);
        this.keeps = false;
        this.store = this.memory;
      }
      this.sender = new Sender(this, this.store);
      if (this.keeps && navigator.storage && navigator.storage.persist) {
        // Asks the browser not to make room with what has not been sent.
        navigator.storage.persist().catch(() => false);
      }
    }
    this.person = owner.person;
    this.shown = owner.person.id;
    this.seen = owner.seen;
    this.keepUntil = new Date(owner.keepUntil);
    this.another = false;
    await this.expire();
    await this.loadData();
    await this.load();
  }

  // In turn, so that what was read first is not shown last.
  load() {
    this.loading = this.loading.then(() => this.guarded(() => this.readRows()));
    return this.loading;
  }

  async readRows() {
    const { store } = this;
    if (!store) {
      return;
    }
    const operations = await store.readAll("operations");
    const photos = await store.readAll("photos");
    const notes = await store.readAll("notes");
    if (store !== this.store) {
      return;
    }
    operations.sort((a, b) => a.n - b.n);
    const sent = new Set();
    operations.forEach((one) => one.photos.forEach((id) => sent.add(id)));
    const waits = (one) => one.state !== "done" && sent.has(one.id);
    Object.assign(this, { operations, notes, photosWaiting: photos.filter(waits).length });
    this.changed();
  }

  async loadData() {
    const { store } = this;
    const kept = store && (await store.read("kept", "data"));
    if (kept && store === this.store) {
      this.showData(kept);
    }
  }

  showData({ value, etag, at }) {
    Object.assign(this, { data: value, etag, asOf: new Date(at) });
    this.changed();
  }

  // Enterprises, contacts and lines are not carried about for longer than the server allows without
  // being asked. What is unsent stays.
  async expire() {
    if (!this.store || !this.keepUntil || Date.now() < this.keepUntil) {
      return;
    }
    Object.assign(this, { data: null, etag: "", asOf: null });
    this.changed();
    await this.guarded(() =>
      this.store.write(["kept"], (rows) => rows.remove("kept", "data")),
    );
  }

  async ask(path, options = {}) {
    const asked = options.method ? { ...options, csrf: this.csrf } : options;
    const answer = await ask(path, asked);
    this.online = cameThrough(answer);
    if (answer.code === "not_authenticated") {
      this.signedIn = false;
      this.csrf = "";
    }
    this.changed();
    return answer;
  }

  // Who is signed in, and a token to send with. The answer; with a code when nobody is.
  async who() {
    const before = signInSeen();
    const answer = await this.ask("/mobile/who/");
    if (!answer.code && !(answer.json && answer.json.user)) {
      return { ...answer, code: "not_ours" };
    }
    await this.guarded(async () => {
      if (answer.code === "not_authenticated") {
        await heardNobody(this);
      } else if (!answer.code) {
        await heard(this, answer.json, before || signInSeen());
      }
    });
    if (!answer.code && this.person) {
      this.csrf = answer.json.csrf;
      this.signedIn = true;
      this.changed();
    }
    return answer;
  }

  // Who, and what there is to know; what has not changed is not sent again.
  refresh() {
    this.refreshing =
      this.refreshing ||
      this.fetchData().finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  async fetchData() {
    const who = await this.who();
    const { store } = this;
    if (who.code || !store) {
      return;
    }
    const headers = this.data && this.etag ? { "If-None-Match": this.etag } : {};
    const answer = await this.ask("/mobile/data/", { headers });
    // Somebody else may have signed in between the two.
    if (answer.code || store !== this.store || this.seen !== signInSeen()) {
      return;
    }
    const told = { value: this.data, etag: this.etag };
    const fresh = { value: answer.json, etag: answer.etag };
    const kept = { name: "data", at: Date.now(), ...(answer.status === 304 ? told : fresh) };
    this.showData(kept);
    await this.guarded(() => store.write(["kept"], (rows) => rows.put("kept", kept)));
    this.tell("data");
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  // To the other tabs.
  tell(what) {
    if (this.others) {
      this.others.postMessage({ what });
    }
  }

  async heardOther({ what }) {
    if (what === "rows") {
      await this.load();
    } else if (what === "data") {
      await this.loadData();
    } else if (what === "owner") {
      const owner = await ownerOf(this.book);
      const theirs = owner && this.shown && owner.person.id !== this.shown;
      if (theirs || (this.person && !owner)) {
        this.hide(Boolean(theirs));
      } else if (owner && !this.person && owner.seen === signInSeen()) {
        await this.adopt(owner);
      }
    }
  }

  // What goes wrong with keeping is said, and stops nothing else.
  async guarded(work) {
    try {
      return await work();
    } catch (error) {
      this.fell(error);
      return undefined;
    }
  }

  fell(error) {
    if (!(error instanceof Trouble)) {
      throw error;
    }
    if (error.code === "full" || error.code === "refused") {
      this.trouble = error.code;
      this.changed();
    }
  }
}
