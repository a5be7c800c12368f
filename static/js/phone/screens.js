// Which screen an address below /m/ is.
import { enterprise } from "./screens/enterprise.js";
import { enterprises } from "./screens/enterprises.js";
import { gate } from "./screens/gate.js";
import { inbox } from "./screens/inbox.js";
import { issue } from "./screens/issue.js";
import { issues } from "./screens/issues.js";
import { missing } from "./screens/missing.js";
import { more } from "./screens/more.js";
import { operation } from "./screens/operation.js";
import { outbox } from "./screens/outbox.js";
import { raise } from "./screens/raise.js";
import { today } from "./screens/today.js";
import { visit } from "./screens/visit.js";

// A screen: `template` and `title` (a word) of the page; values(phone, page) for the template, with
// `still` where it is not to be drawn again by itself; wire(root, phone, page, values) for what
// happens in it; `back` leads to where it belongs; `whole` where the template alone shows all of it,
// and what happens in it goes by nothing else.
const SCREENS = [
  [/^\/m\/$/, today],
  [/^\/m\/enterprises\/$/, enterprises],
  [/^\/m\/enterprises\/(\d+)\/$/, enterprise],
  [/^\/m\/visits\/new\/$/, visit],
  [/^\/m\/issues\/$/, issues],
  [/^\/m\/issues\/new\/$/, raise],
  [/^\/m\/issues\/(\d+)\/$/, issue],
  [/^\/m\/inbox\/$/, inbox],
  [/^\/m\/outbox\/$/, outbox],
  [/^\/m\/outbox\/([0-9a-f-]{36})\/$/, operation],
  [/^\/m\/more\/$/, more],
  [/^\/g\/([^/]+)\/$/, gate],
];

export function screenAt({ pathname, search }) {
  const [pattern, screen] = SCREENS.find(([one]) => one.test(pathname)) || [/$/, missing];
  return {
    ...screen,
    params: pattern.exec(pathname).slice(1),
    query: new URLSearchParams(search),
  };
}
