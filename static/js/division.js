// svg[data-drags="id of a form"]: a dot dragged onto another team's dot or onto [data-team] sends the form to
// the dot's own address. div[data-drags]: rows [data-moves="address"] are dragged in the same way.
// svg[data-draws="id of a textarea"]: a click adds its place as a line of the box.
import { move, teamAt } from "./dropping.js";

const CLICK = 6;

function place(svg, event) {
  const at = svg.createSVGPoint();
  at.x = event.clientX;
  at.y = event.clientY;
  return at.matrixTransform(svg.getScreenCTM().inverse());
}

document.querySelectorAll("svg[data-drags]").forEach((svg) => {
  const form = document.getElementById(svg.dataset.drags);
  let held = null;
  let dragged = false;

  function letGo() {
    held.link.classList.remove("held");
    held.dot.setAttribute("transform", held.was);
    held = null;
  }

  // The browser's own dragging of a link would take the pointer away.
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  svg.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("a[data-team]");
    if (!link || event.button !== 0) return;
    held = { link, dot: link.querySelector(".dot"), x: event.clientX, y: event.clientY };
    held.was = held.dot.getAttribute("transform");
    dragged = false;
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > CLICK) dragged = true;
    if (!dragged) return;
    const at = place(svg, event);
    held.link.classList.add("held");
    held.dot.setAttribute("transform", `translate(${at.x} ${at.y})`);
  });

  document.addEventListener("pointerup", (event) => {
    if (!held) return;
    const { link } = held;
    const target = dragged && teamAt(event.clientX, event.clientY, link.dataset.team);
    if (target) {
      held = null;
      move(form, link.getAttribute("href"), target.dataset.team);
    } else {
      letGo();
    }
  });

  document.addEventListener("pointercancel", () => {
    if (held) letGo();
  });

  // The click that ends a drag opens nothing.
  svg.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
    dragged = false;
  });
});

document.querySelectorAll("div[data-drags]").forEach((list) => {
  const form = document.getElementById(list.dataset.drags);
  let row = null;

  function teamBelow(event) {
    const target = row && event.target.closest("[data-team]");
    return target && target.dataset.team !== row.closest("[data-team]").dataset.team ? target : null;
  }

  function mark(target) {
    document.querySelectorAll("[data-team].over").forEach((one) => one.classList.remove("over"));
    if (target) target.classList.add("over");
  }

  list.addEventListener("dragstart", (event) => {
    row = event.target.closest("[data-moves]");
    if (!row) return;
    event.dataTransfer.setData("text/plain", row.dataset.moves);
    event.dataTransfer.effectAllowed = "move";
  });

  list.addEventListener("dragend", () => {
    row = null;
    mark(null);
  });

  document.addEventListener("dragover", (event) => {
    const target = teamBelow(event);
    mark(target);
    if (target) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const target = teamBelow(event);
    if (!target) return;
    event.preventDefault();
    move(form, row.dataset.moves, target.dataset.team);
  });
});

document.querySelectorAll("svg[data-draws]").forEach((svg) => {
  const box = document.getElementById(svg.dataset.draws);
  svg.addEventListener("click", (event) => {
    const at = place(svg, event);
    const lon = Number(svg.dataset.west) + at.x / Number(svg.dataset.perLon);
    const lat = Number(svg.dataset.north) - at.y / Number(svg.dataset.perLat);
    box.value = `${box.value.trimEnd()}\n${lon.toFixed(6)}, ${lat.toFixed(6)}`.trimStart();
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    mark.setAttribute("cx", at.x);
    mark.setAttribute("cy", at.y);
    mark.setAttribute("r", 4);
    mark.setAttribute("class", "drawn");
    svg.append(mark);
  });
});
