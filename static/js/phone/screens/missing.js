// An address below /m/ that is no screen.
export const missing = {
  template: "t-missing",
  title: "title-missing",
  back: "/m/",

  async values() {
    return {};
  },
};
