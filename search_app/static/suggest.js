// Suggestions while typing: a combobox with a list, as the ARIA Authoring Practices describe it. It never touches what is
// being composed by the keyboard's own Vietnamese.
const typing = document.querySelector("input[data-suggest]");
const WAIT = 120;
const KINDS = ["author", "tag", "phrase", "title"];
const FEWEST = 2;

if (typing) {
  const list = Object.assign(document.createElement("ul"), { id: "suggestions", className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", typing.dataset.found);
  typing.closest(".box").append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
  })) {
    typing.setAttribute(name, value);
  }
  let composing = false;
  let timer;
  let asked = "";
  let found = [];
  let at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    typing.setAttribute("aria-expanded", "false");
    typing.removeAttribute("aria-activedescendant");
  };

  const choose = ({ kind, text, id }) => {
    close();
    if (kind === "title") {
      const there = new URL(typing.dataset.article.replace("0", id), location.href);
      location.assign(there);
    } else if (kind === "author" || kind === "tag") {
      // With the filters there are; the words typed were the name's.
      const there = new URL(typing.form.action);
      there.search = "";
      for (const [name, value] of new FormData(typing.form)) {
        if (value && name !== "q" && !(name === kind && value === text)) there.searchParams.append(name, value);
      }
      there.searchParams.append(kind, text);
      location.assign(there);
    } else {
      typing.value = text;
      typing.form.requestSubmit();
    }
  };

  const option = (one, place) => {
    const item = Object.assign(document.createElement("li"), { id: `suggestion-${place}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const kind = typing.dataset[one.kind];
    const often = one.count.toLocaleString(document.documentElement.lang);
    const text = Object.assign(document.createElement("span"), { lang: "vi", textContent: one.text });
    const beside = one.kind === "title" ? kind : [kind, often].filter(Boolean).join(" · ");
    item.append(text, Object.assign(document.createElement("span"), { className: "count", textContent: beside }));
    // Before the box loses its focus.
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(one);
    });
    return item;
  };

  const show = (suggestions) => {
    found = [...suggestions].sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
    list.replaceChildren(...found.map(option));
    at = -1;
    list.hidden = !found.length;
    typing.setAttribute("aria-expanded", String(found.length > 0));
    typing.removeAttribute("aria-activedescendant");
  };

  const ask = () => {
    const typed = typing.value.trim();
    if (composing || typed === asked) return;
    asked = typed;
    if (typed.length < FEWEST) {
      close();
      return;
    }
    fetch(`${typing.dataset.suggest}?${new URLSearchParams({ q: typed })}`)
      .then((answer) => (answer.ok ? answer.json() : { suggestions: [] }))
      .then(({ suggestions }) => {
        if (typing.value.trim() === typed && document.activeElement === typing) show(suggestions);
      })
      .catch(close);
  };

  const point = (place) => {
    at = (place + found.length) % found.length;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    typing.setAttribute("aria-activedescendant", `suggestion-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };

  typing.addEventListener("compositionstart", () => {
    composing = true;
    close();
  });
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };
  typing.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  typing.addEventListener("input", later);
  typing.addEventListener("blur", close);
  typing.addEventListener("keydown", (event) => {
    if (composing || event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      point(event.key === "ArrowDown" ? at + 1 : at < 0 ? found.length - 1 : at - 1);
    } else if (!list.hidden && event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(found[at]);
    }
  });
}
