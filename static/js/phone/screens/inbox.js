// What the officer has been told.
import { all } from "../rows.js";
import { moment } from "../words.js";

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
      })),
      nothing: phone.data !== null && notices.length === 0,
      waiting: phone.data === null,
    };
  },
};

// A page of the desk that has a screen here is opened here.
function here(url) {
  const found = /^\/(enterprises)\/(\d+)\/$/.exec(url || "");
  return found ? `/m/${found[1]}/${found[2]}/` : url || null;
}
