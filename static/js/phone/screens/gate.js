// A card at a gate, scanned without a network: the form of a visit, if it is one of the officer's.
import { all } from "../rows.js";

export const gate = {
  template: "t-gate",
  title: "title-gate",
  back: "/m/",

  async values() {
    return {};
  },

  wire(_root, phone, page) {
    const code = decodeURIComponent(page.params[0]);
    const found = all(phone, "enterprises").find((one) => one.gate === code);
    if (found) {
      page.go(`/m/visits/new/?enterprise=${found.id}`, { instead: true });
    }
  },
};
