// [data-tiles="https://.../{z}/{x}/{y}.png"] with [data-points="id of a json_script"]: our points on the
// tiles of the intranet's own server, by Leaflet. Loaded only where such a server is configured.
// [data-way] names the points of a way that comes back to its first, [data-circles] circles by metres.
/* global L */

const COLOURS = { r: "--seal", y: "--gold", g: "--jade", unit: "--blue" };
const styles = getComputedStyle(document.documentElement);

function told(id) {
  return id ? JSON.parse(document.getElementById(id).textContent) : [];
}

document.querySelectorAll("[data-tiles]").forEach((holder) => {
  const points = told(holder.dataset.points);
  const map = L.map(holder);
  // No link out of the intranet.
  map.attributionControl.setPrefix(false);
  L.tileLayer(holder.dataset.tiles, { maxZoom: 18 }).addTo(map);
  const blue = styles.getPropertyValue("--blue").trim();
  told(holder.dataset.circles).forEach((circle) => {
    L.circle([circle.lat, circle.lon], { radius: circle.radius, color: blue, weight: 1, fillOpacity: 0.1 })
      .bindTooltip(circle.name)
      .addTo(map);
  });
  const way = told(holder.dataset.way).map((point) => [point.lat, point.lon]);
  if (way.length > 1) {
    L.polyline([...way, way[0]], { color: blue, weight: 3 }).addTo(map);
  }
  points.forEach((point) => {
    const [shape, free] = point.css.split(" ");
    const colour = styles.getPropertyValue(COLOURS[shape]).trim();
    L.circleMarker([point.lat, point.lon], {
      radius: 8,
      weight: free ? 3 : 1.5,
      color: free ? styles.getPropertyValue("--seal").trim() : "#fff",
      fillColor: free ? "#fff" : colour,
      fillOpacity: 1,
    })
      .bindTooltip(point.name)
      .on("click", () => {
        window.location.assign(point.url);
      })
      .addTo(map);
  });
  map.fitBounds(points.map((point) => [point.lat, point.lon]), { padding: [24, 24], maxZoom: 16 });
});
