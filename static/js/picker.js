// select[data-picker]: a box to type into in front of a long list. The select stays in the form and
// keeps the value, so that everything that listens to it goes on working.

const MOST = 12;
let made = 0;

function found(select, typed) {
  const words = typed.trim().toLowerCase();
  return Array.from(select.options)
    .filter((option) => option.value)
    .filter(
      (option) =>
        !words ||
        option.text.toLowerCase().includes(words) ||
        (option.dataset.keys || "").split(" ").some((key) => key.includes(words)),
    )
    .slice(0, MOST);
}

function enhance(select) {
  made += 1;
  const listId = `picker-${made}`;
  const input = document.createElement("input");
  input.type = "text";
  input.className = "in";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", listId);
  ["aria-describedby", "aria-invalid"].forEach((name) => {
    if (select.hasAttribute(name)) {
      input.setAttribute(name, select.getAttribute(name));
    }
  });
  input.required = select.required;
  select.required = false;
  // The label belongs to what one types into.
  input.id = select.id;
  select.id = `${select.id}_list`;
  select.hidden = true;

  const list = document.createElement("ul");
  list.id = listId;
  list.className = "picker-list";
  list.setAttribute("role", "listbox");
  const label = document.querySelector(`label[for="${input.id}"]`);
  if (label) {
    list.setAttribute("aria-label", label.textContent.trim());
  }
  list.hidden = true;
  const box = document.createElement("div");
  box.className = "picker";
  select.before(box);
  box.append(input, list, select);

  const shown = () => select.selectedOptions[0];
  const label_of = (option) => (option && option.value ? option.text : "");
  input.placeholder = select.options[0] && !select.options[0].value ? select.options[0].text : "";
  input.value = label_of(shown());
  let at = -1;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    const items = Array.from(list.children);
    if (!items.length) {
      return;
    }
    at = (place + items.length) % items.length;
    items.forEach((item, number) => {
      item.setAttribute("aria-selected", String(number === at));
    });
    input.setAttribute("aria-activedescendant", items[at].id);
    items[at].scrollIntoView({ block: "nearest" });
  }

  function open() {
    const typed = input.value === label_of(shown()) ? "" : input.value;
    list.replaceChildren(
      ...found(select, typed).map((option, number) => {
        const item = document.createElement("li");
        item.id = `${listId}-${number}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = option.text;
        item.dataset.value = option.value;
        return item;
      }),
    );
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    at = -1;
  }

  function choose(item) {
    select.value = item.dataset.value;
    input.value = item.textContent;
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", open);
  input.addEventListener("click", () => (list.hidden ? open() : close()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        open();
      }
      mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      // Enter takes the row, it does not send half a form.
      event.preventDefault();
      const item = list.children[at < 0 ? 0 : at];
      if (item) {
        choose(item);
      }
    } else if (event.key === "Escape") {
      close();
      input.value = label_of(shown());
    }
  });
  // The mouse button goes down before the field loses the focus.
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (item) {
      event.preventDefault();
      choose(item);
    }
  });
  input.addEventListener("blur", () => {
    if (!input.value.trim() && select.value) {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    // What names no row is not a choice: better to see that now than after sending.
    input.value = label_of(shown());
    close();
  });
}

document.querySelectorAll("select[data-picker]").forEach(enhance);
