/* The worksheet of an FMEA: cells are edited in place, each is saved alone, the server answers with its row.
   Without this script each cell is a link to the form of its row. */
const grid = document.querySelector("[data-fmea]");
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
const say = (text) => { $("#live").textContent = text; };
const isRating = (cell) => cell.classList.contains("n");
const titleOf = (cell) => cell.dataset.label;
const clock = () => new Date().toTimeString().slice(0, 5);

/* --- one editor at a time --------------------------------------------------------------------- */
let editor = null; // {cell, field, pop}

function open(cell, typed) {
  close();
  const link = $("a.cell", cell), wrong = cell.classList.contains("er");
  const field = document.createElement(isRating(cell) ? "input" : "textarea");
  field.className = "edit";
  field.value = typed ?? (wrong ? cell.dataset.typed ?? link.textContent : cell.dataset.value);
  field.setAttribute("aria-label", link.getAttribute("aria-label").split(":")[0]);
  if (isRating(cell)) { field.inputMode = "numeric"; field.maxLength = 6; field.autocomplete = "off"; } else { field.maxLength = 500; field.rows = 2; }
  if (wrong) field.setAttribute("aria-invalid", "true");
  cell.append(field);
  editor = { cell, field, pop: popover(cell, field) };
  mark();
  field.focus();
  if (typed === undefined) field.select();
}

function popover(cell, field) {
  const scale = $(`dl[data-scale="${cell.dataset.cell}"]`), note = $("[data-note]", cell);
  if (!scale && !note) return null;
  const pop = document.createElement("div");
  pop.className = "pop";
  pop.id = "fmea-pop";
  field.setAttribute("aria-describedby", pop.id);
  const head = document.createElement("b");
  head.textContent = scale ? `${titleOf(cell)}, 1 to 10` : titleOf(cell);
  pop.append(head);
  if (note) {
    const why = Object.assign(document.createElement("div"), { className: "why", textContent: note.textContent });
    pop.append(why);
    if (note.dataset.mine !== undefined) pop.append(choice(cell));
  }
  if (scale) {
    const list = scale.cloneNode(true);
    delete list.dataset.scale;
    list.addEventListener("mousedown", (event) => {
      const term = event.target.closest("dt, dd");
      event.preventDefault();
      if (!term) return;
      field.value = (term.matches("dt") ? term : term.previousElementSibling).textContent;
      save(true);
    });
    pop.append(list);
  }
  cell.append(pop);
  return pop;
}

/* Somebody else changed the cell: keep what was typed, or take what is saved. */
function choice(cell) {
  const row = Object.assign(document.createElement("div"), { className: "row" });
  for (const [label, keep] of [["Keep mine", true], ["Use theirs", false]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn sm", textContent: label });
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => (keep ? save(true) : undo()));
    row.append(button);
  }
  return row;
}

function mark() {
  if (!editor?.pop) return;
  $$("dt", editor.pop).forEach((term) => term.classList.toggle("now", term.textContent === editor.field.value.trim()));
}

function close() {
  if (!editor) return null;
  const { cell, field, pop } = editor;
  editor = null;
  field.remove();
  pop?.remove();
  return cell;
}

/* Esc: the saved value is shown again, a refused one is forgotten. */
function undo() {
  const cell = close();
  if (cell.classList.contains("er")) settle(cell, cell.dataset.value);
  $("a.cell", cell).focus();
}

function settle(cell, value) {
  const link = $("a.cell", cell);
  cell.classList.remove("er", "busy");
  delete cell.dataset.typed;
  $("[data-note]", cell)?.remove();
  link.textContent = value || "–";
  link.setAttribute("aria-label", link.getAttribute("aria-label").replace(/:.*$/s, `: ${value || "not filled in"}`));
  link.removeAttribute("aria-describedby");
  link.classList.toggle("none", !value);
  faults();
}

function save(stay) {
  const { cell, field } = editor, value = field.value, wrong = cell.classList.contains("er");
  const again = wrong && cell.dataset.typed === value && !$("[data-mine]", cell);
  close();
  const link = $("a.cell", cell);
  if (stay) link.focus();
  if (again) return;
  if (value.trim() === cell.dataset.value && !wrong) return;
  if (value.trim() === cell.dataset.value && !$("[data-mine]", cell)) { settle(cell, cell.dataset.value); return; }
  link.textContent = value || "–";
  cell.classList.add("busy");
  send(cell, value);
}

/* --- saving: one request after the other for each row ------------------------------------------- */
const queues = new WeakMap();
function send(cell, value) {
  const row = cell.closest("tr");
  const after = queues.get(row) ?? Promise.resolve();
  queues.set(row, after.then(() => post(row, cell.dataset.cell, value)));
}

