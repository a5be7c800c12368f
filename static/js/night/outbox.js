// What a guard did, kept on the phone until the server has said what became of it. One store for
// the phone, each row with the link it belongs to; the engine's store and its way of asking.

import { ask } from "../phone/net.js";
import { Store, newId } from "../phone/store.js";

const NAME = "liaison-night";
const AT_ONCE = 20;
// The link ended or never was, for which nothing can be sent any more.
const GONE = 404;
// Milliseconds for which a row waits for its position; longer than it is looked for.
const HELD = 6000;

export class Outbox {
  constructor(book) {
    this.book = book;
    this.sending = null;
  }

  static async open() {
    return new Outbox(await Store.open(NAME));
  }

  kept(name) {
    return this.book.read("kept", name).then((row) => (row ? row.value : null));
  }

  keep(name, value) {
    return this.book.change(["kept"], (rows) => rows.put("kept", { name, value }));
  }

  async rows(token) {
    const all = await this.book.readAll("operations");
    return all.filter((row) => row.token === token);
  }

  // Resolves with its number once it is on the disk. `held`: a position may still come to it.
  add(token, kind, body, photo = null, held = false) {
    const made_at = new Date().toISOString();
    const held_until = held ? Date.now() + HELD : 0;
    const row = { token, client_id: newId(), kind, made_at, body, held_until, state: "kept" };
    return this.book.change(["operations", "photos", "bytes"], async (rows) => {
      if (photo) {
        const id = newId();
        row.body = { ...body, photos: [id] };
        await rows.put("photos", { id, token, sent: false });
        await rows.put("bytes", { id, data: photo });
      }
      return rows.put("operations", row);
    });
  }

  // Where it was, unless it may have been sent without: what was sent once must stay as it was.
  place(n, here) {
    return this.book.change(["operations"], async (rows) => {
      const row = await rows.get("operations", n);
      if (row && row.held_until > Date.now()) {
        await rows.put("operations", { ...row, body: { ...row.body, ...here }, held_until: 0 });
      }
    });
  }

  // What an earlier link of the same night could not send any more goes out by this one. The server
  // knows each by its own id, so what had arrived after all is done no second time.
  async adopt(token, whose) {
    const kept = await this.book.readAll("kept");
    const same = kept
      .filter((row) => row.name.startsWith("data:") && row.value.whose === whose)
      .map((row) => row.name.slice(5));
    const left = (await this.book.readAll("operations")).filter(
      (row) => row.token !== token && same.includes(row.token) && row.state === "kept",
    );
    if (left.length) {
      await this.book.change(["operations"], async (change) => {
        for (const row of left) {
          await change.put("operations", { ...row, token });
        }
      });
    }
  }

  // Sends what waits, in order. Resolves with "sent", "offline", "gone" or "later".
  send(token) {
    if (!this.sending) {
      this.sending = this.sendAll(token).finally(() => {
        this.sending = null;
      });
    }
    return this.sending;
  }

  async sendAll(token) {
    for (;;) {
      const waiting = (await this.rows(token)).filter((row) => row.state === "kept");
      if (!waiting.length) {
        return "sent";
      }
      const held = waiting.findIndex((row) => row.held_until > Date.now());
      const batch = waiting.slice(0, held < 0 ? AT_ONCE : Math.min(held, AT_ONCE));
      if (!batch.length) {
        return "later";
      }
      const stopped = await this.sendPhotos(token, batch);
      if (stopped) {
        return stopped;
      }
      const answer = await ask(`/n/${token}/operations/`, {
        method: "POST",
        json: {
          sent_at: new Date().toISOString(),
          operations: batch.map(({ client_id, kind, made_at, body }) => {
            return { client_id, kind, made_at, body };
          }),
        },
      });
      if (answer.status === GONE) {
        return "gone";
      }
      if (answer.status !== 200 || !answer.json || !Array.isArray(answer.json.answers)) {
        return answer.status === 0 ? "offline" : "later";
      }
      await this.note(batch, answer.json.answers);
    }
  }

  async note(batch, answers) {
    const told = new Map(answers.map((one) => [one.client_id, one]));
    await this.book.change(["operations"], async (rows) => {
      for (const row of batch) {
        const answer = told.get(row.client_id);
        if (answer) {
          const { status, code, message, object } = answer;
          await rows.put("operations", { ...row, state: status, code, message, object });
        }
      }
    });
  }

  // What the pictures of these must be there before. "" when they are.
  async sendPhotos(token, batch) {
    for (const row of batch) {
      for (const id of row.body.photos || []) {
        const photo = await this.book.read("photos", id);
        if (photo && !photo.sent) {
          const { data } = await this.book.read("bytes", id);
          const path = `/n/${token}/photos/${id}/`;
          const answer = await ask(path, { method: "POST", bytes: data, seconds: 60 });
          if (answer.status === GONE) {
            return "gone";
          }
          if ([200, 400, 413, 422].includes(answer.status)) {
            await this.settle(row, id, answer.status === 200);
          } else {
            return answer.status === 0 ? "offline" : "later";
          }
        }
      }
    }
    return "";
  }

  // A picture that the server cannot read does not keep the words from it.
  settle(row, id, taken) {
    return this.book.change(["operations", "photos", "bytes"], async (rows) => {
      await rows.put("photos", { id, token: row.token, sent: taken });
      await rows.remove("bytes", id);
      if (!taken) {
        row.body = { ...row.body, photos: [] };
        row.body.text = row.body.text || "📷";
        await rows.put("operations", row);
      }
    });
  }

  // Nights that are over and wholly sent are forgotten.
  async forget(now) {
    const nights = (await this.book.readAll("kept")).filter((row) => row.name.startsWith("data:"));
    for (const { name, value } of nights) {
      const token = name.slice(5);
      const rows = await this.rows(token);
      if (Date.parse(value.valid_until) < now && !rows.some((row) => row.state === "kept")) {
        await this.book.change(["kept", "operations"], async (change) => {
          await change.remove("kept", name);
          for (const row of rows) {
            await change.remove("operations", row.n);
          }
        });
      }
    }
  }
}
