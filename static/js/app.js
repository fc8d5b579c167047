/* Everything here is an addition: each control also works without script. */
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const inField = (node) => node.closest?.("input, textarea, select, [contenteditable]");

/* --- announcements and toasts ------------------------------------------------------------ */
function say(text) {
  const live = $("#live");
  if (live && text) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); }
}

function watchToast(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "1";
  if (toast.hasAttribute("data-stay")) return;
  let timer = setTimeout(() => toast.remove(), 8000);
  for (const kind of ["mouseenter", "focusin"]) toast.addEventListener(kind, () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), 4000); });
}

/* --- dialogs and menus ------------------------------------------------------------------- */
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return false;
  if (!dialog.open) dialog.showModal();
  if (id === "jump") startJump();
  $("[data-first]", dialog)?.focus();
  return true;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && !event.ctrlKey && !event.metaKey && openDialog(opener.dataset.open)) event.preventDefault();
  if (event.target.closest("[data-close]")) event.target.closest(".toast, dialog")?.remove();
  const cancel = event.target.closest("dialog [data-cancel]");
  if (cancel) { event.preventDefault(); cancel.closest("dialog").close(); }
  if (event.target.matches("dialog")) event.target.close();
  const inside = event.target.closest("details.menu");
  $$("details.menu[open]").forEach((menu) => {
    if (menu !== inside || event.target.closest("[data-open]")) menu.open = false;
  });
});

/* --- jump: options come from the server ------------------------------------------------------ */
let combobox;
async function startJump() {
  const input = $("#jump-q"), list = $("#jump-list");
  // Before the wait: what is typed meanwhile must not be selected and typed over.
  input.select();
  const { default: Combobox } = await import(new URL("../vendor/combobox-nav.js", import.meta.url));
  if (!combobox) {
    combobox = new Combobox(input, list, { firstOptionSelectionMode: "selected" });
    list.addEventListener("combobox-commit", (event) => { location.href = event.target.href; });
    $("#jump").addEventListener("close", () => combobox.stop());
  }
  if (!$("#jump").open) return;
  combobox.start();
  input.dispatchEvent(new Event("open-jump"));
}

/* --- rows: selection and movement ---------------------------------------------------------- */
function count() {
  const boxes = $$("[name=selected]"), chosen = boxes.filter((box) => box.checked).length;
  const all = $("[data-all]"), told = $("[data-selected]");
  if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  if (told) told.textContent = `${chosen} selected`;
  boxes.forEach((box) => box.closest("tr")?.setAttribute("aria-selected", box.checked));
}

function clearRows() {
  $$("[name=selected]:checked").forEach((box) => { box.checked = false; });
  count();
}

let lastBox;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches("[data-clear]")) return clearRows();
  if (box.matches("[data-all]")) { $$("[name=selected]").forEach((one) => { one.checked = box.checked; }); return count(); }
  if (!box.matches("[name=selected]")) return undefined;
  const boxes = $$("[name=selected]");
  if (event.shiftKey && lastBox) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  lastBox = box;
  return count();
});

function move(step) {
  const rows = $$("[data-rows] tbody tr, [data-rows] > .it");
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("foc"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  rows.forEach((row) => row.classList.toggle("foc", row === next));
  (next.matches("a") ? next : $("a", next))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/* --- keys ------------------------------------------------------------------------------------ */
let wentG = 0;
function singleKey(event) {
  const focused = $("tr.foc, .it.foc");
  if (event.key === "/") return $("[data-search]")?.focus() ?? $("[data-search]")?.select() ?? true;
  if (event.key === "?") return openDialog("keys");
  if (event.key === "j") return move(1) ?? true;
  if (event.key === "k") return move(-1) ?? true;
  if (event.key === "x" && focused) return $("[name=selected]", focused)?.click() ?? true;
  if (event.key === "g") { wentG = Date.now(); return true; }
  if (Date.now() - wentG < 1500) {
    const place = $(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    if (place) { location.href = place.href; return true; }
  }
  const own = $(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (own) { own.click(); return true; }
  return false;
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openDialog("jump")) event.preventDefault();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest?.("form")?.requestSubmit();
  } else if (event.key === "Escape") {
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); } else if (!$("dialog[open]") && !inField(event.target)) clearRows();
  } else if (document.body.hasAttribute("data-keys") && !event.ctrlKey && !event.metaKey && !event.altKey
    && !inField(event.target) && !$("dialog[open]") && singleKey(event)) {
    event.preventDefault();
  }
});

