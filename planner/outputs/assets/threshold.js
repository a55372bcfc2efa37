// The threshold slider: who is within so many minutes of care, counted from the minutes that the page carries.
(function () {
  "use strict";

  const STEPS = [30, 60, 90, 120];
  const COLOURS = { within: "#3f8fc4", beyond: "#f2b661", none: "#9a9a9a" }; // blue is care, as on all maps of the planner
  const OPACITY = 0.8;
  const { element, saying } = planner;

  // Sums of people by the number of the threshold that their cells are within, for each surface and area.
  class Counts {
    static async read(grids) {
      const ours = new Counts(grids.head);
      const cells = await grids.cells();
      const area = await grids.grid("area");
      const { people, underFives } = await grids.people();
      for (const name of ours.surfaces) {
        ours._add(name, cells, area, await grids.grid(name), people, underFives);
      }
      return ours;
    }

    constructor(head) {
      this.head = head;
      this.surfaces = ["facility", "today", "plan"].filter(
        (name) => name === "facility" || head.posts.some((post) => post.new === (name === "plan"))
      );
      this.codes = {}; // by surface: of every cell the number of its threshold; beyond all of them, then no open ground
      this._rows = head.areas.length || 1;
      this._steps = head.minutes.length + 1;
      this._sums = {};
    }

    _add(name, cells, area, code, people, underFives) {
      const kind = this._steps < 255 ? Uint8Array : Uint16Array;
      const all = new kind(this.head.ny * this.head.nx).fill(this._steps);
      const sums = { people: new Float64Array(this._rows * this._steps), underFives: new Float64Array(this._rows * this._steps) };
      for (let i = 0; i < cells.length; i++) {
        if (area[i]) {
          all[cells[i]] = code[i];
          const at = (area[i] - 1) * this._steps + code[i];
          sums.people[at] += people[i];
          sums.underFives[at] += underFives.share === undefined ? underFives[i] : underFives.share * people[i];
        }
      }
      this.codes[name] = all;
      this._sums[name] = sums;
    }

    // Minutes at a cell, rounded up to the next step; "" outside, undefined beyond all steps.
    minutes(surface, cell) {
      const code = this.codes[surface][cell];
      return code === this._steps ? "" : this.head.minutes[code];
    }

    // The last step that lies within so many minutes.
    step(minutes) {
      return this.head.minutes.findLastIndex((each) => each <= minutes);
    }

    // People (or under-fives) of an area within a step; of all areas without one.
    within(surface, who, step, area) {
      const sums = this._sums[surface][who];
      const rows = area === undefined ? [...Array(this._rows).keys()] : [area];
      let sum = 0;
      for (const row of rows) {
        for (let k = 0; k <= step; k++) {
          sum += sums[row * this._steps + k];
        }
      }
      return sum;
    }
  }

  planner.Counts = Counts;

  const HERE = 4e6; // cells up to which minutes are read for the cursor alone, before anybody asks for thresholds

  const NAMES = {
    facility: () => planner.say("Facility today"),
    today: () => planner.say("Facility or CHW today"),
    plan: () => planner.say("With the plan"),
    changed: () => planner.say("With your changes"),
  };

  // `changes()` gives what-if once it is in use.
  planner.threshold = function (room, map, grids, frame, changes) {
    const head = grids.head;
    let counting = null;
    const read = () => (counting = counting || Counts.read(grids));
    const { longest } = head;
    const slider = element("input", { type: "range", id: "minutes", min: 1, max: longest, step: 1 });
    slider.value = Math.min(Math.round(head.limit), longest);
    const output = element("output", { htmlFor: "minutes" });
    const steps = element("div", { className: "steps" });
    for (const minutes of STEPS.filter((each) => each <= longest)) {
      const button = element("button", { type: "button", textContent: minutes });
      button.addEventListener("click", () => {
        slider.value = minutes;
        refresh();
      });
      steps.append(button);
    }
    const table = element("table", { className: "figures" });
    const byArea = element("table", { className: "figures" });
    const areas = element("details", {}, saying(element("summary"), () => planner.say("By area")), byArea);
    const legend = element("ul", { className: "swatches" });
    legend.append(
      planner.swatch(COLOURS.within, () => planner.say("within this time")),
      planner.swatch(COLOURS.beyond, () => planner.say("beyond")),
    );
    const label = saying(element("label", { htmlFor: "minutes" }), () => planner.say("Minutes to care"));
    const body = element("div", {}, element("p", { className: "slide" }, label, output), slider, steps, legend, table, areas);
    const box = element("details", { id: "threshold" }, saying(element("summary"), () => planner.say("Who is within reach")), body);
    room.append(box);

    let counts = null;
    let shown = "";
    let reached = -1; // the last step within the time that is asked for
    let layer = null;

    function refresh() {
      const minutes = Number(slider.value);
      output.textContent = minutes + " min";
      slider.setAttribute("aria-valuetext", minutes + " min");
      if (!counts) {
        return;
      }
      const step = (reached = counts.step(minutes));
      fill(table, [...counts.surfaces.map((name) => choice(name, step)), ...changed(minutes)]);
      fill(byArea, head.areas.map((name, k) => row(element("th", { scope: "row", textContent: name }), shown, step, k)));
      areas.hidden = !head.areas.length;
      layer.redraw();
    }

    function fill(target, rows) {
      const heads = ["", planner.say("Under-fives"), planner.say("People"), planner.say("Share")];
      const top = element("tr", {}, ...heads.map((text) => element("th", { scope: "col", textContent: text })));
      target.replaceChildren(element("thead", {}, top), element("tbody", {}, ...rows));
    }

    // A row whose name chooses the surface that the map shows.
    function choice(name, step) {
      const radio = element("input", { type: "radio", name: "surface", value: name, checked: name === shown });
      radio.addEventListener("change", () => {
        shown = name;
        refresh();
        table.querySelector("input:checked").focus();
      });
      return row(element("th", { scope: "row" }, element("label", {}, radio, NAMES[name]())), name, step);
    }

    // CHWs as they are in what-if: counted up to the minutes that CHWs serve in.
    function changed(minutes) {
      const model = changes();
      if (!model || !model.edited) {
        return [];
      }
      const name = element("th", { scope: "row", className: "changed", textContent: NAMES.changed() });
      if (minutes > head.limit) {
        const words = planner.say("up to {minutes} min only", { minutes: head.limit });
        return [element("tr", {}, name, element("td", { colSpan: 3, textContent: words }))];
      }
      const { people, underFives } = model.within(minutes);
      return [told(name, people, underFives)];
    }

    function row(name, surface, step, area) {
      return told(name, counts.within(surface, "people", step, area), counts.within(surface, "underFives", step, area), area);
    }

    function told(name, people, children, area) {
      const all = (who, key) => (area === undefined ? head.figures[key] : head[who][area]);
      const [whole, part] = all("underFives", "under_fives") > 0
        ? [all("underFives", "under_fives"), children]
        : [all("people", "people"), people];
      const said = [
        planner.form("people", children),
        planner.form("people", people),
        planner.form("share", whole > 0 ? part / whole : null),
      ];
      return element("tr", {}, name, ...said.map((text) => element("td", { textContent: text })));
    }

    async function open() {
      if (!counts) {
        counts = await read();
        shown = counts.surfaces[counts.surfaces.length - 1];
        const [within, beyond] = [COLOURS.within, COLOURS.beyond].map((colour) => planner.pixel(colour, OPACITY));
        layer = new planner.CellLayer(frame, (r, c) => {
          const code = counts.codes[shown][r * frame.nx + c];
          return code > head.minutes.length ? 0 : code <= reached ? within : beyond;
        });
      }
      toggle();
    }

    function toggle() {
      map.getContainer().classList.toggle("thresholds", box.open);
      if (box.open) {
        layer.addTo(map);
      } else {
        layer.remove();
      }
      refresh();
    }

    box.addEventListener("toggle", () => (box.open ? open() : counts && toggle()));
    slider.addEventListener("input", refresh);
    planner.inEveryLanguage(refresh);

    // The minutes under the cursor, in the plan's own season.
    function tellMinutes() {
      read().then((all) => {
        planner.minutesAt = (at, side) => {
          const cell = frame.cell(at.lat, at.lng);
          const known = side.season === head.season && side.care in all.codes;
          return known ? (cell < 0 ? "" : all.minutes(side.care, cell)) : undefined;
        };
      });
    }
    if (head.ny * head.nx <= HERE) {
      map.once("mousemove", tellMinutes);
    }
    return refresh;
  };
})();
