// Filter forms that send themselves, rows added to a formset, fields filled by a button.

// data-autosubmit: a filter applies when it changes. Inside a drop-down of checkboxes one usually
// wants to tick several, so that waits until the drop-down closes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (!form) {
    return;
  }
  const drop = event.target.closest("details[data-drop]");
  if (drop) {
    drop.dataset.changed = "1";
    return;
  }
  form.requestSubmit();
});

// The toggle event does not bubble, it has to be caught on the way down.
document.addEventListener(
  "toggle",
  (event) => {
    const drop = event.target;
    if (drop.matches("details[data-drop]") && !drop.open && drop.dataset.changed) {
      delete drop.dataset.changed;
      const form = drop.closest("form[data-autosubmit]");
      if (form) {
        form.requestSubmit();
      }
    }
  },
  true,
);

// A refused form shows what is wrong first, however far down it stands.
const wrong = document.querySelector(
  ".field.wrong input:not([type=hidden]), .field.wrong select, .field.wrong textarea",
);
if (wrong) {
  wrong.focus({ preventScroll: true });
  wrong.closest(".field").scrollIntoView({ block: "center" });
}

// data-open-filters: on a phone the filters open when asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open-filters]");
  if (button) {
    const open = button.closest("form").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  }
});

// An address with only what was asked: no empty fields.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-autosubmit], form[data-tidy]")) {
    return;
  }
  Array.from(event.formData.entries()).forEach(([name, value]) => {
    if (value === "" && event.formData.getAll(name).every((each) => each === "")) {
      event.formData.delete(name);
    }
  });
});

// data-add-row="prefix": one more row from <template data-row-template="prefix"> into
// [data-rows="prefix"]; Django's empty form carries __prefix__ where the number goes.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) {
    return;
  }
  const prefix = button.dataset.addRow;
  const pattern = document.querySelector(`template[data-row-template="${prefix}"]`);
  const rows = document.querySelector(`[data-rows="${prefix}"]`);
  const total = document.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`);
  const most = document.querySelector(`input[name="${prefix}-MAX_NUM_FORMS"]`);
  const number = Number(total.value);
  if (most && number >= Number(most.value)) {
    return;
  }
  rows.insertAdjacentHTML("beforeend", pattern.innerHTML.replace(/__prefix__/g, String(number)));
  total.value = String(number + 1);
  button.disabled = Boolean(most) && number + 1 >= Number(most.value);
  const first = rows.lastElementChild.querySelector(
    "input:not([type=hidden]), select, textarea",
  );
  if (first) {
    first.focus();
  }
});

// data-fill='{"id_of_field": "value"}': for the sign-ins of a demonstration.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) {
    return;
  }
  const values = JSON.parse(button.dataset.fill);
  Object.keys(values).forEach((id) => {
    document.getElementById(id).value = values[id];
  });
  const form = document.getElementById(Object.keys(values)[0]).form;
  form.querySelector("button.primary").focus();
});
