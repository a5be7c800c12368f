// Asks the server, and says what came of it: always an answer, never an exception. On a phone much
// that answers is not our server: the sign-in page of a café's Wi-Fi, a proxy, nobody at all.

const TEXT_SECONDS = 20;
export const PIECE_SECONDS = 60;
// Of a 429 without a word of when, or with one that would stop the phone for the day.
const SHORTEST_PAUSE = 5;
const LONGEST_PAUSE = 3600;

// {status, code, message, json, etag, wait}: `status` is 0 when nothing came, `json` null when it
// was none of ours, `wait` the seconds of a Retry-After. `code` is "" for what went well; the
// server's own; or "offline", "timeout", "redirected", "empty", "not_ours", "too_large",
// "throttled", "server_error".
export async function ask(path, options = {}) {
  const { method = "GET", json, bytes, csrf = "", seconds = TEXT_SECONDS } = options;
  const headers = { Accept: "application/json", ...options.headers };
  let body = bytes;
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(json);
  } else if (bytes !== undefined) {
    headers["Content-Type"] = "application/octet-stream";
  }
  if (csrf) {
    headers["X-CSRFToken"] = csrf;
  }
  // A weak signal neither answers nor fails; without an end of our own it holds up all the rest.
  const end = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end.abort();
  }, seconds * 1000);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body,
      // A redirect is no answer of ours: followed, a sign-in page would look like success.
      redirect: "manual",
      cache: "no-store",
      credentials: "same-origin",
      signal: end.signal,
    });
    if (response.type === "opaqueredirect") {
      return answer(0, "redirected");
    }
    // Within the time too: headers may come and the rest never.
    return told(response, await response.text());
  } catch (error) {
    return answer(0, late ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

// Whether the server, and not something in between, has spoken.
export function cameThrough(one) {
  return one.status !== 0 && one.code !== "empty" && one.code !== "not_ours";
}

function answer(status, code, more) {
  return { status, code, message: "", json: null, etag: "", wait: 0, ...more };
}

function told(response, text) {
  const { status } = response;
  const json = parsed(text);
  const more = { json, etag: response.headers.get("ETag") || "", wait: pause(response) };
  if (status === 304 || (response.ok && json)) {
    return answer(status, "", more);
  }
  if (json && typeof json.code === "string") {
    return answer(status, json.code, { ...more, message: String(json.message || "") });
  }
  return answer(status, codeOf(status, text), more);
}

function codeOf(status, text) {
  // These a proxy may say in our server's stead, in words of its own.
  if (status === 413) {
    return "too_large";
  }
  if (status === 429) {
    return "throttled";
  }
  if (status >= 500) {
    return "server_error";
  }
  return text.trim() ? "not_ours" : "empty";
}

function parsed(text) {
  try {
    const json = JSON.parse(text);
    return json && typeof json === "object" ? json : null;
  } catch (error) {
    return null;
  }
}

function pause(response) {
  const said = response.headers.get("Retry-After");
  const until = Number(said) || (Date.parse(said) - Date.now()) / 1000 || 0;
  return Math.min(Math.max(until, SHORTEST_PAUSE), LONGEST_PAUSE);
}
