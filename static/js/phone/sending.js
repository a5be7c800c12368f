// Sends what waits: operations that are complete, then one photo, then again. What an answer means
// for the rows is in outbox.js; here is what it means for going on.
import { cameThrough } from "./net.js";
import { backOff, judged, later, nextPhoto, ready, renamed, settle } from "./outbox.js";
import { newId, Trouble } from "./store.js";
import { sendPhoto } from "./uploads.js";

const OUTBOX = "/mobile/outbox/";
const MOST = 20;
// So many operations in a row on which the server breaks: it is the server, not they.
const MOST_BROKEN = 3;
// The file itself is no good, whenever it is sent.
const BAD_FILE = ["wrong_type", "unreadable_file", "too_big"];

export class Sender {
  // `phone` has the person, asks the server and hears who is signed in; `store` has the rows.
  constructor(phone, store) {
    this.phone = phone;
    this.store = store;
    this.failures = 0;
    this.notBefore = 0;
    this.closedUntil = 0;
  }

  // Everything that can go now. After failures it waits before it asks again, but for `hurry`:
  // somebody has just done something; and `anew`: somebody has pressed the button, or the network
  // is back, and each row is tried again. What the server has asked to wait always waits.
  async round({ hurry, anew }) {
    const now = Date.now();
    if (now < this.closedUntil || (!hurry && !anew && now < this.notBefore)) {
      return;
    }
    this.most = MOST;
    this.broken = 0;
    this.renewed = false;
    this.person = this.phone.person;
    if (anew) {
      await this.forgetPauses();
    }
    let rows = await this.rows();
    if (!rows.operations.length) {
      return;
    }
    if (!this.phone.csrf) {
      const who = await this.phone.who();
      if (who.code) {
        await this.stop(rows.operations, who);
        return;
      }
    }
    while (this.isMine() && (await this.step(rows))) {
      rows = await this.rows();
    }
  }

  // Another person may have signed in between two requests.
  isMine() {
    const { person, another } = this.phone;
    return person && !another && person.id === this.person.id;
  }

  async rows() {
    const operations = await this.store.readAll("operations");
    operations.sort((a, b) => a.n - b.n);
    const drafts = await this.store.readAll("drafts");
    return { operations, drafts, photos: await this.store.readAll("photos") };
  }

  // Whether to go on.
  async step(rows) {
    const batch = ready(rows, Date.now(), this.most);
    if (batch.length) {
      return this.sendBatch(batch);
    }
    const next = nextPhoto(rows, Date.now());
    return next ? this.sendOnePhoto(next) : false;
  }

  async sendBatch(batch) {
    const operations = batch.map(({ client_id, kind, made_at, body }) => {
      return { client_id, kind, made_at, body };
    });
    const sent_at = new Date().toISOString();
    const json = { user: this.person.id, sent_at, operations };
    const told = await this.post(OUTBOX, { method: "POST", json });
    if (!told.code && told.json && Array.isArray(told.json.results)) {
      const done = await settle(this.store, batch, told.json.results);
      this.failures = this.broken = this.notBefore = 0;
      await this.phone.settled(done);
      return true;
    }
    // A 200 without results is nobody's answer to us.
    const answer = { ...told, code: told.code || "not_ours" };
    if (isAboutAll(answer)) {
      return this.stop(batch, answer);
    }
    if (batch.length > 1) {
      // Too large; or one of them is the mistake, or breaks the server.
      this.most = answer.status === 413 ? Math.floor(batch.length / 2) : 1;
      return true;
    }
    return this.turnedAway(batch[0], answer);
  }

  // One alone that the server does not take.
  async turnedAway(row, answer) {
    const mistake = answer.status === 400 || answer.status === 422;
    const judge = mistake
      ? (one) => judged(one, { ...answer, status: "refused", object: answer.json })
      : (one) => later(one, answer);
    await this.each([row], judge);
    return this.isAlive(answer);
  }

  async sendOnePhoto({ row, photo }) {
    const bytes = await this.store.read("bytes", photo.id);
    const post = (path, options) => this.post(path, options);
    const data = bytes ? bytes.data : new ArrayBuffer(0);
    const answer = await sendPhoto(photo, data, this.person.id, post);
    if (answer.done) {
      this.failures = this.broken = this.notBefore = 0;
      await this.changePhoto(photo, (one) => ({ ...one, state: "done", code: "", tries: 0 }));
      return true;
    }
    if (isAboutAll(answer)) {
      return this.stop([row], answer);
    }
    if (BAD_FILE.includes(answer.code) || (answer.status === 400 && answer.code === "invalid")) {
      const object = { field: "evidence", upload: photo.id };
      const said = { status: "refused", code: "file_refused", message: answer.message, object };
      await this.each([row], (one) => judged(one, said));
      return true;
    }
    if (answer.code === "reused") {
      await this.renamePhoto(row, photo, newId());
      return true;
    }
    await this.changePhoto(photo, (one) => later(one, answer));
    await this.each([row], (one) => ({ ...one, code: answer.code, message: answer.message }));
    return this.isAlive(answer);
  }

  // With a new token, once, where the old one is not taken any more.
  async post(path, options) {
    const answer = await this.phone.ask(path, options);
    if (answer.code !== "permission_denied") {
      return answer;
    }
    const who = await this.phone.who();
    return who.code ? who : this.phone.ask(path, options);
  }

  // Nothing more for now; each keeps why.
  async stop(batch, answer) {
    const { code, message } = answer;
    this.failures += 1;
    this.notBefore = Date.now() + backOff(this.failures);
    if (answer.status === 429) {
      this.closedUntil = Date.now() + answer.wait * 1000;
    }
    await this.each(batch, (row) => ({ ...row, code, message }));
    if (code === "another_person") {
      await this.phone.who();
    }
    return false;
  }

  async isAlive(answer) {
    if (answer.status >= 500) {
      this.broken += 1;
    }
    return this.broken < MOST_BROKEN || this.stop([], answer);
  }

  // Changes those that wait as they were sent.
  async each(batch, change) {
    await this.store.write(["operations"], async (rows) => {
      for (const sent of batch) {
        const row = await rows.get("operations", sent.n);
        if (row && row.client_id === sent.client_id && row.state === "waiting") {
          await rows.put("operations", change(row));
        }
      }
    });
    await this.phone.settled([]);
  }

  changePhoto(photo, change) {
    return this.store.write(["photos"], async (rows) => {
      const row = await rows.get("photos", photo.id);
      if (row) {
        await rows.put("photos", change(row));
      }
    });
  }

  renamePhoto(operation, photo, id) {
    return this.store.write(["operations", "photos", "bytes"], async (rows) => {
      const row = await rows.get("operations", operation.n);
      const bytes = await rows.get("bytes", photo.id);
      if (!row || !bytes) {
        throw new Trouble("refused");
      }
      await rows.put("operations", renamed(row, photo.id, id));
      await rows.put("photos", { ...photo, id });
      await rows.put("bytes", { ...bytes, id });
      await rows.remove("photos", photo.id);
      await rows.remove("bytes", photo.id);
    });
  }

  forgetPauses() {
    return this.store.write(["operations", "photos"], async (rows) => {
      for (const name of ["operations", "photos"]) {
        for (const row of await rows.all(name)) {
          if (row.next_at) {
            await rows.put(name, { ...row, next_at: 0 });
          }
        }
      }
    });
  }
}

// Whether an answer is about the network or the person, and so about all that is to be sent.
function isAboutAll(answer) {
  return !cameThrough(answer) || [401, 403, 404, 429].includes(answer.status);
}