/* --- theme: switched at once, kept by the server in the order of the clicks ------------------ */
let themeKept = Promise.resolve();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-theme-switch]")) {
    event.preventDefault();
    const chosen = event.submitter.value, data = new FormData(form);
    document.documentElement.dataset.theme = chosen;
    data.set("theme", chosen);
    $(`button:not([value=${chosen}])`, form).focus(); // the clicked one is no longer shown
    // Also when the page is left at once.
    const sent = { method: "POST", body: data, redirect: "manual", keepalive: true };
    themeKept = themeKept.then(() => fetch(form.action, sent)).catch(() => say("The theme is not kept: no connection"));
  } else if (form.matches("[data-once]")) {
    setTimeout(() => $$("button", form).forEach((button) => { button.disabled = true; }));
  } else if (form.matches("[data-upload]") && $$("input[type=file]", form).some((input) => input.files.length)) {
    event.preventDefault();
    upload(form, event.submitter);
  }
});

/* --- upload with progress: fetch has none, so XHR -------------------------------------------- */
const inKb = (bytes) => (bytes < 1e3 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function tooLarge(input) {
  const limit = Number(input.dataset.maxBytes || 0);
  const file = [...input.files].find((one) => limit && one.size > limit);
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1).replace(/\.0$/, "")} MB`;  // as the limit is counted
  return file ? `${file.name} has ${mb(file.size)}, the limit is ${mb(limit)}.` : "";
}

function wrongType(input) {
  const endings = input.accept ? input.accept.split(",") : [];
  const file = [...input.files].find((one) => endings.length && !endings.some((end) => one.name.toLowerCase().endsWith(end)));
  return file ? `${file.name} is no file of an allowed type: ${input.dataset.types || endings.join(" ")}.` : "";
}

function bar(form) {
  let line = $(".upload", form);
  if (!line) {
    line = document.createElement("div");
    line.className = "upload";
    line.innerHTML = '<span class="nw"></span><progress max="100"></progress><span class="t3 nw num"></span><button type="button" class="btn gh sm">Cancel</button>';
    ($(".drop", form) || form).insertAdjacentElement($(".drop", form) ? "afterend" : "beforeend", line);
  }
  return line;
}

function upload(form, submitter) {
  const files = $$("input[type=file]", form), problem = files.map((input) => wrongType(input) || tooLarge(input)).find(Boolean);
  if (problem) return showProblem(form, problem);
  const line = bar(form), [name, progress, told] = line.children, began = Date.now();
  const request = new XMLHttpRequest();
  const data = new FormData(form, submitter);
  name.textContent = files.flatMap((input) => [...input.files]).map((file) => file.name).join(", ");
  progress.setAttribute("aria-label", `Uploading ${name.textContent}`);
  $("button", line).onclick = () => { request.abort(); line.remove(); say("Upload stopped"); };
  request.upload.onprogress = (event) => {
    const part = event.loaded / event.total, left = ((Date.now() - began) / part) * (1 - part) / 1000;
    progress.value = part * 100;
    told.textContent = part < 1 ? `${Math.round(part * 100)} %, ${Math.ceil(left)} s left` : "Checking the file";
  };
  const dialog = form.closest("#dialog");
  request.onload = () => {
    if (request.status >= 500) { line.remove(); return showProblem(form, `The server failed (${request.status}). The file is still chosen; try again.`); }
    if (dialog) {
      line.remove();
      return dialog.dispatchEvent(new CustomEvent("uploaded", { detail: request }));
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html"), done = request.status < 400;
    if (done && request.responseURL !== location.href) { location.href = request.responseURL; return undefined; }
    if (done || new URL(form.action).pathname === location.pathname) return replacePage(page);
    line.remove(); // the form stands on another page than its answer: that page stays, with the file
    return showProblem(form, ($(".emsg", page) ?? $("[data-focus]", page))?.textContent.trim() || `The file was refused (${request.status}).`);
  };
  request.onerror = () => { line.remove(); showProblem(form, "The connection was lost. The file is still chosen; try again."); };
  request.open("POST", form.action || location.href);
  if (dialog) { request.setRequestHeader("HX-Request", "true"); request.setRequestHeader("HX-Target", "dialog#dialog"); }
  request.send(data);
  return undefined;
}

const dropToasts = () => $$("[data-toast]:not([data-stay])").forEach((toast) => toast.remove());

function replacePage(page) {
  const fresh = page.querySelector("main");
  dropToasts();
  $("main").replaceWith(document.adoptNode(fresh));
  globalThis.htmx?.process(fresh);
  ready(fresh);
}

function showProblem(form, text) {
  let note = $("[data-upload-problem]", form);
  if (!note) {
    note = document.createElement("div");
    note.className = "note bad";
    note.dataset.uploadProblem = "";
    note.setAttribute("role", "alert");
    note.tabIndex = -1;
    form.prepend(note);
  }
  note.textContent = text;
  dropToasts();
  note.focus();
}

document.addEventListener("change", (event) => {
  const zone = event.target.closest?.(".drop");
  if (zone && event.target.type === "file") {
    const names = [...event.target.files].map((file) => `${file.name}, ${inKb(file.size)}`).join("; ");
    const told = $("[data-chosen]", zone);
    if (told) told.textContent = names;
    $("[data-upload-problem]", zone.closest("form"))?.remove();
    say(names && `${names} chosen`);
    if (names && event.target.dataset.auto !== undefined) event.target.form.requestSubmit();
  }
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.(".drop"), input = zone && $("input[type=file]", zone);
    if (!input) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind === "drop") { input.files = event.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
  });
}

/* --- print and copy ------------------------------------------------------------------------ */
document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) return print();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say(`Copied ${button.dataset.copied ?? button.dataset.copy}`);
});

/* The summary of errors takes the focus, also from a field in the address. */
function focusSummary(root) {
  const note = $("[data-focus]", root);
  if (!note) return;
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  note.focus();
  if (document.readyState !== "complete") addEventListener("load", () => note.focus(), { once: true });
}

/* --- after load and after every swap ----------------------------------------------------------- */
function ready(root) {
  $$(".tabs > [aria-current]", root).forEach(({ offsetLeft, parentElement: row }) => { row.scrollLeft = offsetLeft - row.offsetLeft - 40; });
  $$(".drop", root).forEach((zone) => zone.classList.add("js"));
  $$("[data-print]", root).forEach((button) => { button.hidden = false; });
  if (navigator.clipboard) $$("[data-copy]", root).forEach((button) => { button.hidden = false; });
  $$("[data-toast]").forEach(watchToast);
  focusSummary(root);
  count();
}

document.addEventListener("filled", (event) => ready(event.detail));

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  const region = document.getElementById(target?.id) ?? target;
  ready(region instanceof Element ? region : document);
  if (region?.id === "jump-list") { combobox?.clearSelection(); combobox?.indicateDefaultOption(); }
  say(region?.dataset?.announce);
  if (region?.matches?.(".inbox.asked") && matchMedia("(max-width: 760px)").matches) {
    $("#preview").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
});

function warn(text) {
  const note = $("#page-problem") ?? document.createElement("div");
  Object.assign(note, { id: "page-problem", className: "note bad mb", textContent: text });
  note.setAttribute("role", "alert");
  $("main").prepend(note);
}
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail?.ctx?.response?.status >= 500) warn("The server failed. Nothing was changed; try again.");
});
document.addEventListener("htmx:error", () => { if (!navigator.onLine) warn("You are offline. What you typed is still here."); });

ready(document);
