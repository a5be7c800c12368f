// The lines that the officer answers for, and those of their enterprises.
import { all, lineRow } from "../rows.js";

export const issues = {
  template: "t-issues",
  title: "title-issues",

  async values(phone, page) {
    const others = page.query.get("of") === "others";
    const lines = all(phone, "issues");
    const shown = lines.filter((one) => one.mine !== others).sort(soonest);
    return {
      lines: shown.map((one) => lineRow(phone, one)),
      mine: !others,
      others,
      mineCount: lines.filter((one) => one.mine).length,
      othersCount: lines.filter((one) => !one.mine).length,
      waiting: phone.data === null,
      nothing: phone.data !== null && shown.length === 0,
    };
  },
};

function soonest(one, other) {
  return (one.next_due_at || "9").localeCompare(other.next_due_at || "9");
}
