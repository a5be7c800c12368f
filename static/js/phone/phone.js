// The engine of the officer's phone, as the screens use it. Shows no text: codes, and the server's
// own words. Dispatches "change" after anything has changed, and "done" with the answers to what
// has been carried out.
import { dropDraft, dropPhoto, dropRow, dropStrays, enter, exported } from "./drafts.js";
import { keepPhoto, newRow, redoRow, reopenRow, saveDraft, sentAtOnce } from "./drafts.js";
import { Memory } from "./memory.js";
import { finishLeaving, leave, locked, ownerOf, signInSeen } from "./owner.js";
import { prepared } from "./photos.js";
import { Sender } from "./sending.js";
import { State } from "./state.js";
import { findRoom, newId, Trouble } from "./store.js";

export { newId };

// Milliseconds.
const EVERY = 30 * 1000;
const FIRST_ANSWER_WITHIN = 5000;

let begun = null;

// The phone: one in a page, however often it is asked for.
export function start() {
  begun = begun || begin();
  return begun;
}

async function begin() {
  const { book, trouble } = await findRoom("liaison-phone");
  const phone = new Phone(book, trouble);
  await phone.begin();
  return phone;
}

class Phone extends State {
  constructor(book, trouble) {
    super(book, trouble);
    this.sending = false;
    // By draft: a second tap, or a form that saves once more, enters nothing again.
    this.entered = new Map();
    // By content: what was sent by hand and perhaps arrived goes under its old id.
    this.tried = new Map();
    this.round = null;
    this.asked = null;
    this.news = false;
  }

  async begin() {
    await this.guarded(() => finishLeaving(this));
    const owner = await ownerOf(this.book);
    if (owner && owner.seen === signInSeen()) {
      await this.adopt(owner);
      await this.guarded(() => dropStrays(this.store));
    } else if (owner) {
      // Somebody has signed in since: nothing is shown before it is known who.
      this.hide(true);
    }
    this.listen();
    const first = this.wake();
    if (!this.person) {
      await Promise.race([first, new Promise((done) => setTimeout(done, FIRST_ANSWER_WITHIN))]);
    }
  }

