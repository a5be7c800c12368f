// 提出问题: one line for the bill, from the gate.
import { asFound, DraftForm, draftAbout, one } from "../form.js";
import { enterpriseById } from "../rows.js";

export const raise = {
  template: "t-raise",
  title: "title-raise",
  back: "/m/issues/",

  async values(phone, page) {
    const choices = (phone.data && phone.data.choices) || {};
    return {
      ...(await draftAbout(phone, page, "raise")),
      kinds: choices.kinds || [],
      levels: (choices.levels || []).map(([level, label]) => ({
        value: level,
        label,
        chosen: level === "ordinary",
      })),
      waiting: phone.data === null,
      still: phone.data !== null,
    };
  },

  wire(root, phone, page, { id, value }) {
    const form = root.querySelector("form");
    if (!form) {
      return;
    }
    const draft = new DraftForm(form, phone, page, id, value);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(draft);
    });
  },
};

async function save(draft) {
  const { form, value, phone } = draft;
  if (!form.reportValidity()) {
    return;
  }
  await draft.settle();
  const { fields } = value;
  const enterprise = Number(one(fields, "enterprise"));
  const found = enterpriseById(phone, enterprise);
  value.name = found ? found.name : "";
  await draft.enter(
    {
      kind: "issue",
      body: {
        enterprise,
        kind: one(fields, "kind"),
        title: one(fields, "title"),
        text: one(fields, "text"),
        level: one(fields, "level"),
        evidence: value.photos.map(asFound),
      },
      enterprise,
      enterprise_name: value.name,
      title: one(fields, "title"),
      photos: value.photos.map((photo) => photo.id),
    },
    `/m/enterprises/${enterprise}/`,
  );
}
