// What the officer has been told.
import { all } from "../rows.js";
import { moment } from "../words.js";

// What is being read stays open when the list is drawn again.
const reading = new Set();

export const inbox = {
  template: "t-inbox",
  title: "title-inbox",
  back: "/m/more/",

  async values(phone) {
    const notices = all(phone, "inbox");
    return {
      notices: notices.map((one) => ({
        ...one,
        when: moment(one.at),
        href: here(one.url),
        mark: one.read ? "" : "unread",
        open: reading.has(one.id),
      })),
      nothing: phone.data !== null && notices.length === 0,
      waiting: phone.data === null,
    };
  },

  wire(root) {
    root.querySelectorAll("[data-notice]").forEach((one) => {
      one.addEventListener("toggle", () => {
        const id = Number(one.dataset.notice);
        if (one.open) {
          reading.add(id);
        } else {
          reading.delete(id);
        }
      });
    });
  },
};

// A page of the desk that has a screen here is opened here.
function here(url) {
  const found = /^\/(enterprises)\/(\d+)\/$/.exec(url || "");
  return found ? `/m/${found[1]}/${found[2]}/` : url || null;
}
