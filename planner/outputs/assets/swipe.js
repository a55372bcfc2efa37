// Two grounds side by side, parted by a line that is moved with mouse, finger or keys.
(function () {
  "use strict";

  const STEP = 2; // percent that an arrow key moves the line; PageUp and PageDown five times as far

  planner.swipe = function ({ map, ground, labels }) {
    const box = planner.make("div", "", "swipe", { hidden: "" });
    const handle = planner.make("div", "", "swipe-handle", { role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
    const names = ["left", "right"].map((side) => planner.make("span", "", "swipe-name " + side));
    handle.append(planner.drawing(["M9 6l-6 6l6 6", "M15 6l6 6l-6 6"]));
    box.append(planner.make("div", "", "swipe-line"), ...names, handle);
    map.getContainer().append(box);
    L.DomEvent.disableClickPropagation(handle);
    let percent = 50;
    let moved = false;

    // At first the line is in the middle of what the legend leaves of the map.
    function middle() {
      const key = map.getContainer().querySelector(".leaflet-control-layers-expanded");
      return planner.narrow() || !key ? 50 : 50 - (50 * key.offsetWidth) / map.getSize().x;
    }

    function clip() {
      const [before, after] = ["before", "after"].map((pane) => map.getPane(pane));
      if (box.hidden) {
        before.style.clip = after.style.clip = "";
        symbols(null);
        return;
      }
      const corner = map.containerPointToLayerPoint([0, 0]);
      const { x, y } = map.getSize();
      const cut = corner.x + (x * percent) / 100;
      const rect = (left, right) => `rect(${corner.y}px, ${right}px, ${corner.y + y}px, ${left}px)`;
      before.style.clip = rect(corner.x, cut);
      after.style.clip = rect(cut, corner.x + x);
      symbols(ground.state.compare === "change" ? cut : null);
    }

    // CHWs that are proposed, and villages that they serve, are so on the right of the line only.
    let asked = 0;
    function symbols(cut) {
      if (planner.cut === cut) {
        return;
      }
      planner.cut = cut;
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        map.getRenderer(L.polyline([]))._redraw();
        labels.place();
      });
    }

    function move(to) {
      percent = Math.min(100, Math.max(0, to));
      box.style.setProperty("--cut", percent + "%");
      const told = { left: names[0].textContent, right: names[1].textContent, percent: Math.round(percent) };
      handle.setAttribute("aria-valuemin", 0);
      handle.setAttribute("aria-valuemax", 100);
      handle.setAttribute("aria-valuenow", told.percent);
      handle.setAttribute("aria-valuetext", planner.say("{percent} % of the map: {left}; the rest: {right}", told));
      handle.setAttribute("aria-label", planner.say("Move the line between the two maps"));
      clip();
    }

    function show() {
      const sides = ground.sides();
      box.hidden = sides.length < 2;
      sides.forEach((side, i) => (names[i].textContent = ground.difference(side)));
      move(moved ? percent : middle());
    }

    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) {
        moved = true;
        const sides = map.getContainer().getBoundingClientRect();
        move((100 * (event.clientX - sides.left)) / sides.width);
      }
    });
    handle.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -5 * STEP, PageUp: 5 * STEP };
      const ends = { Home: 0, End: 100 };
      if (event.key in steps || event.key in ends) {
        event.preventDefault();
        event.stopPropagation();
        moved = true;
        move(event.key in ends ? ends[event.key] : percent + steps[event.key]);
      }
    });
    map.on("move zoom zoomend viewreset resize", clip);
    ground.on("change", show);
    planner.inEveryLanguage(show);
  };
})();
