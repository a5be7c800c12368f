// a[data-panel="id"]: shows the panel of that id, which is where the address points (:target). htmx
// brings one that is not there yet; it stays, with what is typed in it, while others are looked at.

function show(panel) {
  document.querySelectorAll(".move.open").forEach((other) => other.classList.remove("open"));
  // An address, so that the browser's button back closes it again.
  window.location.hash = panel.id;
  panel.focus();
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link) {
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      // A tab or window of its own, as with every link; htmx would not let it.
      event.stopPropagation();
      return;
    }
    const panel = document.getElementById(link.dataset.panel);
    if (panel) {
      event.preventDefault();
      event.stopPropagation();
      show(panel);
    }
  },
  true,
);

document.addEventListener("htmx:afterRequest", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link) {
    return;
  }
  const panel = document.getElementById(link.dataset.panel);
  if (panel) {
    show(panel);
  } else {
    // Signed out, or the line has moved on: the page itself says so.
    window.location.assign(link.href);
  }
});
