// Moves the line between the two plans of each map.
(function () {
  "use strict";

  for (const slider of document.querySelectorAll("input.swipe")) {
    const map = slider.closest("figure").querySelector("svg");
    const [left, right] = map.querySelectorAll("rect.cut");
    const width = map.viewBox.baseVal.width;
    const line = map.querySelector("path.line");
    const move = () => {
      const cut = (width * slider.value) / 100;
      left.setAttribute("width", cut);
      right.setAttribute("x", cut);
      right.setAttribute("width", width - cut);
      line.setAttribute("transform", `translate(${cut - width / 2} 0)`);
      slider.setAttribute("aria-valuetext", slider.dataset.said.replace("{percent}", slider.value));
    };
    slider.addEventListener("input", move);
    move();
  }
})();
