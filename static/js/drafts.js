/* What is typed into a form with data-draft is kept here, for this person and address, until it was sent. Offline
   nothing is sent; a banner says so. */
const user = document.body.dataset.user ?? "", EVERY = 10_000, DAYS = 30;
const SKIPPED = ["hidden", "password", "file", "submit", "button", "reset"];
const drafted = () => [...document.querySelectorAll("form[data-draft]")];
const keyOf = (form) => `draft:${user}:${form.getAttribute("action") || location.pathname}`;
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !SKIPPED.includes(one.type));
const ticks = (field) => ["checkbox", "radio"].includes(field.type);
const timeOf = (at) => new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function valueOf(field) {
  if (ticks(field)) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

function setValue(field, value) {
  if (ticks(field)) field.checked = value;
  else if (field.multiple) [...field.options].forEach((option) => { option.selected = value.includes(option.value); });
  else field.value = value;
}

const valuesOf = (form) => fieldsOf(form).map((field) => [field.name, valueOf(field)]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function stored(form) {
  try { return JSON.parse(localStorage.getItem(keyOf(form))); } catch { return null; }
}

/* Made at the first input: a button that moves under a press is not pressed. */
function place(form) {
  let told = form.querySelector(".draft");
  if (!told) {
    told = Object.assign(document.createElement("span"), { className: "draft t3 s" });
    (form.querySelector(".foot") ?? form).prepend(told);
  }
  return told;
}

function keep(form) {
  if (!form.dataset.typed || form.dataset.typed === "kept") return;
  const draft = { at: Date.now(), expected: form.elements.expected?.value, values: valuesOf(form) };
  try { localStorage.setItem(keyOf(form), JSON.stringify(draft)); } catch { return; }
  form.dataset.typed = "kept";
  place(form).textContent = `Draft saved ${new Date(draft.at).toTimeString().slice(0, 5)}`;
}

function restore(form) {
  const draft = stored(form), fields = fieldsOf(form);
  if (!draft || form.querySelector("[aria-invalid], [role=alert]")) return;
  const fits = draft.values.length === fields.length && draft.values.every(([name], at) => name === fields[at].name);
  if (!fits || same(draft.values, valuesOf(form))) { if (fits) localStorage.removeItem(keyOf(form)); return; }
  draft.values.forEach(([, value], at) => setValue(fields[at], value));
  // Sent on the version that it was typed on: who was faster is told then.
  if (draft.expected && form.elements.expected) form.elements.expected.value = draft.expected;
  form.dataset.typed = "kept";
  const note = Object.assign(document.createElement("div"), { className: "note info" });
  note.setAttribute("role", "status");
  const text = Object.assign(document.createElement("div"), { className: "grow", textContent: `Your draft of ${timeOf(draft.at)} is filled in. Nothing of it was sent. ` });
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "lk", textContent: "Discard it" });
  discard.addEventListener("click", () => { localStorage.removeItem(keyOf(form)); location.reload(); });
  text.append(discard);
  note.append(text);
  form.prepend(note);
}

/* A form that leads elsewhere was taken when we are elsewhere; a failure page tells that it was not,
   and so does the page that asks to sign in again. */
function settle() {
  const sent = sessionStorage.getItem("sent");
  if (!sent) return;
  sessionStorage.removeItem("sent");
  if (!user) return;
  const form = drafted().find((one) => keyOf(one) === sent);
  const taken = form ? form.dataset.draft === "stays" && !form.querySelector("[role=alert]") : true;
  if (taken && !document.body.hasAttribute("data-failed")) localStorage.removeItem(sent);
}

function forgetOld() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("draft:")) continue;
    const at = JSON.parse(localStorage.getItem(key) || "{}").at ?? 0;
    if (Date.now() - at > DAYS * 24 * 3600 * 1000) localStorage.removeItem(key);
  }
}

function showOffline() {
  document.querySelector(".offline")?.remove();
  if (navigator.onLine) return;
  drafted().forEach(keep);
  const text = "You are offline. What you type is kept on this computer; send it when you are back.";
  const note = Object.assign(document.createElement("div"), { className: "note warn mb offline", textContent: text });
  note.setAttribute("role", "alert");
  document.querySelector("main")?.prepend(note);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) { form.dataset.typed = "now"; place(form); }
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (!navigator.onLine) { event.preventDefault(); showOffline(); scrollTo({ top: 0 }); return; }
  if (!form.matches("[data-draft]")) return;
  keep(form);
  sessionStorage.setItem("sent", keyOf(form));
});
setInterval(() => drafted().forEach(keep), EVERY);
addEventListener("pagehide", () => drafted().forEach(keep));
addEventListener("offline", showOffline);
addEventListener("online", showOffline);
try { settle(); forgetOld(); drafted().forEach(restore); } catch { /* no storage: forms work without */ }
showOffline();
