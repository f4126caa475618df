const told = JSON.parse(document.getElementById("data").textContent);
const AT = Object.fromEntries(told.fields.map((name, place) => [name, place]));
const WIDTH = told.fields.length;

/* Milliseconds since the epoch, in the report's zone: "2026-05-19T14:02:11.000Z". */
function inZone(ms) {
  return new Date(ms + told.offset_ms).toISOString();
}

function clock(ms) {
  return ms === null ? "" : inZone(ms).slice(11, 19);
}

function day(ms) {
  return ms === null ? "" : inZone(ms).slice(0, 10);
}

function count(number, one, many = one + "s") {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

function span(seconds) {
  const said = [];
  for (const [length, name] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    if (seconds >= length && said.length < 2) {
      said.push(`${Math.floor(seconds / length)} ${name}`);
      seconds %= length;
    }
  }
  return said.join(" ");
}

/* One session: its steps are numbers, one behind the other, and texts by their place. */
class Session {
  constructor(raw, place) {
    Object.assign(this, raw);
    this.place = place;
    this.count = raw.steps.length / WIDTH;
    this.lower = null;
  }

  number(step, field) {
    return this.steps[step * WIDTH + AT[field]];
  }

  text(step, field) {
    return told.texts[this.number(step, field)];
  }

  level(step) {
    return told.levels[this.number(step, "level")];
  }

  ms(step) {
    const after = this.number(step, "after_ms");
    return after < 0 ? null : (this.first || 0) + after;
  }

  codes(step) {
    return this.text(step, "codes").split(" ").filter(Boolean);
  }

  /* What a search looks at, in small letters; made once. */
  searched(step) {
    if (this.lower === null) {
      this.lower = [];
      for (let n = 0; n < this.count; n++) {
        const words = [this.text(n, "verb"), this.text(n, "subject")].filter(Boolean).join(" ");
        const rest = ["rest", "codes", "traceback"].map((field) => this.text(n, field));
        this.lower.push([words + rest[0], ...rest.slice(1)].join("\n").toLowerCase());
      }
    }
    return this.lower[step];
  }

  /* The places of the steps that are asked for; who looks for the session's id gets all. */
  hits(asked) {
    const found = [];
    if (asked.session >= 0 && asked.session !== this.place) return found;
    const sought = asked.text === this.id.toLowerCase() ? "" : asked.text;
    for (let n = 0; n < this.count; n++) {
      if (this.number(n, "level") < asked.level) continue;
      if (asked.category >= 0 && this.number(n, "category") !== asked.category) continue;
      if (sought && !this.searched(n).includes(sought)) continue;
      found.push(n);
    }
    return found;
  }
}

const sessions = told.sessions.map((raw, place) => new Session(raw, place));
const bySession = new Map(sessions.map((session) => [session.id, session]));
