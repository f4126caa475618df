const SESSIONS = 50;
const PRINTED = 2000;
const CHOICES = 500;
const form = document.getElementById("controls");
const list = document.getElementById("list");
const inputs = ["text", "level", "category", "session"].map((id) => document.getElementById(id));
const [textInput, levelInput, categoryInput, sessionInput] = inputs;
let drawn = [];
let shown = 0;

function isFiltered() {
  return Boolean(asked.text) || asked.level > 0 || asked.category >= 0 || asked.session >= 0;
}

/* Draw the sessions that have what is asked for; all of them are counted. */
function draw() {
  watcher.disconnect();
  list.replaceChildren();
  drawn = sessions.map((session) => new Drawn(session, session.hits(asked)));
  drawn = isFiltered() ? drawn.filter((each) => each.hits.length) : drawn;
  const steps = drawn.reduce((sum, each) => sum + each.hits.length, 0);
  const said = `${count(steps, "step")} in ${count(drawn.length, "session")}`;
  form.querySelector("output").textContent = steps || !isFiltered() ? said : "No step has what you look for.";
  shown = 0;
  showSessions(SESSIONS);
  let room = CHUNK;
  for (const each of drawn.slice(0, SESSIONS)) {
    if (room > 0 && each.hits.length) each.open();
    room -= isFiltered() ? each.hits.length : CHUNK;
  }
}

function showSessions(until) {
  list.querySelector(":scope > button")?.remove();
  list.append(...drawn.slice(shown, until).map((each) => each.element));
  shown = Math.min(until, drawn.length);
  const left = drawn.length - shown;
  if (!left) return;
  const more = made("button", "", `Show ${number(Math.min(SESSIONS, left))} more of ${count(left, "session")}`);
  more.type = "button";
  more.addEventListener("click", () => showSessions(shown + SESSIONS));
  list.append(more);
}

function ask() {
  const next = {
    text: textInput.value.trim().toLowerCase(),
    level: Number(levelInput.value),
    category: Number(categoryInput.value),
    session: Number(sessionInput.value),
  };
  if (JSON.stringify(next) === JSON.stringify(asked)) return;
  asked = next;
  draw();
}

/* Show one step in its session, with what came before it. */
function show(session, step) {
  if (isFiltered()) {
    form.reset();
    ask();
  }
  const each = drawn[session.place];
  if (!each.element.isConnected) showSessions(session.place + SESSIONS);
  each.open(step < each.from || step >= each.to ? Math.max(0, step - 20) : each.from);
  for (const old of list.querySelectorAll(".here")) old.classList.remove("here");
  const found = step < 0 ? each.element.firstChild : each.steps.querySelector(`[data-step="${step}"]`);
  if (!found) return;
  if (step >= 0) {
    found.classList.add("here");
    for (const inner of found.querySelectorAll("details")) inner.open = true;
    found.tabIndex = -1;
  }
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
}

/* Follow the address: a support code, a session, or a step of one. */
function follow() {
  let wanted = location.hash.slice(1);
  try {
    wanted = decodeURIComponent(wanted);
  } catch {
    return;
  }
  if (!wanted || document.getElementById(wanted)) return;
  const code = wanted.toUpperCase();
  for (const session of sessions) {
    for (let n = 0; n < session.count; n++) {
      if (session.number(n, "codes") && session.codes(n).includes(code)) return show(session, n);
    }
  }
  if (bySession.has(wanted)) return show(bySession.get(wanted), -1);
  const dot = wanted.lastIndexOf(".");
  const session = bySession.get(wanted.slice(0, dot));
  const step = Number(wanted.slice(dot + 1)) - 1;
  if (session && step >= 0 && step < session.count) show(session, step);
}

function fillChoices() {
  const used = new Set();
  for (const session of sessions) for (let n = 0; n < session.count; n++) used.add(session.number(n, "category"));
  const named = [...used].map((place) => [told.texts[place], place]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  choices(categoryInput, named, ([name, place]) => new Option(name || "(none)", place), "more categories");
  choices(sessionInput, sessions, ({ id, first, place }) => new Option(`${id} ${day(first)} ${clock(first)}`, place), "more: search for the id");
}

/* No list is longer than somebody scrolls. */
function choices(input, all, option, rest) {
  input.append(...all.slice(0, CHOICES).map(option));
  if (all.length <= CHOICES) return;
  const more = new Option(`${number(all.length - CHOICES)} ${rest}`);
  more.disabled = true;
  input.append(more);
}

/* Before printing everything is opened that fits; what is not printed is said. */
let openedToPrint = [];
function openAll() {
  const all = drawn.reduce((sum, each) => sum + each.hits.length, 0);
  if (all <= PRINTED) {
    showSessions(drawn.length);
    for (const each of drawn) {
      each.open(0);
      each.before();
      each.more(PRINTED);
    }
  }
  const printed = drawn.reduce((sum, each) => sum + (each.isOpen ? each.to - each.from : 0), 0);
  document.getElementById("printed").textContent = printed === all
    ? `All of these ${count(all, "step")} are printed.`
    : `Printed are those that were open, ${number(printed)} of ${count(all, "step")}; all of them are in the file itself.`;
  openedToPrint = [...document.querySelectorAll("details:not(.session):not([open])")];
  for (const each of openedToPrint) each.open = true;
}

let waiting = 0;
fillChoices();
form.hidden = !sessions.length;
document.getElementById("without").remove();
draw();
follow();
textInput.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
});
form.addEventListener("change", ask);
form.addEventListener("reset", () => setTimeout(ask));
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link?.dataset.level) {
    form.reset();
    levelInput.value = link.dataset.level;
    ask();
  }
  if (link && link.getAttribute("href") === location.hash) follow();
});
addEventListener("beforeprint", openAll);
addEventListener("afterprint", () => {
  for (const each of openedToPrint) each.open = false;
});
