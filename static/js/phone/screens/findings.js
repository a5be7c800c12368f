// What a visit brought to light: each becomes a line of the bill, with photos of its own.
import { fill } from "../bind.js";
import { asFound, one } from "../form.js";

const MOST = 5;

// As many as the draft has.
export function showFindings(form, phone, value) {
  const numbers = numbersOf(value);
  numbers.forEach((number) => form.querySelector("[data-findings]").append(drawn(phone, number)));
}

export function addFinding(draft) {
  const place = draft.form.querySelector("[data-findings]");
  const numbers = numbersOf(draft.value);
  if (place.children.length >= MOST) {
    return;
  }
  const number = numbers.length ? Math.max(...numbers) + 1 : 0;
  place.append(drawn(draft.phone, number));
  place.lastElementChild.querySelector("input[name]").focus();
  draft.save();
}

// Those with a title; an empty one was opened and left.
export function findingsIn(draft) {
  const { fields } = draft.value;
  return numbersOf(draft.value)
    .filter((number) => one(fields, `finding-${number}-title`))
    .map((number) => ({
      kind: one(fields, `finding-${number}-kind`),
      title: one(fields, `finding-${number}-title`),
      text: one(fields, `finding-${number}-text`),
      evidence: draft.photosOf(`finding-${number}`).map(asFound),
    }));
}

function drawn(phone, number) {
  const { kinds = [] } = (phone.data && phone.data.choices) || {};
  return fill("t-finding", {
    kinds,
    kind: `finding-${number}-kind`,
    finding: `finding-${number}-title`,
    text: `finding-${number}-text`,
    group: `finding-${number}`,
  });
}

function numbersOf({ fields }) {
  return Object.keys(fields)
    .map((name) => /^finding-(\d+)-title$/.exec(name))
    .filter((found) => found)
    .map((found) => Number(found[1]));
}
