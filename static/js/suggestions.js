// Offers topics and claims under a search box while somebody types: the combobox pattern of the ARIA Authoring Practices.
// Without it the box is a plain search. Enter without a chosen suggestion searches, as ever.
const PAUSE = 150; // milliseconds without typing before it asks

for (const input of document.querySelectorAll("input[data-suggestions]")) {
  const list = document.createElement("ul");
  const told = document.createElement("span");
  let asked = new AbortController();
  let timer;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  list.hidden = true;
  told.className = "unseen";
  told.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.autocomplete = "off";
  const place = document.createElement("span");
  place.className = "suggested";
  input.before(place);
  place.append(input, list, told);

  const chosen = () => list.querySelector("[aria-selected=true]");

  function close() {
    clearTimeout(timer);
    asked.abort();
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show({ suggestions, said }) {
    list.replaceChildren(
      ...suggestions.map(({ label, note, address }, number) => {
        const option = document.createElement("li");
        const small = document.createElement("small");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.address = address;
        small.textContent = note;
        option.append(label, " ", small);
        return option;
      }),
    );
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    told.textContent = said;
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(`${input.dataset.suggestions}?${new URLSearchParams({ q: input.value })}`, { signal });
      const found = answer.ok ? await answer.json() : { suggestions: [], said: "" };
      if (!signal.aborted) show(found);
    } catch {
      // Left behind by the next question, or there is no network: the box stays a plain one.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const options = [...list.children];
    const place = options.indexOf(chosen());
    if (event.key === "ArrowDown") choose(options[place + 1]);
    else if (event.key === "ArrowUp") choose(place < 0 ? options.at(-1) : options[place - 1]);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && place >= 0) location.assign(options[place].dataset.address);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
}
