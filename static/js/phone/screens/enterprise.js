// One enterprise: call, find, what is open, what was promised, who was there last.
import { newId } from "../phone.js";
import { say } from "../bind.js";
import { all, enterpriseById, enterpriseRow, lineRow, unsentOf } from "../rows.js";
import { whereAmI } from "../where.js";
import { moment, plainDay } from "../words.js";

export const enterprise = {
  template: "t-enterprise",
  title: "title-enterprise",
  back: "/m/enterprises/",

  async values(phone, page) {
    const found = enterpriseById(phone, page.params[0]);
    if (!found) {
      return { missing: true, title: say("title-enterprise", {}) };
    }
    const kept = phone.operations.filter((one) => one.kind === "promise_kept");
    return {
      ...enterpriseRow(found),
      title: found.name,
      raise: `/m/issues/new/?enterprise=${found.id}`,
      contacts: (found.contacts || []).map((one) => ({ ...one, tel: one.phone ? `tel:${one.phone}` : null })),
      visits: (found.visits || []).map((one) => ({ ...one, at: moment(one.happened_at) })),
      promises: (found.promises || []).map((one) => ({
        ...one,
        day: one.due_on ? plainDay(one.due_on) : "",
        kept: kept.some((row) => row.body.promise === one.id),
      })),
      lines: all(phone, "issues")
        .filter((one) => one.enterprise === found.id)
        .map((one) => lineRow(phone, one)),
      unsent: unsentOf(phone, found.id),
      short: !found.mine,
    };
  },

  wire(root, phone, page, values) {
    const arrived = root.querySelector("[data-arrived]");
    if (arrived) {
      arrived.addEventListener("click", () => checkIn(arrived, phone, page, values));
    }
    root.querySelectorAll("[data-promise]").forEach((button) => {
      button.addEventListener("click", () => keepPromise(button, phone, page, values));
    });
  },
};

async function checkIn(button, phone, page, { id, name }) {
  button.disabled = true;
  const at = new Date().toISOString();
  const position = mayKeep(phone) ? await whereAmI() : null;
  await put(phone, page, {
    kind: "check_in",
    body: position ? { enterprise: id, at, position } : { enterprise: id, at },
    title: say("arrived", {}),
    enterprise: id,
    enterprise_name: name,
  });
  button.disabled = false;
}

async function keepPromise(button, phone, page, { id, name, promises }) {
  button.disabled = true;
  const promise = promises.find((one) => one.id === Number(button.dataset.promise));
  await put(phone, page, {
    kind: "promise_kept",
    body: { promise: promise.id },
    title: promise.text,
    enterprise: id,
    enterprise_name: name,
  });
  button.disabled = false;
}

async function put(phone, page, operation) {
  try {
    await phone.put({ ...operation, photos: [], draft: newId() });
    page.tell(say(phone.keeps ? "kept" : "sent", {}));
  } catch (error) {
    page.tell(error.message || say("not-kept", {}));
  }
}

// A position leaves the phone only with the officer's consent and on shift.
export function mayKeep(phone) {
  const position = phone.data && phone.data.position;
  return Boolean(position && position.consent && position.on_shift);
}
