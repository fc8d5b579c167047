/* A link with data-dialog opens its page in the page's one dialog, where its form is sent too; app.js sends files.
   Without script, or when anything goes wrong, the link leads to the page itself. */
const dialog = document.getElementById("dialog");
const AS_FRAGMENT = { "HX-Request": "true", "HX-Target": "dialog#dialog" };
const KEPT = "Nothing was changed and what you typed is still here.";
let address = "", typed = false;
let asked = 0; // the latest question: the answer to an earlier one comes too late
let sending = false;

function fill(html) {
  dialog.innerHTML = html;
  // Without an address a form is of the dialog's page.
  dialog.querySelectorAll("form").forEach((form) => { if (!form.getAttribute("action")) form.action = address; });
  typed = false;
  globalThis.htmx?.process(dialog);
  if (!dialog.open) dialog.showModal();
  document.dispatchEvent(new CustomEvent("filled", { detail: dialog }));
  if (dialog.querySelector("[data-focus]")) return;
  const safe = dialog.querySelector("[data-first]");
  (safe ?? dialog.querySelector(".field input, .field select, .field textarea, .foot button"))?.focus();
}

function leadTo(place) {
  const there = new URL(place, location.href);
  if (there.pathname + there.search !== location.pathname + location.search) { location.href = there.href; return; }
  if (there.hash) location.hash = there.hash; // goes nowhere by itself
  location.reload();
}

async function show(url) {
  const mine = ++asked;
  const answer = await fetch(url, { headers: AS_FRAGMENT }).catch(() => null);
  const place = answer?.headers.get("HX-Redirect"), html = await answer?.text().catch(() => null);
  if (mine !== asked) return undefined;
  if (!answer?.ok || answer.redirected || place || html === null) return leadTo(place ?? url);
  address = url;
  return fill(html);
}

function tell(text) {
  const note = dialog.querySelector("[data-problem]") ?? document.createElement("div");
  Object.assign(note, { className: "note bad", textContent: text });
  note.dataset.problem = "";
  note.setAttribute("role", "alert");
  dialog.querySelector("form")?.prepend(note);
}

async function send(form, submitter) {
  const buttons = [...form.querySelectorAll("button")], body = new FormData(form, submitter);
  asked += 1;
  sending = form.inert = true; // what is typed now would not be sent
  buttons.forEach((button) => { button.disabled = true; });
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: AS_FRAGMENT }).catch(() => null);
  const place = answer?.headers.get("HX-Redirect");
  if (place) return leadTo(place);
  const taken = answer && answer.status < 500 && !answer.redirected;
  const html = taken ? await answer.text().catch(() => null) : null;
  sending = form.inert = false;
  if (html !== null && !/<html/i.test(html)) return fill(html);
  buttons.forEach((button) => { button.disabled = false; });
  if (!dialog.open) dialog.showModal(); // closed in the meantime: the text is still there
  const fault = answer ? `The server refused (${answer.status})` : "The connection was lost";
  return tell(`${fault}. ${KEPT}`);
}

const plain = (event) => !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !plain(event) || !dialog?.showModal) return;
  if (link.matches("[data-dialog]")) {
    event.preventDefault();
    const menu = link.closest("details.menu[open]"); // the focus comes back to what stays visible
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    show(link.href);
  } else if (dialog.contains(link) && link.getAttribute("href").startsWith("?")) {
    event.preventDefault();
    show(new URL(link.getAttribute("href"), address).href);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!dialog?.contains(form) || form.method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

dialog?.addEventListener("uploaded", (event) => {
  const request = event.detail, place = request.getResponseHeader("HX-Redirect"), html = request.responseText;
  if (place) return leadTo(place);
  if (/<html/i.test(html)) return tell(`The server refused (${request.status}). ${KEPT}`);
  const chosen = [...dialog.querySelectorAll("input[type=file]")].map((input) => [input.name, input.files]);
  fill(html);
  return chosen.forEach(([name, files]) => { // a refused field does not cost the file
    const input = dialog.querySelector(`input[type=file][name="${name}"]:not([aria-invalid])`);
    if (input) { input.files = files; input.dispatchEvent(new Event("change", { bubbles: true })); }
  });
});

dialog?.addEventListener("input", () => { typed = true; });
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog && typed) event.stopPropagation();
});
dialog?.addEventListener("close", () => {
  if (dialog.open || sending) return; // opened again before this was told, or still needed
  asked += 1;
  dialog.replaceChildren();
});
