// Where to go first and why, in walking order.
import { say } from "../bind.js";
import { all, enterpriseById, enterpriseRow } from "../rows.js";
import { nearestFirst, whereAmI } from "../where.js";
import { daysUntil, dayOf, longDay, metres, moment } from "../words.js";

// Without a plan: what is due within a week, and no more than a day holds.
const SOON_DAYS = 7;
const CALLS = 8;
// Where the officer last asked to go from, for as long as the page is open.
let from = null;

export const today = {
  template: "t-today",
  title: "title-today",

  async values(phone) {
    const plan = planOfToday(phone);
    const calls = ordered(plan ? planned(phone, plan) : nextDue(phone));
    const lines = all(phone, "issues").filter((one) => one.mine);
    // A form knows its address; what was reopened without one is mended from the outbox.
    const drafts = (await phone.drafts()).filter(({ value }) => value.path).map(draftRow);
    return {
      day: longDay(Date.now()),
      name: phone.person ? phone.person.name : "",
      first: calls[0] || null,
      others: calls.slice(1).map((one, n) => ({ ...one, place: n + 2 })),
      walk: plan && plan.walk && !from ? metres(plan.walk) : "",
      done: doneToday(phone),
      planning: Boolean(plan && plan.being_made),
      unplanned: !plan,
      mayPlan: calls.length > 1,
      late: lines.filter((one) => one.overdue).length,
      open: lines.length,
      unread: (phone.data && phone.data.unread) || 0,
      drafts,
      waiting: phone.data === null,
      nothing: phone.data !== null && calls.length === 0,
    };
  },

  wire(root, phone, page) {
    const button = root.querySelector("[data-replan]");
    if (button) {
      button.addEventListener("click", () => replan(button, phone, page));
    }
  },
};

// What has been done here and is not at the station yet is no call any more.
function notVisited(phone) {
  const visited = phone.operations.filter((one) => one.kind === "visit");
  return (id) => !visited.some((one) => one.enterprise === id);
}

function planOfToday(phone) {
  const plan = phone.data && phone.data.plan;
  return plan && plan.made_at && plan.day === dayOf(Date.now()) ? plan : null;
}

function planned(phone, plan) {
  const left = notVisited(phone);
  return plan.calls
    .filter((call) => left(call.enterprise.id))
    .map((call) => ({
      ...enterpriseRow({ ...call.enterprise, ...enterpriseById(phone, call.enterprise.id) }),
      why: call.reasons.map((one) => ({ sentence: one.sentence })),
      leg: metres(call.leg),
    }));
}

function nextDue(phone) {
  const left = notVisited(phone);
  return all(phone, "enterprises")
    .filter((one) => one.mine && one.due_on && daysUntil(one.due_on) <= SOON_DAYS && left(one.id))
    .sort((one, other) => one.due_on.localeCompare(other.due_on))
    .slice(0, CALLS)
    .map((one) => ({ ...enterpriseRow(one), why: [{ sentence: one.why_due }], leg: "" }));
}

function doneToday(phone) {
  const here = phone.operations.filter((one) => one.kind === "visit").length;
  const plan = planOfToday(phone);
  return (plan ? plan.done : 0) + here;
}

function draftRow({ id, value }) {
  return {
    href: `${value.path}${value.path.includes("?") ? "&" : "?"}draft=${id}`,
    name: value.name || say("no-enterprise", {}),
    at: moment(value.started_at),
    label: say(`title-${value.screen}`, {}),
  };
}

// The server chooses the calls anew and knows the best way through them. Without a network those
// that there are are walked to the nearest each time.
async function replan(button, phone, page) {
  button.disabled = true;
  const here = await whereAmI();
  if (!here) {
    page.tell(say("no-position", {}));
    button.disabled = false;
    return;
  }
  const { longitude, latitude } = here;
  const answer = await phone.ask("/api/v1/day-plan/", {
    method: "POST",
    json: { longitude, latitude },
  });
  from = answer.code ? here : null;
  if (!answer.code) {
    await phone.refresh();
  }
  page.tell(say(answer.code ? "reordered" : "planned", {}));
  page.redraw();
}

function ordered(calls) {
  if (!from) {
    return calls;
  }
  return nearestFirst(from, calls).map(({ one, far }) => ({ ...one, leg: metres(far) }));
}
