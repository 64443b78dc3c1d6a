// Shows what a word of the method means beside the word, on focus and under the pointer: a tooltip that stays while it is
// looked at, moves nothing and goes with Escape. Without it the word leads to the glossary, as it also does with it.
const LEAVING = 200; // milliseconds to get from the word to its meaning
const EDGE = 8; // pixels kept free at the sides
let shown;

function hide() {
  shown?.hidePopover();
  shown = undefined;
}

for (const [number, word] of document.querySelectorAll("a[data-meaning]").entries()) {
  const meaning = document.createElement("span");
  let leaving;

  meaning.id = `meaning-${number}`;
  meaning.className = "meaning";
  meaning.popover = "manual";
  meaning.setAttribute("role", "tooltip");
  meaning.textContent = word.dataset.meaning;
  word.after(meaning);
  word.setAttribute("aria-describedby", meaning.id);

  function show() {
    clearTimeout(leaving);
    if (shown === meaning) return;
    hide();
    meaning.showPopover();
    shown = meaning;
    const at = word.getBoundingClientRect();
    const box = meaning.getBoundingClientRect();
    const isRoomBelow = at.bottom + box.height + EDGE < innerHeight;
    const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - box.width - EDGE));
    meaning.style.left = `${left + scrollX}px`;
    meaning.style.top = `${(isRoomBelow ? at.bottom : at.top - box.height) + scrollY}px`;
  }

  function leave() {
    leaving = setTimeout(() => {
      if (shown === meaning && document.activeElement !== word) hide();
    }, LEAVING);
  }

  word.addEventListener("focus", show);
  word.addEventListener("blur", leave);
  for (const each of [word, meaning]) {
    each.addEventListener("pointerenter", ({ pointerType }) => pointerType === "touch" || show());
    each.addEventListener("pointerleave", leave);
  }
}

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hide();
});