  listen() {
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => this.tick(), EVERY);
    if (this.others) {
      this.others.onmessage = ({ data }) => this.guarded(() => this.heardOther(data));
    }
  }

  async wake() {
    if (this.person && this.seen !== signInSeen()) {
      this.hide(true);
    }
    await this.refresh();
    await this.trySending({ anew: true });
  }

  // Only for what waits: asking without a reason would keep a session alive that nobody uses.
  async tick() {
    await this.expire();
    if (this.signedIn !== false && this.counts.waiting) {
      await this.trySending({});
    }
  }

  send() {
    return this.trySending({ anew: true });
  }

  // `anew`: at once, also what is to wait; `hurry`: at once, but for what is to wait. One tab sends
  // at a time; what is asked for meanwhile is done after it.
  trySending(how) {
    this.asked = { ...this.asked, ...how };
    this.round =
      this.round ||
      this.sendAll().finally(() => {
        this.round = null;
      });
    return this.round;
  }

  async sendAll() {
    while (this.sender && !this.another && (this.asked || this.news)) {
      if (this.asked) {
        const how = this.asked;
        this.asked = null;
        await this.sendWith(this.sender, how);
      } else {
        // What was done has changed what there is to know.
        this.news = false;
        await this.refresh();
      }
    }
    this.asked = null;
  }

  sendWith(sender, how) {
    return locked("liaison-outbox", async () => {
      this.sending = true;
      this.changed();
      await this.guarded(() => sender.round(how));
      this.sending = false;
      this.changed();
    });
  }

  // Told by the sender, after every answer.
  async settled(done) {
    this.news = this.news || done.length > 0;
    await this.rowsChanged();
    if (done.length) {
      this.dispatchEvent(new CustomEvent("done", { detail: done }));
    }
  }

  async rowsChanged() {
    this.tell("rows");
    await this.load();
  }

  put(given) {
    const { draft } = given;
    const before = draft && this.entered.get(draft);
    if (before) {
      return before;
    }
    const entering = this.enter(newRow(given));
    if (draft) {
      this.entered.set(draft, entering);
      entering.catch(() => this.entered.delete(draft));
    }
    return entering;
  }

  async enter(row) {
    const store = this.mine();
    if (!this.keeps) {
      return this.enterAtOnce(store, row);
    }
    let kept;
    try {
      kept = await enter(store, row);
    } catch (error) {
      this.fell(error);
      if (error.code === "another") {
        throw error;
      }
      return this.enterAtOnce(store, row);
    }
    await this.rowsChanged();
    // Whatever waits for it, where it mends another, goes too.
    this.trySending({ hurry: true, anew: Boolean(kept.mends) });
    return kept;
  }

  // Nothing can be kept: it is at the server, or it is still the form's.
  async enterAtOnce(store, fresh) {
    const content = JSON.stringify([fresh.draft, fresh.kind, fresh.body]);
    const row = this.tried.get(content) || fresh;
    this.tried.set(content, row);
    const round = (hand) => this.sendWith(new Sender(this, hand), { anew: true });
    try {
      await sentAtOnce(new Memory(), row, store, round);
    } catch (error) {
      if (error.judged) {
        this.tried.delete(content);
      }
      throw error;
    }
    this.tried.delete(content);
    await this.guarded(() => dropDraft(store, row.draft));
    for (const id of row.photos) {
      await this.guarded(() => dropPhoto(store, id));
    }
    this.refresh();
    return row;
  }

  // The store of the person whose page this is.
  mine() {
    if (!this.store) {
      throw new Trouble(this.another ? "another" : "nobody");
    }
    return this.store;
  }

  find(client_id) {
    const row = this.operations.find((one) => one.client_id === client_id);
    if (!row) {
      throw new Trouble("gone");
    }
    return row;
  }

  async drop(client_id) {
    await dropRow(this.mine(), this.find(client_id));
    await this.decided();
  }

  async reopen(client_id) {
    const draft = await reopenRow(this.mine(), this.find(client_id));
    await this.rowsChanged();
    return draft;
  }

  async redo(client_id) {
    await redoRow(this.mine(), this.find(client_id));
    await this.decided();
  }

  // What has waited behind it need wait no longer.
  async decided() {
    await this.rowsChanged();
    this.trySending({ anew: true });
  }

  // Notes are about what is done: that the clock was wrong.
  async dropNote(client_id) {
    await this.mine().write(["notes"], (rows) => rows.remove("notes", client_id));
    await this.rowsChanged();
  }

  async takePhoto(file, draft) {
    const store = this.mine();
    const { id, width, height, size } = await keepPhoto(store, await prepared(file), draft);
    return { id, width, height, size };
  }

  async photoUrl(id) {
    if (!this.urls.has(id)) {
      const bytes = await this.mine().read("bytes", id);
      if (!bytes) {
        throw new Trouble("gone");
      }
      const blob = new Blob([bytes.data], { type: "image/jpeg" });
      this.urls.set(id, URL.createObjectURL(blob));
    }
    return this.urls.get(id);
  }

  async dropPhoto(id) {
    await dropPhoto(this.mine(), id);
    URL.revokeObjectURL(this.urls.get(id));
    this.urls.delete(id);
  }

  async saveDraft(id, value) {
    if (!this.entered.has(id)) {
      await saveDraft(this.mine(), id, value);
    }
  }

  async draft(id) {
    const row = await this.mine().read("drafts", id);
    return row ? row.value : null;
  }

  // The last first.
  async drafts() {
    const rows = await this.mine().readAll("drafts");
    return rows.sort((a, b) => b.at - a.at).map(({ id, at, value }) => ({ id, at, value }));
  }

  async dropDraft(id) {
    await dropDraft(this.mine(), id);
    await this.decided();
  }

  // Operations and drafts: what is lost when it is dropped.
  async unsent() {
    const store = this.mine();
    const all = [await store.keys("operations"), await store.keys("drafts")];
    return all[0].length + all[1].length;
  }

  exportUnsent() {
    return exported(this.mine(), this.person);
  }

  // Whether the server has been told; it will be, where it has not.
  async leave({ unsent }) {
    const told = await leave(this, unsent);
    this.changed();
    return told;
  }
}
