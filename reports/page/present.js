// Presenting: one section to a screen. Left and right turn, up and down change the scenario, Esc leaves.
function present(page) {
  "use strict";
  const slides = Array.from(document.querySelectorAll("main > section")), counter = document.getElementById("slides"), button = document.getElementById("show");
  let at = -1;

  function turn(to) {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((s, i) => s.classList.toggle("now", i === at));
    counter.textContent = page.words.slide.replace("%1", at + 1).replace("%2", slides.length);
    slides[at].scrollTop = 0;
    page.redraw();
  }
  function start() {
    const middle = slides.findIndex((s) => s.getBoundingClientRect().bottom > window.innerHeight / 3);
    document.body.classList.add("show");
    counter.hidden = false;
    if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {}); // not every window may
    turn(Math.max(middle, 0));
  }
  function leave() {
    const was = slides[at];
    at = -1;
    document.body.classList.remove("show");
    counter.hidden = true;
    slides.forEach((s) => s.classList.remove("now"));
    if (document.fullscreenElement) document.exitFullscreen();
    page.redraw();
    was.scrollIntoView();
    button.focus();
  }
  button.addEventListener("click", start);
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && at >= 0 && document.hasFocus()) leave();
  });
  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === "Escape") {
      if (!page.closeWhy() && at >= 0) leave();
      return;
    }
    if (at < 0 || e.target.matches("input[type=range]")) return;
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[e.key];
    const other = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) turn(at + step);
    else if (e.key === "Home") turn(0);
    else if (e.key === "End") turn(slides.length - 1);
    else if (other) page.choose(page.chosen() + other);
    else return;
    e.preventDefault();
  });
  return { on: () => at >= 0 };
}
