// The address bar shows the search's own address, without the form's empty fields: the one worth keeping.
const address = document.querySelector("link[rel=canonical][data-address]");
if (address && address.href !== location.href) history.replaceState(null, "", address.href + location.hash);

// "/" to the search box, "j" and "k" through the results, "?" to the help. Everything works without it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const box = document.getElementById("q");
  if (event.key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j" || event.key === "k") {
    const hits = [...document.querySelectorAll(".hits h2 a")];
    const now = hits.indexOf(document.activeElement);
    const next = event.key === "j" ? now + 1 : now < 0 ? hits.length - 1 : now - 1;
    if (hits[next]) hits[next].focus();
  } else if (event.key === "?") {
    const help = document.querySelector("a[data-help]");
    if (help) location.assign(help.href);
  }
});

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
