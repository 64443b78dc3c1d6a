"""Everything that can be clicked can be reached by Tab alone, in order, seen where it is, on every kind of public page."""

import pytest

from tests.browser.test_accessibility import PAGES

pytestmark = pytest.mark.xdist_group("browser")

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


@pytest.mark.parametrize("language", ["en", "nl"])
def test_tab_reaches_everything_and_shows_where_it_is(browser, base_url, language):
    page = browser.new_page(base_url=base_url, reduced_motion="reduce")
    faults = {}
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        number = page.evaluate(NUMBERED)
        reached = []
        for _ in range(number):
            page.keyboard.press("Tab")
            here = page.evaluate(WHERE)
            reached.append(here["place"])
            if not (here["isMarked"] and here["isThere"]):
                faults.setdefault(path, []).append(here)
        if reached != [str(place) for place in range(number)]:
            faults.setdefault(path, []).append({"reached": reached, "of": number})
    page.close()
    assert faults == {}
