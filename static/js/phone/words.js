// Days, moments and distances as they are read aloud, in the language of the page.
import { say } from "./bind.js";

const ZONE = "Asia/Shanghai";
const language = document.documentElement.lang;
const DAY = new Intl.DateTimeFormat(language, { timeZone: ZONE, month: "long", day: "numeric" });
const WEEKDAY = new Intl.DateTimeFormat(language, { timeZone: ZONE, weekday: "long" });
const CLOCK = new Intl.DateTimeFormat(language, {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const ISO = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  dateStyle: "short",
  timeStyle: "short",
});

// "2026-11-30" of a moment, by the station's clock.
export function dayOf(moment) {
  return ISO.format(new Date(moment)).slice(0, 10);
}

// "2026-11-30T14:05", as an input of type datetime-local has it.
export function localMoment(moment) {
  return ISO.format(new Date(moment)).replace(" ", "T");
}

// What such an input holds, with the station's offset: China knows no summer time.
export function asMoment(local) {
  return `${local.slice(0, 16)}:00+08:00`;
}

// "11月30日 14:05"; of today the hour is enough.
export function moment(at) {
  const when = new Date(at);
  const hour = CLOCK.format(when);
  return dayOf(when) === dayOf(Date.now()) ? hour : `${DAY.format(when)} ${hour}`;
}

export function longDay(at) {
  return `${DAY.format(new Date(at))} ${WEEKDAY.format(new Date(at))}`;
}

// "2026-11-30" to words seen from today: today, tomorrow, 3 days over.
export function due(day) {
  if (!day) {
    return "";
  }
  const days = daysUntil(day);
  if (days < 0) {
    return say("days-over", { n: -days });
  }
  if (days === 0) {
    return say("today", {});
  }
  return days === 1 ? say("tomorrow", {}) : plainDay(day);
}

export function daysUntil(day) {
  return Math.round((Date.parse(day) - Date.parse(dayOf(Date.now()))) / 86_400_000);
}

export function plainDay(day) {
  return DAY.format(new Date(`${day}T12:00:00+08:00`));
}

export function metres(distance) {
  if (distance === null || distance === undefined) {
    return "";
  }
  return distance < 1000
    ? say("metres", { n: Math.round(distance / 10) * 10 })
    : say("kilometres", { n: (distance / 1000).toFixed(1) });
}
