// [data-division="id of a json_script"] with data-tiles="https://.../{z}/{x}/{y}.png": a division on the tiles
// of the intranet's own server, by Leaflet. data-drags and data-draws mean what they mean in division.js.
/* global L */
import { move, teamAt } from "./dropping.js";

function draggable(marker, one, form, pointer) {
  const home = marker.getLatLng();
  let dragged = false;
  marker.on("dragstart", () => {
    dragged = true;
  });
  marker.on("dragend", () => {
    const target = teamAt(pointer.x, pointer.y, String(one.team || "none"));
    if (target) move(form, one.url, target.dataset.team);
    else marker.setLatLng(home);
  });
  marker.on("click", () => {
    if (!dragged) window.location.assign(one.url);
    dragged = false;
  });
  marker.on("keypress", (event) => {
    if (event.originalEvent.key === "Enter") window.location.assign(one.url);
  });
}

document.querySelectorAll("[data-division]").forEach((holder) => {
  const drawn = JSON.parse(document.getElementById(holder.dataset.division).textContent);
  const form = document.getElementById(holder.dataset.drags);
  const box = document.getElementById(holder.dataset.draws);
  // Leaflet does not say where on the screen a marker was let go of.
  const pointer = { x: 0, y: 0 };
  document.addEventListener("pointermove", (event) => {
    pointer.x = event.clientX;
    pointer.y = event.clientY;
  });
  const map = L.map(holder);
  // No link out of the intranet.
  map.attributionControl.setPrefix(false);
  // Until it knows where to look, Leaflet draws nothing.
  if (drawn.points.length) {
    map.fitBounds(drawn.points.map((one) => one.at), { padding: [24, 24], maxZoom: 16 });
  } else {
    map.setView([0, 0], 2);
  }
  L.tileLayer(holder.dataset.tiles, { maxZoom: 18 }).addTo(map);
  drawn.spokes.forEach((ends) => L.polyline(ends, { color: "#59616e", weight: 1.5, interactive: false }).addTo(map));
  drawn.barriers.forEach((one) =>
    L.polyline(one.line, { color: "#1d4f9f", weight: 4, dashArray: "10 4" }).bindTooltip(one.name).addTo(map)
  );
  drawn.points.forEach((one) => {
    const css = `team-dot ${one.css}${one.centre ? " centre" : ""}`;
    const icon = L.divIcon({ className: css, html: one.team ? String(one.team) : "", iconSize: null });
    const moves = Boolean(form);
    const above = one.team ? 500 : 0;
    const marker = L.marker(one.at, { icon, alt: one.name, draggable: moves, keyboard: moves, zIndexOffset: above });
    marker.bindTooltip(one.name).addTo(map);
    marker.getElement().dataset.team = one.team || "none";
    marker.getElement().setAttribute("aria-label", `${one.name} ${one.team || "—"}`);
    if (form) draggable(marker, one, form, pointer);
  });
  if (box) {
    map.on("click", (event) => {
      const { lat, lng } = event.latlng;
      box.value = `${box.value.trimEnd()}\n${lng.toFixed(6)}, ${lat.toFixed(6)}`.trimStart();
      L.circleMarker(event.latlng, { radius: 4, color: "#b3261e", fillOpacity: 1 }).addTo(map);
    });
  }
});
