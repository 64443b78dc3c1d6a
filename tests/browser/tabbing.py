"""Going through a page by Tab alone."""

# Numbers what can be used and is seen. Of radio buttons of one name Tab reaches one.
NUMBERED = """() => {
  const usable = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled);
  const seen = usable.filter((each, place) => each.type !== "radio" ||
    usable.findIndex((other) => other.name === each.name) === place);
  seen.forEach((each, place) => { each.dataset.place = place; });
  return seen.length;
}"""
WHERE = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const group = here.type === "radio" && document.querySelector(`input[name="${here.name}"][data-place]`);
  const box = here.getBoundingClientRect();
  return {
    place: (group || here).dataset?.place ?? null,
    what: here.outerHTML.slice(0, 120),
    isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
    isThere: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


def tabbing_faults(page):
    """What Tab reaches without showing it, and whether it reaches other than everything in the order of the page."""
    number = page.evaluate(NUMBERED)
    stops = []
    for _ in range(number):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(WHERE))
    faults = [stop for stop in stops if not (stop["isMarked"] and stop["isThere"])]
    reached = [stop["place"] for stop in stops]
    if reached != [str(place) for place in range(number)]:
        faults.append({"reached": reached, "of": number})
    return faults
