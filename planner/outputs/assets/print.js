// The map on a sheet of paper: title, message, the map as it is seen, legend, scale, north, sources.
(function () {
  "use strict";

  planner.print = function ({ map, plan, groups, ground: shown, tool }) {
    const head = planner.make("header", "", "sheet", { id: "sheet-head" });
    const key = planner.make("section", "", "sheet", { id: "sheet-key" });
    const foot = planner.make("footer", "", "sheet", { id: "sheet-foot" });
    const north = planner.make("div", "", "sheet", { id: "sheet-north" });
    north.append(planner.drawing(["M12 2l6 18l-6-4l-6 4z"]), planner.make("span", "N"));
    map.getContainer().append(north);
    document.body.append(head, key, foot);
    let seen = null;

    function write() {
      head.replaceChildren(
        planner.make("p", document.querySelector("#panel h1").textContent, "title"),
        planner.make("h1", document.getElementById("message").textContent)
      );
      const ground = plan.legend.find((section) => section.of === shown.state.what);
      const title = planner.say(shown.word(shown.state.what)) + ": " + shown.sides().map((side) => shown.name(side)).join(" | ");
      key.replaceChildren(part(title, [ground], planner.say(ground.title)), ...headings());
      foot.replaceChildren(...Array.from(document.querySelectorAll("#sources li, #sources p"), (each) => planner.make("span", each.textContent)));
    }

    // The legend of the layers that are shown, under their headings.
    function headings() {
      const layers = plan.layers.filter((layer) => map.hasLayer(groups[layer.key])).reverse();
      const found = Array.from(new Set(layers.map((layer) => layer.heading)));
      return found.map((heading) => {
        const of = layers.filter((layer) => layer.heading === heading).map((layer) => layer.key);
        return part(planner.say(heading), plan.legend.filter((section) => of.includes(section.of)));
      });
    }

    function part(title, sections, below) {
      const box = document.createElement("div");
      box.append(planner.make("h2", title), below ? planner.make("p", below) : "");
      sections.forEach((section) => box.append(planner.legend(section.entries, plan.styles)));
      return box;
    }

    // What is seen of the map beside the legend; the whole plan, where that is all of it.
    function seenNow() {
      const { x, y } = map.getSize();
      const key = map.getContainer().querySelector(".leaflet-control-layers-expanded");
      const right = planner.narrow() || !key ? x : x - key.offsetWidth;
      const bounds = L.latLngBounds(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([right, 0]));
      return bounds.contains(plan.view) ? L.latLngBounds(plan.view) : bounds;
    }

    // Before the browser lays the page out for paper: all must be drawn at once, nothing waits for the next frame.
    function lay() {
      if (seen) {
        return;
      }
      seen = { bounds: seenNow(), centre: map.getCenter(), zoom: map.getZoom(), least: map.getMinZoom() };
      write();
      document.body.classList.add("paper");
      map.setMinZoom(0);
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(seen.bounds, { animate: false, padding: [8, 8] });
      draw();
    }

    function back() {
      if (!seen) {
        return;
      }
      document.body.classList.remove("paper");
      map.invalidateSize({ animate: false, pan: false });
      map.setView(seen.centre, seen.zoom, { animate: false });
      map.setMinZoom(seen.least);
      seen = null;
    }

    function draw() {
      map.eachLayer((layer) => {
        if (layer instanceof L.Canvas) {
          layer._update();
          layer._redraw();
        }
      });
    }

    function print(paper) {
      document.body.classList.toggle("a3", paper === "A3");
      window.print();
    }

    const menu = planner.make("div", "", "print-menu", { hidden: "", role: "group" });
    for (const paper of ["A4", "A3"]) {
      menu.append(planner.button(paper, () => ((menu.hidden = true), print(paper))));
    }
    const button = tool(["M7 8V3h10v5", "M7 17H4V8h16v9h-3", "M7 14h10v7H7z"], () => planner.say("Print the map"), () => {
      menu.hidden = !menu.hidden;
      button.setAttribute("aria-expanded", String(!menu.hidden));
      if (!menu.hidden) {
        menu.firstChild.focus();
      }
    });
    button.after(menu);
    button.setAttribute("aria-expanded", "false");
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        menu.hidden = true;
        button.focus();
      }
    });
    window.addEventListener("beforeprint", lay);
    window.addEventListener("afterprint", back);
    planner.inEveryLanguage(() => menu.setAttribute("aria-label", planner.say("Size of the paper, landscape")));
  };
})();
