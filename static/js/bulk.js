// Choosing rows: form[data-bulk] holds input[data-select-all], many input[data-select], and a bar
// [data-bulk-bar] with [data-bulk-count]. Without JavaScript the bar simply always stands there.

function refresh(form) {
  const rows = Array.from(form.querySelectorAll("input[data-select]"));
  const chosen = rows.filter((row) => row.checked);
  form.querySelectorAll("input[data-select-all]").forEach((all) => {
    all.checked = rows.length > 0 && chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  });
  rows.forEach((row) => {
    const line = row.closest("tr");
    if (line) {
      line.classList.toggle("chosen", row.checked);
    }
  });
  form.querySelectorAll("[data-bulk-count]").forEach((count) => {
    count.textContent = String(chosen.length);
  });
  form.querySelectorAll("[data-bulk-bar]").forEach((bar) => {
    bar.hidden = chosen.length === 0;
  });
}

function refreshAll() {
  document.querySelectorAll("form[data-bulk]").forEach(refresh);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-bulk]");
  if (!form) {
    return;
  }
  if (event.target.matches("[data-select-all]")) {
    form.querySelectorAll("input[data-select]").forEach((row) => {
      row.checked = event.target.checked;
    });
  }
  refresh(form);
});

// Shift extends from the row pressed last, as in a mail box.
let last = null;
document.addEventListener("click", (event) => {
  if (!event.target.matches("input[data-select]")) {
    return;
  }
  const form = event.target.closest("form[data-bulk]");
  const rows = Array.from(form.querySelectorAll("input[data-select]"));
  if (event.shiftKey && rows.includes(last)) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(event.target)].sort((a, b) => a - b);
    rows.slice(from, to + 1).forEach((row) => {
      row.checked = event.target.checked;
    });
    refresh(form);
  }
  last = event.target;
});

// Also after coming back: the browser restores the ticks after this script has run.
window.addEventListener("pageshow", refreshAll);
document.addEventListener("htmx:afterSettle", refreshAll);
refreshAll();
