// The rows of the outbox: which may go next, and what an answer makes of them. No network here.

// A row is "waiting", or "refused" or in "conflict" and then waits for its person. Times are
// milliseconds by the phone's clock, for itself only.
const FIRST_PAUSE = 30 * 1000;
const LONGEST_PAUSE = 5 * 60 * 1000;

export function backOff(tries) {
  return Math.min(FIRST_PAUSE * 2 ** Math.max(tries - 1, 0), LONGEST_PAUSE);
}

// A moment far off is not one of ours: the clock has been put back since.
function isDue(row, now) {
  return row.next_at <= now || row.next_at > now + 2 * LONGEST_PAUSE;
}

export function later(row, { code, message = "" }, now = Date.now()) {
  const tries = row.tries + 1;
  // The first time it was only in the wrong batch.
  const pause = code === "after_another" && tries === 1 ? 0 : backOff(tries);
  return { ...row, code, message, tries, next_at: now + pause };
}

// The line of the bill that a row is about: its id, or the operation that raises it.
export function lineOf(row) {
  if (row.kind === "issue") {
    return row.client_id;
  }
  const line = row.kind === "move" ? row.body.issue : null;
  return line && typeof line === "object" ? line.client_id : line;
}

// What holds others back once it is refused; a draft that is being mended does so too.
export function mark(row) {
  return {
    n: row.n,
    client_id: row.client_id,
    line: lineOf(row),
    raises: row.kind === "issue",
    claims: row.kind === "move" && row.body.version !== undefined,
  };
}

// The operations to be sent now, at most `most`, those of an enterprise in their order. Whatever
// cannot go holds back what is behind it at the same enterprise; a refused one only the moves that
// count on the line as it would have left it.
export function ready({ operations, photos, drafts }, now, most) {
  const missing = new Set(photos.filter((one) => one.state !== "done").map((one) => one.id));
  const refused = operations.filter((one) => one.state === "refused").map(mark);
  const mending = drafts.filter((one) => one.from).map((one) => one.from);
  const held = [...refused, ...mending];
  // Sent with the line that it is about, a move is refused for good where the line is.
  const raised = new Set();
  const groups = new Map();
  for (const row of operations) {
    const group = groups.get(row.enterprise) || { rows: [], closed: false };
    groups.set(row.enterprise, group);
    if (row.state === "refused" || (row.state === "waiting" && isHeld(row, held))) {
      continue;
    }
    const waits = row.photos.some((id) => missing.has(id)) || !isDue(row, now);
    const isNext = row.kind === "move" && raised.has(lineOf(row));
    group.closed = group.closed || row.state === "conflict" || waits || isNext;
    if (row.kind === "issue") {
      raised.add(row.client_id);
    }
    if (!group.closed) {
      group.rows.push(row);
    }
  }
  // What has been tried more often comes later, so that it stands in nobody's way.
  const filled = Array.from(groups.values()).filter((one) => one.rows.length);
  filled.sort((a, b) => a.rows[0].tries - b.rows[0].tries || a.rows[0].n - b.rows[0].n);
  return filled.reduce((all, one) => all.concat(one.rows), []).slice(0, most);
}

function isHeld(row, held) {
  const { line, claims } = mark(row);
  const before = held.filter((one) => one.line === line && one.n < row.n);
  return row.kind === "move" && before.some((one) => one.raises || (one.claims && claims));
}

// The photo to be sent now, with its operation.
export function nextPhoto({ operations, photos }, now) {
  const waiting = photos.filter((one) => one.state !== "done" && isDue(one, now));
  for (const row of operations.filter((one) => one.state === "waiting")) {
    const photo = waiting.find((one) => row.photos.includes(one.id));
    if (photo) {
      return { row, photo };
    }
  }
  return null;
}

// What the server said of each: only "done" under its own id removes a row, with its photos, in one
// transaction. The results of those that are done.
export function settle(store, batch, results) {
  return store.write(["operations", "photos", "bytes", "notes"], async (rows) => {
    const done = [];
    for (const sent of batch) {
      const row = await rows.get("operations", sent.n);
      // Dropped or redone meanwhile.
      if (!row || row.client_id !== sent.client_id) {
        continue;
      }
      const said = results.find((one) => one && one.client_id === row.client_id) || {};
      if (said.status === "done") {
        await remove(rows, row);
        if (said.code) {
          await rows.put("notes", noteOf(row, said));
        }
        done.push(said);
      } else if (said.status === "refused" || said.status === "conflict") {
        await rows.put("operations", judged(row, said));
      } else {
        const code = said.code || "not_answered";
        await rows.put("operations", later(row, { code, message: said.message }));
        if (code === "file_missing") {
          await sendAgain(rows, row.photos);
        }
      }
    }
    return done;
  });
}

export function judged(row, { status, code, message = "", object = null }) {
  return { ...row, state: status, code, message, object, tries: 0, next_at: 0 };
}

export async function remove(rows, row) {
  await rows.remove("operations", row.n);
  for (const id of row.photos) {
    await rows.remove("photos", id);
    await rows.remove("bytes", id);
  }
}

// The server has lost them: they begin anew.
async function sendAgain(rows, photos) {
  for (const id of photos) {
    const photo = await rows.get("photos", id);
    if (photo) {
      await rows.put("photos", { ...photo, state: "waiting", next_at: 0 });
    }
  }
}

// Something to be told of what is no longer there: the clock was wrong.
function noteOf({ client_id, kind, title, enterprise_name }, { code, message }) {
  return { client_id, kind, title, enterprise_name, code, message, at: Date.now() };
}

// The same under new ids, wherever they stand in a body: a UUID occurs in no other sense.
export function renamed(row, old, fresh) {
  const text = JSON.stringify(row.body).split(old).join(fresh);
  const photos = row.photos.map((id) => (id === old ? fresh : id));
  return { ...row, photos, body: JSON.parse(text) };
}

// A conflict that the person has decided: the same on what there is now, in its old place.
export function redone(row, client_id) {
  const version = row.object && row.object.version;
  const { body } = renamed(row, row.client_id, client_id);
  if (body.client_id !== undefined) {
    body.client_id = client_id;
  }
  if (body.version !== undefined && version) {
    body.version = version;
  }
  const waiting = judged(row, { status: "waiting", code: "" });
  return { ...waiting, client_id, body };
}
