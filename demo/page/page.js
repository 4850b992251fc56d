// The demo's own page: draws the state it is told, and sends what is pressed. The bot's words are in the frame.

const LOOK_EVERY = 900;
const WAIT_FOR_FRAME = 4000;
const OURS = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)/;
const UNSAID = {
  "action-callback-error": "", // its own words are among the troubles
  "autocomplete-unanswered": "",
  "action-timeout": "Colophon has not answered within five seconds.",
  "command-option-invalid": "Discord would not send this: something the command needs is missing or misspelt.",
  "validation-failed": "Discord would not send this: something it needs is missing.",
};
const token = document.querySelector("meta[name=colophon-token]").content;
const byId = (id) => document.getElementById(id);

let state = null;
let busy = 0;
let seenTroubles = 0;
let seenAction = null;
let drawn = "";

async function call(path, wish) {
  const options = wish === undefined ? {} : { method: "POST", body: JSON.stringify(wish) };
  const headers = { "X-Colophon-Token": token, "Content-Type": "application/json" };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  if (answer.ok || answer.status === 409) return answer.json();
  throw new Error(`The demo answered ${answer.status}.`);
}

async function look() {
  try {
    const answer = await call("/demo/state");
    if (answer.error) say(answer.error);
    else draw(answer);
    watchFrame();
  } catch {
    say("The demo is not there any more. Start it with “colophon demo” and reload this page.");
  }
  setTimeout(look, LOOK_EVERY);
}

async function act(path, wish) {
  busy += 1;
  waiting();
  try {
    const answer = await call(path, wish);
    if (answer.error) say(answer.error);
    else draw(answer);
  } catch (error) {
    say(error.message);
  } finally {
    busy -= 1;
    waiting();
  }
}

function waiting() {
  const turning = state?.turning;
  byId("progress").hidden = !turning;
  if (turning) Object.assign(byId("progress"), { value: turning.done, max: turning.of });
  for (const button of document.querySelectorAll("#turns button, #hand-in")) button.disabled = busy > 0 || Boolean(turning);
  byId("frame").setAttribute("aria-busy", String(busy > 0 || Boolean(turning)));
}

function draw(next) {
  state = next;
  drawClock();
  waiting();
  drawFrame();
  const fingerprint = JSON.stringify([next.people, next.person, next.places, next.guide, next.shown?.channel]);
  if (fingerprint !== drawn) {
    drawn = fingerprint;
    keepingFocus(() => { drawPeople(); drawPlaces(); drawGuide(); });
  }
  if (next.troubles.length > seenTroubles) say(`Colophon stumbled. ${next.troubles.slice(seenTroubles).join("\n")}`);
  seenTroubles = next.troubles.length;
}

