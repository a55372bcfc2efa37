// Distance along points that are clicked, or set at the middle of the map with Enter.
(function () {
  "use strict";

  planner.measure = function ({ map, tool }) {
    const shade = planner.make("div", "", "measure-shade", { hidden: "" });
    const told = planner.make("div", "", "measured", { hidden: "", role: "status" });
    const total = planner.make("strong", "");
    const hint = planner.make("span", "");
    const undo = planner.button("", back);
    const end = planner.button("", stop);
    told.append(total, hint, undo, end);
    map.getContainer().append(shade, told);
    L.DomEvent.disableClickPropagation(told);
    const lines = [
      L.polyline([], { color: "#ffffff", weight: 6, interactive: false }),
      L.polyline([], { color: "#7a0063", weight: 3, dashArray: "7 5", interactive: false }),
    ];
    const dots = L.layerGroup();
    let points = [];

    function say() {
      let metres = 0;
      for (let i = 1; i < points.length; i++) {
        metres += map.distance(points[i - 1], points[i]);
      }
      total.textContent = metres < 995 ? Math.round(metres / 10) * 10 + " m" : planner.form("km", metres / 1000);
      hint.textContent = points.length > 1 ? planner.say("in a straight line from point to point") : planner.say("Click points on the map, or press Enter");
      undo.textContent = planner.say("Undo");
      end.textContent = planner.say("End");
      undo.disabled = !points.length;
    }

    function draw() {
      lines.forEach((line) => line.setLatLngs(points));
      dots.clearLayers();
      for (const point of points) {
        dots.addLayer(L.circleMarker(point, { radius: 4, color: "#7a0063", weight: 2, fillColor: "#ffffff", fillOpacity: 1, interactive: false }));
      }
      say();
    }

    function add(point) {
      points.push(point);
      draw();
    }

    function back() {
      points.pop();
      draw();
    }

    function start() {
      points = [];
      lines.forEach((line) => line.addTo(map));
      dots.addTo(map);
      map.closePopup();
      map.doubleClickZoom.disable();
      toggle(true);
      draw();
      map.getContainer().focus({ preventScroll: true });
    }

    function stop() {
      lines.forEach((line) => line.remove());
      dots.remove();
      map.doubleClickZoom.enable();
      toggle(false);
    }

    function toggle(on) {
      shade.hidden = told.hidden = !on;
      button.setAttribute("aria-pressed", String(on));
    }

    const button = tool(["M3 17L17 3l4 4L7 21z", "M7 13l2 2", "M10 10l2 2", "M13 7l2 2"], () => planner.say("Measure a distance"), () =>
      shade.hidden ? start() : stop()
    );
    toggle(false);
    shade.addEventListener("click", (event) => {
      event.stopPropagation();
      if (!map.dragging.moved()) {
        add(map.mouseEventToLatLng(event));
      }
    });
    document.addEventListener("keydown", (event) => {
      if (shade.hidden) {
        return;
      }
      if (event.key === "Escape") {
        stop();
        button.focus();
      } else if (event.key === "Backspace" && document.activeElement === map.getContainer()) {
        back();
      } else if (event.key === "Enter" && document.activeElement === map.getContainer()) {
        add(map.getCenter());
      }
    });
    planner.inEveryLanguage(say);
  };
})();
