// Everything that is not asked for every hour.
import { say } from "../bind.js";
import { ordered } from "../ordered.js";
import { isLarge, setLarge } from "../size.js";
import { moment } from "../words.js";

export const more = {
  template: "t-more",
  title: "title-more",

  async values(phone) {
    const position = (phone.data && phone.data.position) || {};
    const { waiting, refused, conflict } = phone.counts;
    // With what has only been begun.
    const unsent = phone.person ? await phone.unsent() : 0;
    return {
      name: phone.person ? phone.person.name : "",
      unit: phone.person && phone.person.unit ? phone.person.unit.name : "",
      unread: (phone.data && phone.data.unread) || "",
      unsent: waiting + refused + conflict || "",
      consent: Boolean(position.consent),
      noConsent: !position.consent,
      onShift: Boolean(position.on_shift),
      offShift: !position.on_shift,
      endsBy: position.ends_by ? say("shift-until", { at: moment(position.ends_by) }) : "",
      large: isLarge(),
      until: phone.keepUntil ? say("kept-until", { at: moment(phone.keepUntil) }) : "",
      hasUnsent: unsent > 0,
    };
  },

  wire(root, phone, page) {
    press(root, "[data-shift]", (button) =>
      set(phone, page, "/api/v1/shift/", { on_shift: button.dataset.shift === "on" }),
    );
    press(root, "[data-letters]", () => {
      setLarge(!isLarge());
      page.redraw();
    });
    press(root, "[data-export]", () => exportUnsent(phone));
    press(root, "[data-leave]", (button) => leave(phone, button.dataset.leave));
  },
};

function press(root, selector, act) {
  root.querySelectorAll(selector).forEach((button) => {
    button.addEventListener("click", () => act(button));
  });
}

async function set(phone, page, path, body) {
  if (await ordered(phone, page, path, body)) {
    page.redraw();
  }
}

async function exportUnsent(phone) {
  const file = await phone.exportUnsent();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `liaison-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function leave(phone, unsent) {
  await phone.leave({ unsent });
  location.assign("/accounts/sign-in/");
}
