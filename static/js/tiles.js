// [data-tiles="https://.../{z}/{x}/{y}.png"] with [data-points="id of a json_script"]: our points on the
// tiles of the intranet's own server, by Leaflet. Loaded only where such a server is configured.
/* global L */

const COLOURS = { r: "--seal", y: "--gold", g: "--jade", unit: "--blue" };
const styles = getComputedStyle(document.documentElement);

document.querySelectorAll("[data-tiles]").forEach((holder) => {
  const points = JSON.parse(document.getElementById(holder.dataset.points).textContent);
  const map = L.map(holder);
  // No link out of the intranet.
  map.attributionControl.setPrefix(false);
  L.tileLayer(holder.dataset.tiles, { maxZoom: 18 }).addTo(map);
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
