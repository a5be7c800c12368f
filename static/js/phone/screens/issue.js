// One line of the bill, and what the officer may do to it here.
import { fill, say } from "../bind.js";
import { DraftForm, draftAt, one } from "../form.js";
import { enterpriseById, enterpriseRow, lineById, lineRow } from "../rows.js";
import { standing } from "../standing.js";
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
    const { moves, version, stageLabel, stage } = standing(phone, line);
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
      // What it will be once that has been sent.
      then: stage === line.stage ? "" : say("then", { stage: stageLabel }),
      line,
      version,
    };
  },

  async wire(root, phone, page, { open, line, version }) {
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
      save(draft, open, line, version);
    });
    form.scrollIntoView({ block: "start" });
  },
};

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

async function save(draft, move, line, version) {
  const { form, value } = draft;
  if (!form.reportValidity()) {
    return;
  }
  await draft.settle();
  const body = { issue: line.id, move: move.move, ...told(move, value.fields) };
  // Remarks take none: two at once are no conflict.
  if (move.claims) {
    body.version = version;
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
