// Bulk selection: a box for all rows, a bar that appears with the count.
export function selection(root) {
  root.querySelectorAll("form[data-selection]").forEach((form) => {
    const boxes = () => Array.from(form.querySelectorAll("input[type=checkbox][data-row]"));
    const all = form.querySelector("[data-select-all]");
    const bar = form.querySelector("[data-selected-bar]");
    const count = form.querySelector("[data-selected-count]");
    const show = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      if (bar) bar.hidden = chosen === 0;
      if (count) count.textContent = String(chosen);
      if (all) {
        all.checked = chosen > 0 && chosen === boxes().length;
        all.indeterminate = chosen > 0 && chosen < boxes().length;
      }
    };
    if (all) {
      all.addEventListener("change", () => {
        boxes().forEach((box) => { box.checked = all.checked; });
        show();
      });
    }
    form.addEventListener("change", show);
    show();
  });
}
