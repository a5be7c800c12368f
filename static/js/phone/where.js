// Where the phone is, and how far that is from a place. Nothing here is sent or kept.

const PATIENCE = 15_000;
const FRESH = 60_000;
const RADIUS = 6_371_008.8;

// {longitude, latitude, accuracy, taken_at} in WGS-84, as phones measure it; null if it cannot be
// had: a visit is written down all the same.
export function whereAmI() {
  if (!navigator.geolocation) {
    return Promise.resolve(null);
  }
  return new Promise((found) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        found({
          longitude: coords.longitude,
          latitude: coords.latitude,
          accuracy: coords.accuracy,
          taken_at: new Date(timestamp).toISOString(),
        }),
      () => found(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: FRESH },
    );
  });
}

// Metres as the crow flies (haversine); null when either place is not known.
export function distance(here, there) {
  if (!here || there.longitude === null || there.longitude === undefined) {
    return null;
  }
  const north = radians(there.latitude - here.latitude);
  const east = radians(there.longitude - here.longitude);
  const part =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(here.latitude)) * Math.cos(radians(there.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(part));
}

function radians(degrees) {
  return (degrees * Math.PI) / 180;
}

// [{one, far}] in the order in which one walks who always goes to the nearest next; places that are
// not known come last, in their own order.
export function nearestFirst(here, places) {
  const left = places.filter((one) => distance(here, one) !== null);
  const walked = [];
  let at = here;
  while (left.length) {
    const fars = left.map((one) => distance(at, one));
    const far = Math.min(...fars);
    const [one] = left.splice(fars.indexOf(far), 1);
    walked.push({ one, far });
    at = one;
  }
  const lost = places.filter((one) => distance(here, one) === null);
  return walked.concat(lost.map((one) => ({ one, far: null })));
}
