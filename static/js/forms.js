// Forms: no double sending, previews of chosen photos, further rows, a second look before danger.
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  // Coming back with the browser's button must not find a dead form.
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
}

function previews(input) {
  const shelf = document.createElement("div");
  shelf.className = "previews";
  input.insertAdjacentElement("afterend", shelf);
  input.addEventListener("change", () => {
    shelf.replaceChildren();
    Array.from(input.files).forEach((file) => {
      const figure = document.createElement("figure");
      if (file.type.startsWith("image/")) {
        const image = document.createElement("img");
        image.alt = "";
        image.src = URL.createObjectURL(file);
        image.onload = () => URL.revokeObjectURL(image.src);
        figure.append(image);
      }
      const caption = document.createElement("figcaption");
      caption.textContent = file.name;
      figure.append(caption);
      shelf.append(figure);
    });
  });
}

function moreRows(button) {
  // data-add-row="prefix": copies <template data-row="prefix"> and counts the formset up.
  const prefix = button.dataset.addRow;
  const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const template = document.querySelector(`template[data-row="${prefix}"]`);
  const list = document.querySelector(`[data-rows="${prefix}"]`);
  button.addEventListener("click", () => {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replace(/__prefix__/g, total.value);
    list.append(holder.content);
    total.value = String(Number(total.value) + 1);
    const first = list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  });
}

function confirmTwice(button) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}

function fill(button) {
  // data-fill='{"element id": "value"}': the demo sign-ins use it.
  button.addEventListener("click", () => {
    Object.entries(JSON.parse(button.dataset.fill)).forEach(([id, value]) => {
      document.getElementById(id).value = value;
    });
  });
}

export function forms(root) {
  root.querySelectorAll("[data-fill]").forEach(fill);
  root.querySelectorAll("form[data-once]").forEach(once);
  root.querySelectorAll("input[type=file][data-preview]").forEach(previews);
  root.querySelectorAll("[data-add-row]").forEach(moreRows);
  root.querySelectorAll("[data-confirm]").forEach(confirmTwice);
}
