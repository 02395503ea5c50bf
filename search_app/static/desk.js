// What else is kept or made in this browser: searches with what is new in them, copies, pictures.
const SEARCHES = "searches";

// Whatever is to be copied: a citation, an address, a paragraph as a quotation.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    button.textContent = button.dataset.done;
  });
}

// What is selected of an article's title and paragraphs, or the paragraph last clicked in, as a quotation with its source.
for (const button of document.querySelectorAll("button[data-quote]")) {
  const parts = [...button.closest("article").querySelectorAll("[data-text]")];
  const label = button.textContent;
  let back;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    const quoted = parts.map((part) => within(range, part)).filter(Boolean).join(" ");
    if (quoted) await navigator.clipboard.writeText(`“${quoted}” (${button.dataset.quote})`);
    button.textContent = quoted ? button.dataset.done : button.dataset.first;
    clearTimeout(back);
    back = setTimeout(() => (button.textContent = label), 3000);
  });
}

function within(range, part) {
  if (!range?.intersectsNode(part)) return "";
  const cut = range.cloneRange();
  if (!part.contains(range.startContainer)) cut.setStart(part, 0);
  if (!part.contains(range.endContainer)) cut.setEnd(part, part.childNodes.length);
  const text = range.collapsed ? part.textContent : String(cut);
  return text.trim().replace(/\s+/g, " ");
}

// An example of the API, answered where it stands.
for (const example of document.querySelectorAll("details[data-answer]")) {
  example.hidden = false;
  const shown = example.querySelector("pre");
  example.addEventListener("toggle", () => {
    if (!example.open || shown.textContent) return;
    fetch(example.dataset.answer)
      .then((answer) => answer.json())
      .then((answer) => (shown.textContent = JSON.stringify(answer, null, 2)))
      .catch(() => (example.open = false));
  });
}

// A chart too wide for the screen shows its latest years first.
for (const chart of document.querySelectorAll("figure .scroll > svg")) chart.parentElement.scrollLeft = chart.scrollWidth;

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
  for (const name of ["page", "size", "lang", "sort", "since_change"]) asked.delete(name);
  return String(asked);
}

if (place) {
  const mine = withoutPage(place.dataset.search);
  const change = Number(place.dataset.change);
  const searches = stored.read(SEARCHES, []);
  const kept = searches.find(({ search }) => search === mine);
  if (kept) {
    // Seen is what was shown as the list of what is new; a look at the whole result marks it and spends nothing.
    const listed = new URLSearchParams(place.dataset.search).get("since_change");
    const before = Number(listed ?? kept.change);
    for (const item of document.querySelectorAll("[data-arrived]")) {
      if (Number(item.dataset.arrived) > before) item.querySelector(".new").hidden = false;
    }
    if (listed !== null) {
      kept.change = change;
      stored.write(SEARCHES, searches);
    }
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
      const name = keeper.dataset.keep;
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
  const here = new URL(desk.dataset.home, location.href);
  const there = (search, more = {}) => {
    const url = new URL(here);
    for (const [key, value] of [...new URLSearchParams(search), ...Object.entries(more)]) url.searchParams.append(key, value);
    return url;
  };
  for (const one of searches) {
    const { search, name, change } = one;
    const item = document.createElement("li");
    const said = Object.assign(document.createElement("span"), { className: "count" });
    item.append(Object.assign(document.createElement("a"), { href: there(search).href, textContent: name }), said);
    desk.querySelector("ul").append(item);
    const fresh = { since_change: change };
    fetch(`/api/v1/search?${new URLSearchParams([...new URLSearchParams(search), ...Object.entries(fresh), ["size", 1]])}`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((page) => {
        if (!page) return;
        const news = Object.assign(document.createElement("a"), { textContent: saidOf(page.total) });
        news.href = there(search, { ...fresh, sort: "newest" }).href;
        said.replaceChildren(page.total ? news : saidOf(0));
        // Another archive, or one built anew: what is new is counted from now on.
        if (page.change < change) {
          one.change = page.change;
          stored.write(SEARCHES, searches);
        }
      })
      .catch(() => {});
  }
  desk.hidden = false;
}
