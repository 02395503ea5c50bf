// A journalist's desk, kept in this browser alone: the dossier (id, title, where it was found, what matched, a note) and
// searches with what was new in them.
const DOSSIER = "dossier";
const SEARCHES = "searches";
const MOST = 50;

const link = document.querySelector("a[data-dossier]");
const ticks = () => document.querySelectorAll("input[type=checkbox][name=id]");

function dossierAddress(chosen) {
  const here = new URL(link.dataset.dossier, location.href);
  for (const { id } of chosen.slice(0, MOST)) here.searchParams.append("id", id);
  return here.href;
}

function count() {
  const chosen = stored.read(DOSSIER, []);
  link.querySelector(".how-many").textContent = chosen.length ? ` (${chosen.length})` : "";
  link.href = dossierAddress(chosen);
  const ids = new Set(chosen.map(({ id }) => String(id)));
  for (const box of ticks()) box.checked = ids.has(box.value);
}

function matched(box) {
  const passage = box.closest("li, article")?.querySelector(".passage");
  return passage ? passage.textContent.trim().replace(/\s+/g, " ") : "";
}

function found() {
  const shown = document.querySelector("[data-search]");
  return shown ? shown.dataset.search : new URL(location.href).search.slice(1);
}

function tick(box) {
  const others = stored.read(DOSSIER, []).filter(({ id }) => String(id) !== box.value);
  const one = { id: Number(box.value), title: box.dataset.title, found: found(), matched: matched(box) };
  stored.write(DOSSIER, box.checked ? [...others, one] : others);
  count();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=checkbox][name=id]")) tick(event.target);
});
// With the desk, the form's own button opens all of it, not this page's ticks alone.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "results" || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  location.assign(link.href);
});
if (link) {
  count();
  addEventListener("pageshow", count);
  addEventListener("storage", count);
}

// The page of a dossier: notes, what matched, and the browser's own dossier kept in step with what is done here.
const pile = document.querySelector("[data-pile]");
if (pile) {
  const here = [...pile.querySelectorAll("article[data-id]")].map((one) => Number(one.dataset.id));
  const own = stored.read(DOSSIER, []);
  const known = new Map(own.map((one) => [Number(one.id), one]));
  const same = own.length === here.length && here.every((id) => known.has(id));
  const titles = new Map(here.map((id) => [id, pile.querySelector(`[data-id="${id}"] h2`).textContent]));
  const keep = (ids) => {
    const now = new Map(stored.read(DOSSIER, []).map((one) => [Number(one.id), one]));
    const kept = ids.map((id) => now.get(id) || { id, title: titles.get(id), found: "", matched: "" });
    stored.write(DOSSIER, kept);
    count();
  };
  const adopt = pile.querySelector("[data-adopt]");
  adopt.hidden = same || !here.length;
  adopt.querySelector("button").addEventListener("click", () => {
    keep(here);
    adopt.hidden = true;
  });
  for (const way of pile.querySelectorAll("a[data-ids]")) {
    way.addEventListener("click", () => {
      if (same || adopt.hidden) keep(way.dataset.ids.split(" ").filter(Boolean).map(Number));
    });
  }
  for (const one of pile.querySelectorAll("article[data-id]")) {
    const entry = known.get(Number(one.dataset.id));
    const box = one.querySelector("textarea");
    box.closest(".note").hidden = false;
    box.value = entry?.note || "";
    box.addEventListener("input", () => {
      const all = stored.read(DOSSIER, []);
      const mine = all.find(({ id }) => String(id) === one.dataset.id);
      if (mine) mine.note = box.value;
      else all.push({ id: Number(one.dataset.id), title: titles.get(Number(one.dataset.id)), found: "", matched: "", note: box.value });
      stored.write(DOSSIER, all);
      count();
      box.nextElementSibling.textContent = box.value;
    });
    box.nextElementSibling.textContent = box.value;
    const said = one.querySelector("[data-matched]");
    if (entry?.matched) {
      said.hidden = false;
      said.querySelector("q").textContent = entry.matched;
      const asked = new URLSearchParams(entry.found).get("q");
      if (asked) said.querySelector("a").replaceChildren(asked);
      said.querySelector("a").href = `${pile.dataset.home}?${entry.found}`;
    }
  }
}

// Whatever is to be copied: a citation, an address, a paragraph as a quotation.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    button.textContent = button.dataset.done;
  });
}

// A chart as PNG: the picture of its own address, drawn once more at twice its size.
for (const button of document.querySelectorAll("button[data-picture]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const picture = new Image();
    picture.addEventListener("load", () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * picture.width, height: 2 * picture.height });
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "so-sanh.png" }).click();
      });
    });
    picture.src = button.dataset.picture;
  });
}

// Kept searches: on the start page with what is new in each, on their own page with a mark beside what is new.
const place = document.querySelector("[data-search]");

function withoutPage(query) {
  const asked = new URLSearchParams(query);
  for (const name of ["page", "size", "lang", "since_change"]) asked.delete(name);
  return String(asked);
}

if (place) {
  const mine = withoutPage(place.dataset.search);
  const change = Number(place.dataset.change);
  const searches = stored.read(SEARCHES, []);
  const kept = searches.find(({ search }) => search === mine);
  if (kept) {
    // Within one visit the marks stay: what was new when it began.
    const visit = `visit ${mine}`;
    const before = Number(sessionStorage.getItem(visit) ?? kept.change);
    sessionStorage.setItem(visit, before);
    for (const item of document.querySelectorAll("[data-arrived]")) {
      if (Number(item.dataset.arrived) > before) item.querySelector(".new").hidden = false;
    }
    kept.change = change;
    stored.write(SEARCHES, searches);
  }
  const keeper = document.querySelector("[data-keep]");
  if (keeper) {
    const button = keeper.querySelector("button");
    const otherwise = button.dataset.said;
    const words = [button.textContent, otherwise];
    const isKept = () => stored.read(SEARCHES, []).some(({ search }) => search === mine);
    const say = () => (button.textContent = words[Number(isKept())]);
    button.addEventListener("click", () => {
      const others = stored.read(SEARCHES, []).filter(({ search }) => search !== mine);
      const name = document.querySelector(".on-paper").textContent;
      stored.write(SEARCHES, isKept() ? others : [...others, { search: mine, name, change }]);
      say();
    });
    keeper.hidden = false;
    say();
  }
}

const desk = document.querySelector("[data-kept]");
const searches = stored.read(SEARCHES, []);
if (desk && searches.length) {
  const english = document.documentElement.lang === "en";
  const saidOf = (total) => {
    if (english) return total ? `${total} new since last time` : "nothing new since last time";
    return total ? `${total} bài mới từ lần trước` : "chưa có bài mới từ lần trước";
  };
  for (const { search, name, change } of searches) {
    const item = document.createElement("li");
    const said = Object.assign(document.createElement("span"), { className: "count" });
    item.append(Object.assign(document.createElement("a"), { href: `?${search}`, textContent: name }), said);
    desk.querySelector("ul").append(item);
    fetch(`/api/v1/search?${search}&since_change=${change}&size=1`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((page) => page && (said.textContent = saidOf(page.total)))
      .catch(() => {});
  }
  desk.hidden = false;
}