function drawClock() {
  const now = new Date(state.now);
  const write = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(now);
  byId("now").dateTime = state.now;
  byId("day").textContent = write({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  byId("hour").textContent = `${write({ hour: "2-digit", minute: "2-digit" })} UTC`;
}

function drawPeople() {
  byId("people").replaceChildren(...state.people.map((person) => {
    const button = make("button", { type: "button" }, make("img", { src: `/demo/face/${person.key}.png`, alt: "", width: 34, height: 34 }));
    button.append(make("span", {}, person.name, make("small", { textContent: person.part })));
    button.setAttribute("aria-pressed", String(person.key === state.person));
    button.dataset.key = `person:${person.key}`;
    if (person.unread && person.key !== state.person) button.append(count(person.unread));
    button.addEventListener("click", () => act("/demo/show", { person: person.key }));
    return button;
  }));
}

function drawPlaces() {
  byId("guild").textContent = state.guild;
  const threads = (forum) => state.places.filter((place) => place.kind === "thread" && place.parent === forum.id);
  const rows = [];
  for (const place of state.places.filter((one) => !["thread", "inbox"].includes(one.kind))) {
    if (place.kind !== "forum") { rows.push(drawPlace(place)); continue; }
    const inside = threads(place);
    rows.push(make("div", { className: "place forum" }, mark(place), make("span", { className: "name", textContent: place.name })));
    rows.push(...(inside.length ? inside.map(drawPlace) : [make("div", { className: "place none", textContent: "no story yet" })]));
  }
  rows.push(make("h3", { textContent: "Direct messages" }), ...state.places.filter((place) => place.kind === "inbox").map(drawPlace));
  byId("places").replaceChildren(...rows);
}

function drawPlace(place) {
  const button = make("button", { type: "button", className: `place ${place.kind}` });
  button.append(mark(place), make("span", { className: "name", textContent: place.name }));
  button.dataset.key = `place:${place.id}`;
  button.classList.toggle("unread", place.unread > 0);
  if (place.id === state.shown?.channel) button.setAttribute("aria-current", "page");
  if (place.unread) button.append(count(place.unread));
  button.addEventListener("click", () => act("/demo/show", { channel: place.id }));
  return button;
}

function mark(place) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${place.kind}`);
  svg.append(use);
  return svg;
}

function drawGuide() {
  const steps = [...document.querySelectorAll("#guide li")];
  const next = steps.find((step) => !state.guide[step.dataset.step]);
  for (const step of steps) {
    step.classList.toggle("done", state.guide[step.dataset.step]);
    step.classList.toggle("next", step === next);
  }
  document.querySelector('[data-seconds="259200"]').classList.toggle("next", next?.dataset.step === "turn");
}

// The next frame loads behind the one on show and takes its place when it is ready.
function drawFrame() {
  const url = state.shown?.url;
  const frame = byId("frame");
  if (!url || frame.dataset.url === url) return;
  frame.dataset.url = url;
  for (const old of frame.querySelectorAll("iframe")) rest(old);
  const coming = make("iframe", { className: "coming", title: "Simulated Discord", src: url });
  frame.append(coming);
  const began = performance.now();
  const arrive = () => {
    if (frame.dataset.url !== url) { coming.remove(); return; }
    const ready = coming.contentWindow?.simcordPreview?.ready;
    if (!ready && performance.now() - began < WAIT_FOR_FRAME) { setTimeout(arrive, 40); return; }
    for (const old of [...frame.querySelectorAll("iframe")]) if (old !== coming) old.remove();
    coming.classList.remove("coming");
    coming.contentDocument.addEventListener("click", stayInside, true);
  };
  arrive();
}

// Its Preview is closed: it keeps what it shows and asks for no more.
function rest(frame) {
  frame.contentWindow?.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
}

// A link to a channel opens it here; no link leads out of the simulation.
function stayInside(event) {
  const href = event.target.closest?.("a[href]")?.href ?? "";
  if (!/^https?:/.test(href) || href.startsWith(location.origin)) return;
  event.preventDefault();
  const channel = OURS.exec(href)?.[1];
  if (channel) act("/demo/show", { channel });
  else say(`The demo follows no link out of this machine: ${href}`);
}

// What became of a press in the frame, when it was not what the person wanted.
function watchFrame() {
  const last = document.querySelector("#frame iframe:not(.coming)")?.contentWindow?.simcordPreview?.lastAction;
  if (!last || last.requestId === seenAction) return;
  seenAction = last.requestId;
  if (last.settlement === "settled") return;
  const code = last.diagnostics[0]?.code;
  const words = code in UNSAID ? UNSAID[code] : "That did not go through; the channel had moved on. Try it once more.";
  if (words) say(words);
}

function say(text) {
  byId("notice").hidden = false;
  byId("notice-text").textContent = text;
}

function keepingFocus(work) {
  const key = document.activeElement?.dataset?.key;
  work();
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function count(number) {
  const badge = make("span", { className: "count", textContent: number });
  badge.setAttribute("aria-label", `${number} unread`);
  return badge;
}

for (const button of document.querySelectorAll("#turns button")) {
  button.addEventListener("click", () => act("/demo/turn", { seconds: Number(button.dataset.seconds) }));
}
for (const link of document.querySelectorAll("[data-place]")) {
  link.addEventListener("click", () => {
    const place = state?.places.find((one) => one.name === link.dataset.place && one.kind !== "forum");
    if (place) act("/demo/show", { channel: place.id });
  });
}
byId("hand-in").addEventListener("click", () => act("/demo/hand-in", {}));
byId("notice-close").addEventListener("click", () => { byId("notice").hidden = true; });
look();
