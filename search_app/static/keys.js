// The address bar shows the search's own address, without the form's empty fields: the one worth keeping.
const address = document.querySelector("link[rel=canonical][data-address]");
if (address && address.href !== location.href) history.replaceState(null, "", address.href + location.hash);

// What is kept in this browser; nothing is where storage is forbidden.
const stored = {
  works: (() => {
    try {
      localStorage.setItem("works", "1");
      localStorage.removeItem("works");
      return true;
    } catch {
      return false;
    }
  })(),
  read(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Full, or forbidden: the page goes on without it.
    }
  },
};

// "/" to the search box, "j" and "k" through the results, "?" to the help. Everything works without it; /help has a
// switch, for those who speak to their computer.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !stored.read("keys", true)) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const box = document.getElementById("q");
  if (event.key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j" || event.key === "k") {
    const hits = [...document.querySelectorAll(".hits h2 a")];
    const item = document.activeElement.closest("li");
    const now = hits.findIndex((hit) => hit.closest("li") === item);
    const next = event.key === "j" ? now + 1 : now < 0 ? hits.length - 1 : now - 1;
    if (hits[next]) hits[next].focus();
  } else if (event.key === "?") {
    const help = document.querySelector("a[data-help]");
    if (help) location.assign(help.href);
  }
});

const switched = document.querySelector("[data-keys]");
if (switched) {
  switched.hidden = false;
  const box = switched.querySelector("input");
  box.checked = stored.read("keys", true);
  box.addEventListener("change", () => stored.write("keys", box.checked));
}

// Order, size and spans of time act at once, and keep what was typed.
const form = document.getElementById("search");
if (form) {
  for (const field of document.querySelectorAll("[data-at-once]")) {
    field.addEventListener("change", () => form.requestSubmit());
  }
  for (const link of document.querySelectorAll(".presets a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.elements.from.value = link.dataset.from;
      form.elements.to.value = link.dataset.to;
      for (const year of form.querySelectorAll("input[type=hidden][name=year]")) year.remove();
      form.requestSubmit();
    });
  }
}

// What the result is about: asked for behind the page, which does not wait for it.
const about = document.querySelector("[data-phrases]");

function narrowed(phrase) {
  const here = new URL(address ? address.href : location.href);
  here.searchParams.set("q", `${here.searchParams.get("q") || ""} "${phrase}"`.trim());
  here.searchParams.delete("page");
  return here.href;
}

function listed({ text, count }) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: narrowed(text), lang: "vi", textContent: text });
  const often = count.toLocaleString(document.documentElement.lang);
  item.append(link, " ", Object.assign(document.createElement("span"), { className: "count", textContent: often }));
  return item;
}

if (about) {
  fetch(about.dataset.phrases)
    .then((answer) => (answer.ok ? answer.json() : { phrases: [] }))
    .then(({ phrases }) => {
      about.querySelector("ul").replaceChildren(...phrases.map(listed));
      about.hidden = !phrases.length;
    })
    .catch(() => {});
}

// A line says so when the archive was updated while its reader turned pages.
const shown = document.querySelector("[data-generation]");
if (shown) {
  const { search, page, generation } = shown.dataset;
  const about = new URLSearchParams(search);
  about.delete("page");
  try {
    const [asked, seen] = JSON.parse(sessionStorage.getItem("turned") || "[]");
    const line = shown.querySelector(".changed");
    if (line && page !== "1" && asked === String(about)) line.hidden = seen === generation;
    if (page === "1" || asked !== String(about)) sessionStorage.setItem("turned", JSON.stringify([String(about), generation]));
  } catch {
    // Without storage nothing is said.
  }
}
