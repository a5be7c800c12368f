// What only the server can do, and so needs a network: whether it has, or the person is told why not.
import { say } from "./bind.js";

export async function ordered(phone, page, path, json) {
  const answer = await phone.ask(path, { method: "POST", json });
  if (answer.code) {
    page.tell(answer.message || say("needs-network", {}));
    return false;
  }
  await phone.refresh();
  return true;
}
