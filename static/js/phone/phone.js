// The engine of the officer's phone, as the screens use it. Shows no text: codes, and the server's
// own words. Dispatches "change" after anything has changed, and "done" with the answers to what
// has been carried out.
import { dropDraft, dropPhoto, dropRow, enter, exported } from "./drafts.js";
import { keepPhoto, newRow, redoRow, reopenRow, saveDraft, sentAtOnce } from "./drafts.js";
import { Memory } from "./memory.js";
import { leave } from "./owner.js";
import { prepared } from "./photos.js";
import { recorded } from "./recordings.js";
import { Rounds } from "./rounds.js";
import { Sender } from "./sending.js";
import { findRoom, newId, Trouble } from "./store.js";

export { newId };

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

class Phone extends Rounds {
  constructor(book, trouble) {
    super(book, trouble);
    // By draft: a second tap, or a form that saves once more, enters nothing again.
    this.entered = new Map();
    // By content: what was sent by hand and perhaps arrived goes under its old id.
    this.tried = new Map();
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

  // Whoever only looks finds nothing where nobody is.
  shownRow(name, key) {
    return this.store ? this.store.read(name, key) : undefined;
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

  // From here on "photo" is a recording too: kept, sent and dropped alike.
  async takeRecording(blob, seconds, draft) {
    const store = this.mine();
    const { id, size } = await keepPhoto(store, await recorded(blob, seconds), draft);
    return { id, seconds, size };
  }

  // What there is to show of one: its type, its seconds where it is a recording, a blob: URL.
  async shownPhoto(id) {
    const photo = await this.shownRow("photos", id);
    const bytes = photo && !this.urls.has(id) && (await this.shownRow("bytes", id));
    if (bytes) {
      this.urls.set(id, URL.createObjectURL(new Blob([bytes.data], { type: photo.type })));
    }
    if (!photo || !this.urls.has(id)) {
      throw new Trouble("gone");
    }
    return { type: photo.type, seconds: photo.seconds, url: this.urls.get(id) };
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
    const row = await this.shownRow("drafts", id);
    return row ? row.value : null;
  }

  // The last first.
  async drafts() {
    const rows = this.store ? await this.store.readAll("drafts") : [];
    return rows.sort((a, b) => b.at - a.at).map(({ id, at, value }) => ({ id, at, value }));
  }

  async dropDraft(id) {
    await dropDraft(this.mine(), id);
    await this.decided();
  }

  // Operations and drafts: what is lost when it is dropped.
  async unsent() {
    return this.operations.length + (await this.drafts()).length;
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
