// What pages can do beyond links and forms: keys, copying, the local time. Everything works without it.
const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
let at = -1;

function move(to) {
  if (rows.length === 0) return;
  at = Math.max(0, Math.min(rows.length - 1, to));
  rows.forEach((row, number) => row.classList.toggle("here", number === at));
  const link = rows[at].querySelector("a");
  if (link) link.focus();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-rows] tbody tr");
  if (row) at = rows.indexOf(row);
  rows.forEach((other) => other.classList.toggle("here", other === row));
});

const help = document.querySelector("dialog.keys");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    j: () => move(at + 1),
    k: () => move(at - 1),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    y: () => copy(location.href, null),
    "?": () => help && (help.open ? help.close() : help.showModal()),
  };
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

const said = document.querySelector("[role=status].said");

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    if (said) said.textContent = "Copied";
    if (button) {
      const word = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = word), 1500);
    }
  } catch {
    if (said) said.textContent = "The browser does not allow copying";
  }
}

for (const block of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Copy";
  button.addEventListener("click", () => copy(block.textContent, button));
  block.after(button);
}

for (const moment of document.querySelectorAll("time[datetime]")) {
  const date = new Date(moment.dateTime);
  if (!Number.isNaN(date.valueOf())) {
    moment.title = `${date.toLocaleString()} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
  }
}

// A form that acts is sent once; the server refuses the second in any case.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => button && (button.disabled = true));
  });
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button[disabled]")) button.disabled = false;
});

// Back from an issuer: what the address holds counts once, so it goes on at once and leaves the history.
const back = document.querySelector("form[data-go]");
if (back) {
  history.replaceState(null, "", location.pathname);
  back.requestSubmit();
}
