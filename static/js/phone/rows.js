// What the screens show of an enterprise or a line, made from what is on the phone.
import { say } from "./bind.js";
import { distance } from "./where.js";
import { due, metres, moment } from "./words.js";

export function enterpriseById(phone, id) {
  return all(phone, "enterprises").find((one) => one.id === Number(id)) || null;
}

export function lineById(phone, id) {
  return all(phone, "issues").find((one) => one.id === Number(id)) || null;
}

export function all(phone, what) {
  return (phone.data && phone.data[what]) || [];
}

// What was done here and is not at the station yet.
export function unsentOf(phone, enterprise) {
  return phone.operations.filter((one) => one.enterprise === enterprise).map(operationRow);
}

export function operationRow(one) {
  return {
    ...one,
    href: `/m/outbox/${one.client_id}/`,
    at: moment(one.made_at),
    stateLabel: say(`state-${one.state}`, {}),
    tone: one.state === "waiting" ? "tag" : "tag seal",
    why: one.message || (one.code ? reason(one.code) : ""),
  };
}

// The server's own words come with a refusal; these are for what never reached it.
const REASONS = {
  offline: "offline",
  timeout: "timeout",
  not_authenticated: "not_authenticated",
  another_person: "another_person",
  file_missing: "file_missing",
  busy: "busy",
  throttled: "busy",
  server_error: "busy",
  // Somebody answered who is not the station: the sign-in page of a Wi-Fi, a proxy.
  redirected: "not_ours",
  not_ours: "not_ours",
  empty: "not_ours",
};

function reason(code) {
  return say(`why-${REASONS[code] || "other"}`, { code });
}

export function enterpriseRow(one, here) {
  return {
    ...one,
    href: `/m/enterprises/${one.id}/`,
    visit: `/m/visits/new/?enterprise=${one.id}`,
    gradeClass: `grade ${one.grade || "none"}`,
    dueLabel: due(one.due_on),
    dueClass: one.overdue ? "due over" : "due",
    far: metres(distance(here, one)),
    map: map(one),
    tel: telephone(one),
  };
}

// Whatever map the phone has.
function map({ longitude, latitude, name }) {
  return longitude === null || longitude === undefined
    ? null
    : `geo:${latitude},${longitude}?q=${latitude},${longitude}(${encodeURIComponent(name)})`;
}

function telephone({ contacts = [] }) {
  const first = contacts.find((one) => one.in_charge && one.phone) || contacts.find((one) => one.phone);
  return first ? `tel:${first.phone}` : null;
}

export function lineRow(phone, one) {
  const pending = phone.operations.filter(
    (row) => row.kind === "move" && row.body.issue === one.id,
  );
  return {
    ...one,
    href: `/m/issues/${one.id}/`,
    dueLabel: one.next_due_at ? moment(one.next_due_at) : "",
    dueClass: one.overdue ? "due over" : "due",
    pending: pending.map(operationRow),
    stageTone: one.overdue ? "tag seal" : "tag blue",
  };
}
