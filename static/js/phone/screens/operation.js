// One thing that was done here: what it says, and what became of it. Where somebody was first, mine
// and theirs stand side by side.
import { say } from "../bind.js";
import { fileRow } from "../form.js";
import { operationRow } from "../rows.js";
import { moment } from "../words.js";

export const operation = {
  template: "t-operation",
  title: "title-operation",
  back: "/m/outbox/",

  async values(phone, page) {
    const found = phone.operations.find((one) => one.client_id === page.params[0]);
    if (!found) {
      return { missing: true };
    }
    const theirs = found.state === "conflict" && found.kind === "move" ? found.object : null;
    return {
      ...operationRow(found),
      kindLabel: say(`kind-${found.kind}`, {}),
      said: said(found),
      photos: await photosOf(phone, found),
      problems: problems(found.object),
      theirs: theirs && standing(phone, theirs),
      mayRedo: Boolean(theirs && fits(found, theirs)),
      mayReopen: found.state !== "waiting" && ["visit", "issue", "move"].includes(found.kind) && !theirs,
    };
  },

  wire(root, phone, page, values) {
    on(root, "[data-redo]", async () => {
      await phone.redo(values.client_id);
      page.go("/m/outbox/", { saying: say("redone", {}) });
    });
    on(root, "[data-reopen]", async () => {
      const { path } = await reopened(phone, values);
      page.go(path);
    });
    on(root, "[data-drop]", async () => {
      await phone.drop(values.client_id);
      page.go("/m/outbox/", { saying: say("dropped", {}) });
    });
  },
};

// Without those that have been sent, with all of it, while this is drawn.
async function photosOf(phone, { photos }) {
  const rows = photos.map(async (id) => {
    try {
      return fileRow(await phone.shownPhoto(id));
    } catch (error) {
      if (error.code !== "gone") {
        throw error;
      }
      return null;
    }
  });
  return (await Promise.all(rows)).filter((row) => row);
}

async function reopened(phone, { client_id: id }) {
  const draft = await phone.reopen(id);
  const { path } = await phone.draft(draft);
  return { path: `${path}${path.includes("?") ? "&" : "?"}draft=${draft}` };
}

function on(root, selector, act) {
  const button = root.querySelector(selector);
  if (button) {
    button.addEventListener("click", () => {
      button.disabled = true;
      act();
    });
  }
}

// What was written, in the order of the form.
function said({ body, title }) {
  const texts = ["summary", "text", "note", "reason", "awaited", "awaited_from", "until"];
  const told = [title, ...texts.map((name) => body[name])];
  // What one wrote first is its title too.
  return Array.from(new Set(told))
    .filter((text) => text !== undefined && text !== "")
    .map((text) => ({ text }));
}

// Complaints by field, as the server put them.
function problems(object) {
  const errors = object && object.errors;
  return errors && typeof errors === "object" ? flat(errors).map((text) => ({ text })) : [];
}

function flat(errors) {
  if (typeof errors === "string") {
    return [errors];
  }
  return Object.values(errors).reduce((found, one) => found.concat(flat(one)), []);
}

function fits(found, { available_moves: moves = [] }) {
  return moves.some((one) => one.move === found.body.move);
}

function standing(phone, line) {
  const { stages = [] } = (phone.data && phone.data.choices) || {};
  return {
    stage: new Map(stages).get(line.stage) || line.stage,
    handler: line.handler ? line.handler.name : "",
    due: line.next_due_at ? moment(line.next_due_at) : "",
    title: line.title,
  };
}
