/* Behind "@" in a discussion: people with a name that begins so, offered below the text. Without script
   the whole name is typed. */
const MARK = /(^|\s)@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40}|)$/u;
let shown = null;

function close() {
  shown?.list.remove();
  shown?.field.removeAttribute("aria-activedescendant");
  shown = null;
}

function typedBefore(field) {
  return MARK.exec(field.value.slice(0, field.selectionStart));
}

function choose(name) {
  const { field } = shown, at = field.selectionStart, typed = typedBefore(field)?.[2] ?? "";
  field.setRangeText(`${name} `, at - typed.length, at, "end");
  close();
  field.focus();
}

function mark(step) {
  const options = [...shown.list.children];
  shown.at = (shown.at + step + options.length) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", place === shown.at));
  shown.field.setAttribute("aria-activedescendant", options[shown.at].id);
  options[shown.at].scrollIntoView({ block: "nearest" });
}

function show(field, names) {
  close();
  if (!names.length) return;
  const list = document.createElement("ul");
  Object.assign(list, { id: "mentions", className: "mentions", role: "listbox", ariaLabel: "People" });
  names.forEach((name, place) => {
    const option = document.createElement("li");
    Object.assign(option, { id: `mention-${place}`, role: "option", textContent: name });
    list.append(option);
  });
  field.after(list);
  shown = { field, list, at: -1 };
  mark(1);
}

async function ask(field) {
  const typed = typedBefore(field);
  if (!typed) { close(); return; }
  const answer = await fetch(`${field.dataset.people}?text=${encodeURIComponent(typed[2])}&field=text`);
  if (!answer.ok || typedBefore(field)?.[2] !== typed[2]) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const names = [...page.querySelectorAll("option")].map((option) => option.textContent.trim());
  const begun = ` ${typed[2]}`.toLowerCase();
  show(field, [...new Set(names)].filter((name) => ` ${name}`.toLowerCase().includes(begun)).slice(0, 8));
}

document.addEventListener("input", ({ target }) => { if (target.dataset?.people) ask(target); });
document.addEventListener("focusout", () => setTimeout(() => {
  if (shown && document.activeElement !== shown.field) close();
}, 150));
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("#mentions li");
  if (option) { event.preventDefault(); choose(option.textContent); }
});
document.addEventListener("keydown", (event) => {
  if (!shown || event.target !== shown.field) return;
  const act = {
    ArrowDown: () => mark(1), ArrowUp: () => mark(-1), Escape: close,
    Enter: () => choose(shown.list.children[shown.at].textContent),
    Tab: () => choose(shown.list.children[shown.at].textContent),
  }[event.ctrlKey || event.metaKey ? "" : event.key];
  if (act) { event.preventDefault(); event.stopPropagation(); act(); }
}, true);
