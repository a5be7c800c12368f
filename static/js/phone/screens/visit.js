// 记走访: where, how, what was done, what was seen. Everything else is behind one more press.
import { say } from "../bind.js";
import { DraftForm, draftAbout, one } from "../form.js";
import { all, enterpriseById } from "../rows.js";
import { distance, whereAmI } from "../where.js";
import { asMoment, localMoment, metres } from "../words.js";
import { mayKeep } from "./enterprise.js";
import { addFinding, findingsIn, showFindings } from "./findings.js";

// So near, the enterprise is chosen by itself when none was.
const NEAR = 300;

export const visit = {
  template: "t-visit",
  title: "title-visit",
  back: "/m/",

  async values(phone, page) {
    const about = await draftAbout(phone, page, "visit");
    const { value, chosen } = about;
    const choices = (phone.data && phone.data.choices) || {};
    return {
      ...about,
      channels: pairs(choices.channels, "on_site"),
      roles: pairs(choices.roles),
      fronts: pairs(choices.fronts),
      contacts: (chosen && chosen.contacts) || [],
      happened: localMoment(value.started_at),
      waiting: phone.data === null,
      still: phone.data !== null,
    };
  },

  async wire(root, phone, page, { id, value, chosen }) {
    const form = root.querySelector("form");
    if (!form) {
      return;
    }
    showFindings(form, phone, value);
    const draft = new DraftForm(form, phone, page, id, value);
    form.querySelector("[data-add-finding]").addEventListener("click", () => addFinding(draft));
    form.elements.enterprise.addEventListener("change", () => change(form, phone, page, draft));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(draft);
    });
    await findWhere(form, phone, page, draft, chosen);
  },
};

// Contacts belong to the enterprise: the form is drawn again around what has been typed.
async function change(form, phone, page, draft) {
  const found = enterpriseById(phone, form.elements.enterprise.value);
  draft.value.name = found ? found.name : "";
  draft.value.path = found ? `/m/visits/new/?enterprise=${found.id}` : "/m/visits/new/";
  await draft.settle();
  draft.sent = true;
  const and = draft.value.path.includes("?") ? "&" : "?";
  page.go(`${draft.value.path}${and}draft=${draft.id}`, { instead: true });
}

// How far it is, for the officer to see; and kept with the visit where that is allowed.
async function findWhere(form, phone, page, draft, chosen) {
  if (!mayKeep(phone) || draft.value.position) {
    return;
  }
  const here = await whereAmI();
  if (!here || !form.isConnected) {
    return;
  }
  draft.value.position = here;
  const place = form.querySelector("[data-where]");
  if (chosen) {
    const far = distance(here, chosen);
    place.textContent = far === null ? "" : say("from-here", { far: metres(far), name: chosen.name });
    return;
  }
  const [nearest] = all(phone, "enterprises")
    .map((row) => ({ row, far: distance(here, row) }))
    .filter(({ far }) => far !== null && far <= NEAR)
    .sort((first, second) => first.far - second.far);
  if (nearest && !form.elements.enterprise.value) {
    form.elements.enterprise.value = String(nearest.row.id);
    page.tell(say("chosen-near", { far: metres(nearest.far), name: nearest.row.name }));
    await change(form, phone, page, draft);
  }
}

async function save(draft) {
  const { form, value } = draft;
  if (!form.reportValidity()) {
    return;
  }
  await draft.settle();
  const { fields } = value;
  const findings = findingsIn(draft);
  const spoken = draft.photosOf("visit").some((photo) => photo.sound);
  const told = spoken || ["contact", "met", "summary"].some((name) => one(fields, name));
  if (!told && !fields.roles.length && !findings.length) {
    draft.refuse({ message: say("say-something", {}) });
    return;
  }
  const enterprise = Number(one(fields, "enterprise"));
  const body = {
    enterprise,
    channel: one(fields, "channel"),
    happened_at: asMoment(one(fields, "happened_at")),
    contact: one(fields, "contact") ? Number(one(fields, "contact")) : null,
    met: one(fields, "met"),
    roles: fields.roles,
    fronts: fields.fronts,
    summary: one(fields, "summary"),
    findings,
    promises: promised(fields),
    evidence: draft.photosOf("visit").map((photo) => ({ upload: photo.id })),
  };
  if (value.position) {
    body.position = value.position;
  }
  await draft.enter(
    {
      kind: "visit",
      body,
      enterprise,
      enterprise_name: value.name,
      title: one(fields, "summary").slice(0, 60) || say("title-visit", {}),
      photos: value.photos.map((photo) => photo.id),
    },
    `/m/enterprises/${enterprise}/`,
  );
}

function promised(fields) {
  const text = one(fields, "promise");
  return text ? [{ text, due_on: one(fields, "promise_due") || null }] : [];
}

function pairs(choices = [], chosen = "") {
  return choices.map(([value, label]) => ({ value, label, chosen: value === chosen }));
}
