const CHUNK = 200;
const number = (n) => n.toLocaleString("en-US");
let asked = { text: "", level: 0, category: -1, session: -1 };

/* An element; whatever stands in it is text. */
function made(name, className, ...inside) {
  const found = document.createElement(name);
  if (className) found.className = className;
  found.append(...inside.filter((each) => each !== null && each !== ""));
  return found;
}

/* A text with what is searched for marked. */
function marked(text) {
  const found = document.createDocumentFragment();
  const lower = text.toLowerCase();
  let at = 0;
  if (asked.text && lower.length === text.length) {
    for (let hit = lower.indexOf(asked.text); hit >= 0; hit = lower.indexOf(asked.text, at)) {
      found.append(text.slice(at, hit), made("mark", "", text.slice(hit, hit + asked.text.length)));
      at = hit + asked.text.length;
    }
  }
  found.append(text.slice(at));
  return found;
}

function foreign(name, text) {
  const found = made(name, "", marked(text));
  found.dir = "auto";
  return found;
}

function address(session, step) {
  return `#${encodeURIComponent(session.id)}.${session.number(step, "number")}`;
}

function words(session, step) {
  const times = session.number(step, "times");
  const subject = session.text(step, "subject");
  const found = made(
    "div", "what", marked(session.text(step, "verb")), " ", subject ? foreign("b", subject) : null,
    times > 1 ? made("span", "quiet", ` \u00d7${times}`) : null, foreign("span", session.text(step, "rest")),
  );
  for (const code of session.codes(step)) found.append(" ", made("code", "", marked(code)));
  const trace = session.text(step, "traceback");
  if (trace) {
    const title = session.number(step, "level") < 3 ? "Where it stood" : "Traceback";
    const block = made("pre", "", marked(trace));
    Object.assign(block, { tabIndex: 0, dir: "ltr" });
    block.setAttribute("role", "region");
    block.setAttribute("aria-label", title);
    found.append(made("details", "", made("summary", "", title), block));
  }
  return found;
}

function item(session, step) {
  const link = made("a", "number", String(session.number(step, "number")));
  link.href = address(session, step);
  const depth = Math.min(session.number(step, "depth"), 8);
  const moment = made("time", "", clock(session.ms(step)));
  const found = made("li", `step ${session.level(step)} d${depth}`, link, moment, words(session, step));
  found.dataset.step = step;
  return found;
}

/* One session on the page: its heading, and of its steps those that are asked for, in parts. */
class Drawn {
  constructor(session, hits) {
    Object.assign(this, { session, hits, from: 0, to: 0, steps: null, built: null });
  }

  /* Its element; made when it is first wanted, for there may be many thousand sessions. */
  get element() {
    if (this.built) return this.built;
    this.body = made("div", "body");
    this.built = made("details", "session", this.heading(), this.body);
    this.built.addEventListener("toggle", () => this.isOpen && !this.steps && this.open());
    return this.built;
  }

  get isOpen() {
    return Boolean(this.built?.open);
  }

  heading() {
    const { id, app, user, browser, first, last, events, errors, count: all } = this.session;
    const until = day(first) === day(last) ? clock(last) : `${day(last)} ${clock(last)}`;
    const began = `${day(first)} ${clock(first)}`.trim();
    const when = clock(first) === clock(last) && day(first) === day(last) ? began : `${began} to ${until}`;
    const some = this.hits.length === all ? count(all, "step") : `${number(this.hits.length)} of ${count(all, "step")}`;
    const parts = [app, when, some, count(events, "event"), browser, user && `signed in as ${user}`];
    const title = made("h3", "", "Session ", made("span", "id", id));
    const said = parts.filter(Boolean).map((part) => made("bdi", "", part));
    return made("summary", "", title, ...said, errors ? made("span", "bad", count(errors, "error")) : null);
  }

  /* Open it; draw its steps from one on, unless they are there. */
  open(from = 0) {
    this.element.open = true;
    if (this.steps && from >= this.from && from < this.to) return;
    Object.assign(this, { from, to: from, steps: made("ol", "steps") });
    this.earlier = this.button(() => this.before());
    this.later = this.button(() => this.more());
    const gone = this.session.earlier;
    this.body.replaceChildren(
      gone ? made("p", "quiet", `${count(gone, "event")} before these are not told here.`) : "",
      this.earlier, this.steps, this.later,
    );
    this.more();
    watcher.observe(this.later);
  }

  button(act) {
    const found = made("button", "");
    found.type = "button";
    found.addEventListener("click", act);
    return found;
  }

  more(most = CHUNK) {
    const until = Math.min(this.hits.length, this.to + most);
    this.steps.append(this.part(this.to, until));
    this.to = until;
    this.tell();
  }

  before() {
    const from = Math.max(0, this.from - CHUNK);
    this.steps.prepend(this.part(from, this.from));
    this.from = from;
    this.tell();
  }

  part(from, until) {
    const found = document.createDocumentFragment();
    for (let n = from; n < until; n++) {
      const step = this.hits[n];
      const today = day(this.session.ms(step));
      const before = n ? day(this.session.ms(this.hits[n - 1])) : day(this.session.first);
      if (today && today !== before) found.append(made("li", "day", today));
      const gap = this.session.number(step, "gap_seconds");
      const follows = n && this.hits[n - 1] === step - 1;
      if (gap && follows) found.append(made("li", "gap", `${span(gap)} later`));
      found.append(item(this.session, step));
    }
    return found;
  }

  tell() {
    const left = this.hits.length - this.to;
    this.earlier.textContent = `Show ${number(Math.min(CHUNK, this.from))} earlier of ${number(this.from)}`;
    this.earlier.hidden = this.from === 0;
    this.later.textContent = `Show ${number(Math.min(CHUNK, left))} more of ${number(left)}`;
    this.later.hidden = left === 0;
  }
}

/* Who scrolls to the end of what is drawn gets more. */
const watcher = new IntersectionObserver((seen) => {
  for (const each of seen) if (each.isIntersecting && !each.target.hidden) each.target.click();
});
