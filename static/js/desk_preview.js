// Shows what a draft comes down to while one types. Without it the Preview button does the same.
const form = document.getElementById("draft");
const place = document.getElementById("preview");
let wait, asked = 0;

async function look() {
  const number = ++asked;
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Part": "preview" },
    });
    if (answer.ok && !answer.redirected && number === asked) place.innerHTML = await answer.text();
  } catch {
    // The line about keeping says that the site cannot be reached.
  }
}

form.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(look, 500);
});
