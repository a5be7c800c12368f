// One line of the bill, and what the officer may do to it here. A move counts on the line as it was
// seen: until one that was made here has been sent, no other is offered.
import { fill, say } from "../bind.js";
import { DraftForm, draftAt, one } from "../form.js";
import { enterpriseById, enterpriseRow, lineById, lineRow } from "../rows.js";
import { moment } from "../words.js";

export const issue = {
  template: "t-issue",
  title: "title-issue",
  back: "/m/issues/",

  async values(phone, page) {
    const line = lineById(phone, page.params[0]);
    if (!line) {
      return { missing: true };
    }
    const row = lineRow(phone, line);
    const about = enterpriseById(phone, line.enterprise);
    const open = page.query.get("move");
    const claimed = row.pending.some((move) => "version" in move.body);
    const moves = claimed ? line.moves.filter((move) => !claims(move)) : line.moves;
    return {
      ...row,
      title: line.number,
      heading: line.title,
      enterpriseHref: `/m/enterprises/${line.enterprise}/`,
      tel: about ? enterpriseRow(about).tel : null,
      raised: moment(line.raised_at),
      handlerName: line.handler ? line.handler.name : "",
      events: (line.events || []).map((event) => ({ ...event, when: moment(event.at) })),
      moves: moves.map((move) => ({
        ...move,
        href: `/m/issues/${line.id}/?move=${move.move}`,
        look: move.tone === "danger" ? "btn danger" : "btn",
      })),
      open: moves.find((move) => move.move === open) || null,
      still: moves.some((move) => move.move === open),
      choosing: moves.length > 0 && !moves.some((move) => move.move === open),
      line,
    };
  },

  async wire(root, phone, page, { open, line }) {
    const place = root.querySelector("[data-move]");
    if (!open || !place) {
      return;
    }
    const { id, value } = await draftAt(phone, page, {
      screen: "issue",
      name: line.enterprise_name,
    });
    const proofs = line.proofs_missing || [];
    const wanted = open.evidence ? [...proofs, "other"].join(" ") : "";
    place.replaceChildren(
      fill("t-move", {
        label: open.label,
        tone: open.tone === "danger" ? "btn danger wide" : "btn primary wide",
        fields: open.fields.map((field) => shape(field)),
        evidence: open.evidence,
        wanted,
        back: `/m/issues/${line.id}/`,
      }),
    );
    const form = place.querySelector("form");
    const draft = new DraftForm(form, phone, page, id, value);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(draft, open, line);
    });
    form.scrollIntoView({ block: "start" });
  },
};

// Remarks take no version: two at once are no conflict.
function claims(move) {
  return move.claims !== false;
}

const TYPES = { date: "date", money: "number", number: "number" };

function shape({ name, label, kind, required, max_length: longest }) {
  return {
    name,
    label,
    required,
    area: kind === "text" && longest > 200,
    line: kind !== "flag" && !(kind === "text" && longest > 200),
    flag: kind === "flag",
    type: TYPES[kind] || "text",
    step: kind === "money" ? "0.01" : null,
    least: kind === "money" || kind === "number" ? "0" : null,
    longest: kind === "text" ? longest : null,
  };
}

async function save(draft, move, line) {
  const { form, value } = draft;
  if (!form.reportValidity()) {
    return;
  }
  await draft.settle();
  const body = { issue: line.id, move: move.move, ...told(move, value.fields) };
  if (claims(move)) {
    body.version = line.version;
  }
  if (move.evidence) {
    body.evidence = value.photos.map((photo) => ({ upload: photo.id, proof: photo.proof || "other" }));
  }
  await draft.enter(
    {
      kind: "move",
      body,
      enterprise: line.enterprise,
      enterprise_name: line.enterprise_name,
      title: say("move-of", { move: move.label, line: line.title }),
      photos: value.photos.map((photo) => photo.id),
    },
    `/m/issues/${line.id}/`,
  );
}

// An empty field that is not asked for is not sent.
function told(move, fields) {
  const found = {};
  move.fields.forEach(({ name, kind }) => {
    const text = one(fields, name);
    if (kind === "flag") {
      found[name] = text === "on";
    } else if (text !== "") {
      found[name] = kind === "number" ? Number(text) : text;
    }
  });
  return found;
}
