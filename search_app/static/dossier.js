// The dossier, kept in this browser alone: articles in their order, each with its title, the search it was found by and
// what matched there; notes by article, which stay when an article is taken out.
const DOSSIER = "dossier";
const NOTES = "notes";
const MOST = 50;

const link = document.querySelector("a[data-dossier]");
const own = () => stored.read(DOSSIER, []);
const ticks = () => document.querySelectorAll("input[type=checkbox][name=id]");

function addressed(place, chosen) {
  const there = new URL(place, location.href);
  for (const { id } of chosen) there.searchParams.append("id", id);
  return there.href;
}

function count() {
  const chosen = own();
  link.querySelector(".how-many").textContent = chosen.length ? ` (${chosen.length})` : "";
  link.href = addressed(link.dataset.dossier, chosen);
  const ids = new Set(chosen.map(({ id }) => String(id)));
  for (const box of ticks()) box.checked = ids.has(box.value);
}

function keep(chosen) {
  stored.write(DOSSIER, chosen);
  count();
}

function matched(box) {
  const passage = box.closest("li, article")?.querySelector(".passage");
  return passage ? passage.textContent.trim().replace(/\s+/g, " ") : "";
}

function foundBy() {
  const shown = document.querySelector("[data-search]");
  return shown ? shown.dataset.search : new URL(location.href).search.slice(1);
}

function tick(box) {
  const others = own().filter(({ id }) => String(id) !== box.value);
  box.setCustomValidity("");
  if (box.checked && others.length >= MOST) {
    box.checked = false;
    box.setCustomValidity(link.dataset.full);
    box.reportValidity();
    return;
  }
  const one = { id: Number(box.value), title: box.dataset.title, found: foundBy(), matched: matched(box) };
  keep(box.checked ? [...others, one] : others);
}

// What a link of the dossier's page does to the dossier as it is now, which another window may have changed.
function changed(chosen, way, number) {
  const place = chosen.findIndex(({ id }) => Number(id) === number);
  const rest = chosen.filter((_, at) => at !== place);
  if (place < 0 || way === "out") return rest;
  return rest.toSpliced(Math.max(0, place + (way === "up" ? -1 : 1)), 0, chosen[place]);
}

function open(pile) {
  const asked = pile.dataset.asked.split(" ").filter(Boolean).map(Number);
  const holds = () => new Set(own().map(({ id }) => Number(id)));
  const mine = own().length === asked.length && asked.every((id) => holds().has(id));
  const articles = [...pile.querySelectorAll("article[data-id]")];
  for (const way of pile.querySelectorAll("a[data-way]")) {
    way.addEventListener("click", (event) => {
      if (!mine) return;
      event.preventDefault();
      keep(changed(own(), way.dataset.way, Number(way.dataset.one)));
      location.assign(link.href);
    });
  }
  const lacking = () => articles.filter((one) => !holds().has(Number(one.dataset.id)));
  const adopt = pile.querySelector("[data-adopt]");
  if (adopt) {
    adopt.hidden = !lacking().length;
    adopt.querySelector("button").addEventListener("click", () => {
      const more = lacking().map((one) => ({
        id: Number(one.dataset.id),
        title: one.querySelector("h2").textContent,
        found: "",
        matched: "",
      }));
      keep([...own(), ...more].slice(0, MOST));
      adopt.hidden = !lacking().length;
    });
  }
  for (const one of articles) annotate(pile, one);
}

function annotate(pile, one) {
  const box = one.querySelector("textarea");
  const show = () => {
    const note = stored.read(NOTES, {})[one.dataset.id] || "";
    if (document.activeElement !== box) box.value = note;
    box.nextElementSibling.textContent = note;
  };
  box.closest(".note").hidden = false;
  box.addEventListener("input", () => {
    stored.write(NOTES, { ...stored.read(NOTES, {}), [one.dataset.id]: box.value });
    box.nextElementSibling.textContent = box.value;
  });
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  show();
  const entry = own().find(({ id }) => String(id) === one.dataset.id);
  const said = one.querySelector("[data-matched]");
  if (!entry?.matched) return;
  said.hidden = false;
  said.querySelector("q").textContent = entry.matched;
  const query = new URLSearchParams(entry.found);
  const there = new URL(pile.dataset.home, location.href);
  for (const [name, value] of query) if (name !== "lang") there.searchParams.append(name, value);
  said.querySelector("a").href = there.href;
  if (query.get("q")) said.querySelector("a").replaceChildren(query.get("q"));
}

// Where nothing can be kept, one page's ticks make a dossier by the form, as without script.
if (link && stored.works) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox][name=id]")) tick(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "results") return;
    event.preventDefault();
    const elsewhere = own().length && event.submitter?.getAttribute("formaction");
    location.assign(elsewhere ? addressed(elsewhere, own()) : link.href);
  });
  count();
  addEventListener("pageshow", count);
  addEventListener("storage", count);
  const pile = document.querySelector("[data-pile]");
  if (pile) open(pile);
}
