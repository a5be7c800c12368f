// When the phone asks and sends: as it begins, when its page is looked at, when the network is
// back, after something was entered, when somebody presses the button, and now and then while
// something waits.
import { dropStrays } from "./drafts.js";
import { finishLeaving, locked, ownerOf, signInSeen } from "./owner.js";
import { State } from "./state.js";

// Milliseconds.
const EVERY = 30 * 1000;
const FIRST_ANSWER_WITHIN = 5000;

export class Rounds extends State {
  constructor(book, trouble) {
    super(book, trouble);
    this.sending = false;
    // The round that is under way, what has been asked for meanwhile, and whether something was
    // done since the last refresh.
    this.round = null;
    this.asked = null;
    this.news = false;
  }

  async begin() {
    await this.guarded(() => finishLeaving(this));
    const owner = await ownerOf(this.book);
    if (owner && owner.seen === signInSeen()) {
      await this.adopt(owner);
      await this.guarded(() => dropStrays(this.store));
    } else if (owner) {
      // Somebody has signed in since: nothing is shown before it is known who.
      this.hide(true);
    }
    this.listen();
    const first = this.wake();
    if (!this.person) {
      await Promise.race([first, new Promise((done) => setTimeout(done, FIRST_ANSWER_WITHIN))]);
    }
  }

  listen() {
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => this.tick(), EVERY);
    if (this.others) {
      this.others.onmessage = ({ data }) => this.guarded(() => this.heardOther(data));
    }
  }

  async wake() {
    if (this.person && this.seen !== signInSeen()) {
      this.hide(true);
    }
    await this.refresh();
    await this.trySending({ anew: true });
  }

  // Only for what waits: asking without a reason would keep a session alive that nobody uses.
  async tick() {
    await this.expire();
    if (this.signedIn !== false && this.counts.waiting) {
      await this.trySending({});
    }
  }

  send() {
    return this.trySending({ anew: true });
  }

  // `anew`: at once, also what is to wait; `hurry`: at once, but for what is to wait. One tab sends
  // at a time; what is asked for meanwhile is done after it.
  trySending(how) {
    this.asked = { ...this.asked, ...how };
    this.round =
      this.round ||
      this.sendAll().finally(() => {
        this.round = null;
      });
    return this.round;
  }

  async sendAll() {
    while (this.sender && !this.another && (this.asked || this.news)) {
      if (this.asked) {
        const how = this.asked;
        this.asked = null;
        await this.sendWith(this.sender, how);
      } else {
        // What was done has changed what there is to know.
        this.news = false;
        await this.refresh();
      }
    }
    this.asked = null;
  }

  sendWith(sender, how) {
    return locked("liaison-outbox", async () => {
      this.sending = true;
      this.changed();
      await this.guarded(() => sender.round(how));
      this.sending = false;
      this.changed();
    });
  }

  // Told by the sender, after every answer.
  async settled(done) {
    this.news = this.news || done.length > 0;
    await this.rowsChanged();
    if (done.length) {
      this.dispatchEvent(new CustomEvent("done", { detail: done }));
    }
  }

  async rowsChanged() {
    this.tell("rows");
    await this.load();
  }

  // What has waited behind it need wait no longer.
  async decided() {
    await this.rowsChanged();
    this.trySending({ anew: true });
  }
}
