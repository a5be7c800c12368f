// What is being written, and what becomes of it: a row of the outbox. Everything here is one
// transaction each, so that nothing is lost, or there twice, between a draft and its row.
import { judged, lineOf, mark, redone, remove, renamed } from "./outbox.js";
import { base64 } from "./photos.js";
import { newId, Trouble } from "./store.js";

const WITH_FILES = ["operations", "drafts", "photos", "bytes"];
// A photo that neither a draft nor a row has come to own: the form was left.
const STRAY_AFTER = 24 * 3600 * 1000;

export function newRow(given) {
  const { kind, body, enterprise = null, enterprise_name = "", title = "" } = given;
  return {
    client_id: newId(),
    kind,
    made_at: new Date().toISOString(),
    // As it will be sent, and nothing that the form goes on changing.
    body: JSON.parse(JSON.stringify(body)),
    enterprise,
    enterprise_name,
    title,
    photos: given.photos || [],
    draft: given.draft || null,
    // What stood in the form, for whoever must mend it.
    form: given.form ? JSON.parse(JSON.stringify(given.form)) : null,
    state: "waiting",
    code: "",
    message: "",
    object: null,
    tries: 0,
    next_at: 0,
  };
}

// The row, kept. One that mends a refused one takes its place, before what counts on it.
export function enter(store, row) {
  return store.write(WITH_FILES, async (rows) => {
    const all = await rows.all("operations");
    const before = row.draft && all.find((one) => one.draft === row.draft);
    if (before) {
      return before;
    }
    const draft = row.draft && (await rows.get("drafts", row.draft));
    if (!draft || !draft.from) {
      const n = await rows.put("operations", row);
      await clearDraft(rows, row.draft, row.photos);
      return { ...row, n };
    }
    const { n, client_id } = draft.from;
    await rows.put("operations", { ...row, n });
    for (const other of all) {
      if (other.kind === "move" && lineOf(other) === client_id) {
        await rows.put("operations", renamed(other, client_id, row.client_id));
      }
    }
    await clearDraft(rows, row.draft, row.photos);
    return { ...row, n, mends: client_id };
  });
}

export function saveDraft(store, id, value) {
  return store.write(["drafts"], async (rows) => {
    const before = await rows.get("drafts", id);
    await rows.put("drafts", { ...before, id, value, at: Date.now() });
  });
}

export function dropDraft(store, id) {
  return store.write(WITH_FILES, async (rows) => {
    const draft = id && (await rows.get("drafts", id));
    await clearDraft(rows, id, []);
    if (draft && draft.from) {
      await giveUpLine(rows, draft.from.client_id);
    }
  });
}

// With the photos that were taken for it and have not gone with its row.
async function clearDraft(rows, id, besides) {
  if (!id) {
    return;
  }
  await rows.remove("drafts", id);
  for (const photo of await rows.all("photos")) {
    if (photo.draft === id && !besides.includes(photo.id)) {
      await rows.remove("photos", photo.id);
      await rows.remove("bytes", photo.id);
    }
  }
}

// A row as its person sees it; nothing is done to one that has changed since.
function changeRow(store, row, change) {
  return store.write(WITH_FILES, async (rows) => {
    const now = await rows.get("operations", row.n);
    if (!now || now.client_id !== row.client_id) {
      throw new Trouble("gone");
    }
    return change(rows, now);
  });
}

export function dropRow(store, row) {
  return changeRow(store, row, async (rows, now) => {
    await remove(rows, now);
    await giveUpLine(rows, now.client_id);
  });
}

// What was to be done to a line that will never be: its person is told, for the server would wait.
async function giveUpLine(rows, client_id) {
  for (const other of await rows.all("operations")) {
    if (other.kind === "move" && other.state === "waiting" && lineOf(other) === client_id) {
      const said = { status: "refused", code: "needs_refused" };
      await rows.put("operations", judged(other, said));
    }
  }
}

// The id of the draft that it becomes; it keeps its place, and what counts on it waits.
export function reopenRow(store, row) {
  return changeRow(store, row, async (rows, now) => {
    const { kind, body, enterprise, enterprise_name, title, photos } = now;
    const value = now.form || { kind, body, enterprise, enterprise_name, title, photos };
    const draft = { id: newId(), value, at: Date.now(), from: mark(now) };
    await rows.remove("operations", now.n);
    await rows.put("drafts", draft);
    for (const id of photos) {
      const photo = await rows.get("photos", id);
      if (photo) {
        await rows.put("photos", { ...photo, draft: draft.id });
      }
    }
    return draft.id;
  });
}

export function redoRow(store, row) {
  return changeRow(store, row, (rows, now) => {
    if (now.state !== "conflict") {
      throw new Trouble("gone");
    }
    return rows.put("operations", redone(now, newId()));
  });
}

// Of a picture or a recording, as prepared() or recorded() makes it. The camera's own name is
// "image.jpg" for all of them.
export async function keepPhoto(store, made, draft) {
  const { data, suffix, ...about } = made;
  const more = { state: "waiting", code: "", tries: 0, next_at: 0, at: Date.now() };
  const id = newId();
  const photo = { id, name: `${id.slice(0, 8)}${suffix}`, draft, ...about, ...more };
  await store.write(["photos", "bytes"], async (rows) => {
    await rows.put("photos", photo);
    await rows.put("bytes", { id: photo.id, data });
  });
  return photo;
}

export function dropPhoto(store, id) {
  return store.write(["photos", "bytes"], async (rows) => {
    await rows.remove("photos", id);
    await rows.remove("bytes", id);
  });
}

export function dropStrays(store) {
  return store.write(WITH_FILES, async (rows) => {
    const owned = new Set((await rows.all("drafts")).map((one) => one.id));
    const sent = new Set();
    for (const row of await rows.all("operations")) {
      row.photos.forEach((id) => sent.add(id));
    }
    for (const { id, draft, at } of await rows.all("photos")) {
      if (!sent.has(id) && !owned.has(draft) && at < Date.now() - STRAY_AFTER) {
        await rows.remove("photos", id);
        await rows.remove("bytes", id);
      }
    }
  });
}

// A file with all that is unsent. In parts: as one text it may be too long for the browser.
export async function exported(store, person) {
  const about = {
    person,
    exported_at: new Date().toISOString(),
    operations: await store.readAll("operations"),
    drafts: await store.readAll("drafts"),
  };
  const parts = [JSON.stringify(about).slice(0, -1), ',"photos":['];
  for (const [place, photo] of (await store.readAll("photos")).entries()) {
    const bytes = await store.read("bytes", photo.id);
    const data = bytes ? await base64(bytes.data) : "";
    parts.push(place ? "," : "", JSON.stringify({ ...photo, data }));
  }
  return new Blob([...parts, "]}"], { type: "application/json" });
}

// Sent by hand where nothing can be kept: a refusal of the server, or of the network, as Trouble.
export async function sentAtOnce(hand, row, source, round) {
  for (const id of row.photos) {
    const photo = await source.read("photos", id);
    if (photo) {
      await hand.put("photos", photo);
      await hand.put("bytes", await source.read("bytes", id));
    }
  }
  await hand.put("operations", row);
  await round(hand);
  const [left] = await hand.readAll("operations");
  if (left) {
    const said = new Trouble(left.code || "offline", left.message, left.object);
    // For good under its id.
    said.judged = left.state !== "waiting";
    throw said;
  }
}
