// What was done here and is not at the station yet, and why not.
import { operationRow } from "../rows.js";
import { say } from "../bind.js";

export const outbox = {
  template: "t-outbox",
  title: "title-outbox",
  back: "/m/more/",
  whole: true,

  async values(phone) {
    const rows = phone.operations.map((one) => ({
      ...operationRow(one),
      kindLabel: say(`kind-${one.kind}`, {}),
      photoLabel: one.photos.length ? say("files", { n: one.photos.length }) : "",
    }));
    return {
      stopped: rows.filter((one) => one.state !== "waiting"),
      waiting: rows.filter((one) => one.state === "waiting"),
      // What the server had to say about what it took, as that the phone's clock is wrong.
      notes: phone.notes,
      nothing: rows.length === 0 && phone.person !== null,
      unknown: phone.person === null,
    };
  },

  wire(root, phone) {
    root.querySelectorAll("[data-seen]").forEach((one) => {
      one.addEventListener("click", () => phone.dropNote(one.dataset.seen));
    });
    const button = root.querySelector("[data-send]");
    if (button) {
      button.addEventListener("click", () => phone.send());
    }
  },
};
