// Keeps a draft while one types. Without it, Save does. What the server kept becomes what this page has seen.
const form = document.getElementById("draft");
const line = document.getElementById("kept");
const QUIET = 2500;
let wait, underway, stopped = false;

async function keep() {
  const sent = new FormData(form);
  let answer;
  try {
    answer = await fetch(form.dataset.autosave, { method: "POST", body: sent });
  } catch {
    line.textContent = form.dataset.unreachable;
    return;
  }
  if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
    line.textContent = form.dataset.unsaved;
    return;
  }
  const told = await answer.json();
  line.textContent = told.said;
  stopped = Boolean(told.is_stale); // Save then shows both texts
  if (!answer.ok) return;
  form.elements.revision.value = told.revision;
  for (const [key, number] of Object.entries(told.rows)) {
    form.querySelector(`[name="row-${key}-id"]`).value = number;
  }
  for (const hidden of form.querySelectorAll("[name^='initial-']")) {
    const name = hidden.name.slice("initial-".length);
    const prefix = name.includes("-") ? name.slice(0, name.lastIndexOf("-")) : "";
    if (told.kept.includes(prefix)) hidden.value = valueOf(name, sent);
  }
}

function valueOf(name, sent) {
  const field = form.elements[name];
  return field.type === "checkbox" ? (sent.has(name) ? "True" : "False") : (sent.get(name) ?? "");
}

form.addEventListener("input", () => {
  if (stopped) return;
  line.textContent = form.dataset.unsaved;
  clearTimeout(wait);
  wait = setTimeout(async () => {
    if (underway) await underway;
    underway = keep();
    await underway;
    underway = undefined;
  }, QUIET);
});

// A Save that starts while a page is being kept waits for it, so that one does not meet one's own words as another's.
form.addEventListener("submit", async (event) => {
  clearTimeout(wait);
  if (!underway) return;
  event.preventDefault();
  await underway;
  form.requestSubmit(event.submitter);
});