async function request(url, fields) {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  if (![200, 409, 422].includes(response.status)) throw new Error(response.status === 403 ? "You may not change this." : `The server failed (${response.status}).`);
  return { status: response.status, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

async function post(row, name, value) {
  try {
    const { status, page } = await request(row.dataset.url, { cell: name, value, expected: row.dataset.version });
    fill(row, $("tr[id]", page), name);
    summarize(page);
    const cell = $(`[data-cell="${name}"]`, row);
    if (status === 200) { $("#fmea-saved").textContent = `Saved ${clock()}`; say(`${titleOf(cell)} saved`); return; }
    cell.dataset.typed = value;
    say($("[data-note]", cell)?.textContent ?? "Not saved");
    if (!editor && document.activeElement === $("a.cell", cell)) open(cell);
  } catch (error) {
    refuse($(`[data-cell="${name}"]`, row), value, navigator.onLine ? error.message : "No connection.");
  }
  faults();
}

function refuse(cell, value, why) {
  const link = $("a.cell", cell), note = $("[data-note]", cell) ?? document.createElement("span");
  Object.assign(note, { className: "cell-note", textContent: `Not saved. ${why} What you typed is still here.` });
  note.dataset.note = "";
  cell.prepend(note);
  cell.classList.remove("busy");
  cell.classList.add("er");
  cell.dataset.typed = value;
  link.textContent = value || "–";
  say(note.textContent);
}

/* The row as the server has it; a cell that is being edited or waits for a fix stays. */
function fill(row, fresh, name) {
  row.dataset.version = fresh.dataset.version;
  for (const part of $$("[data-part]", fresh)) {
    const old = $(`[data-part="${part.dataset.part}"]`, row);
    const waits = old.classList.contains("er") || old.classList.contains("busy");
    if (old === editor?.cell || (waits && part.dataset.part !== name)) { old.dataset.value = part.dataset.value; continue; }
    const focused = old.contains(document.activeElement);
    old.replaceWith(document.adoptNode(part));
    if (focused) $("a", part)?.focus();
  }
}

function summarize(page) {
  const fresh = $("#fmea-summary", page);
  if (fresh) $("#fmea-summary").replaceWith(document.adoptNode(fresh));
  faults();
}

function faults() {
  const place = $("#fmea-faults"), number = $$(".er", grid).length;
  if (!place) return;
  place.hidden = !number;
  $("b", place).textContent = `${number} ${number === 1 ? "cell needs" : "cells need"} a fix`;
}

/* --- new rows ------------------------------------------------------------------------------------- */
async function add(url, hasForm = true) {
  try {
    const { status, page } = await request(url, { grid: "1" });
    const fresh = $("tr[id]", page);
    if (status !== 200 && !hasForm) throw new Error($("[role=alert]", page)?.textContent.trim() ?? "");
    if (status !== 200 || !fresh) { location.href = url; return; }
    $("tbody", grid).append(document.adoptNode(fresh));
    summarize(page);
    fresh.scrollIntoView({ block: "nearest" });
    open($("[data-cell]", fresh));
  } catch (error) { say(`No row added. ${error.message}`); }
}

/* --- keys and clicks -------------------------------------------------------------------------------- */
const cells = () => $$("[data-cell]", grid);
const beside = (cell, step) => { const all = cells(); return all[all.indexOf(cell) + step]; };
function above(cell, step) {
  const rows = $$("tbody tr", grid), row = rows[rows.indexOf(cell.closest("tr")) + step];
  return row && $(`[data-cell="${cell.dataset.cell}"]`, row);
}
const go = (cell) => { if (cell) $("a.cell", cell).focus(); };

function inEditor(event) {
  const { cell, field } = editor;
  if (event.key === "Escape") undo();
  else if (event.key === "Enter" && !event.shiftKey) save(true);
  else if (event.key === "Tab") {
    const next = beside(cell, event.shiftKey ? -1 : 1);
    save(!next);
    if (!next) return;
    open(next);
  } else if (isRating(cell) && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const step = event.key === "ArrowUp" ? 1 : -1;
    field.value = Math.min(10, Math.max(1, (Number.parseInt(field.value, 10) || (step > 0 ? 0 : 11)) + step));
    mark();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

const MOVES = { ArrowLeft: [beside, -1], ArrowRight: [beside, 1], ArrowUp: [above, -1], ArrowDown: [above, 1] };
function onCell(event, cell) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (MOVES[event.key]) { const [find, step] = MOVES[event.key]; go(find(cell, step)); }
  else if (event.key === "F2") open(cell);
  else if (isRating(cell) && /^[0-9]$/.test(event.key)) open(cell, event.key);
  else if (["Delete", "Backspace"].includes(event.key)) open(cell, "");
  else return;
  event.preventDefault();
}

grid?.addEventListener("keydown", (event) => {
  const row = event.target.closest("tbody tr"), cell = event.target.closest("[data-cell]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d" && row) {
    event.preventDefault();
    if (editor) save(false);
    const waits = queues.get(row) ?? Promise.resolve();
    waits.then(() => add(row.dataset.copyUrl, false));
  } else if (event.target.matches(".edit")) inEditor(event);
  else if (cell) onCell(event, cell);
});

grid?.addEventListener("input", (event) => { if (event.target.matches(".edit")) mark(); });
grid?.addEventListener("focusout", (event) => {
  if (editor && event.target === editor.field && !editor.cell.contains(event.relatedTarget)) save(false);
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a.cell"), more = event.target.closest("[data-new-row]");
  if (link && grid?.contains(link)) { event.preventDefault(); open(link.closest("[data-cell]")); }
  else if (more && grid) { event.preventDefault(); add(more.href); }
});

addEventListener("beforeunload", (event) => { if (grid && $$(".er, .busy", grid).length) event.preventDefault(); });
