// What lies under the symbols: travel time or coverage by area, of one kind of care in one season, or two side by side.
(function () {
  "use strict";

  const OPACITY = 0.8;

  // What can be chosen, in words.
  const words = {
    time: () => planner.say("Travel time"),
    area: () => planner.say("Coverage by area"),
    facility: () => planner.say("Facility today"),
    today: () => planner.say("Facility or CHW today"),
    plan: () => planner.say("With the plan"),
    dry: () => planner.say("Dry season"),
    wet: () => planner.say("Wet season"),
    one: () => planner.say("One map"),
    change: () => planner.say("Before and after"),
    seasons: () => planner.say("Dry and wet"),
  };

  planner.Ground = L.Evented.extend({
    initialize: function (map, plan, pictures) {
      this._map = map;
      this._plan = plan;
      this._pictures = pictures;
      this._made = {};
      this._shown = [];
      this._areas = (plan.layers.find((layer) => layer.key === "areas") || { features: [] }).features;
      for (const [i, pane] of ["before", "after"].entries()) {
        map.createPane(pane).style.zIndex = 210 + i;
        map.getPane(pane).style.pointerEvents = "none";
      }
      const cares = this._every("care");
      const seasons = this._every("season");
      this.choices = {
        what: this._areas.length ? ["time", "area"] : ["time"],
        care: cares,
        season: seasons,
        compare: ["one"]
          .concat(cares.includes("plan") && cares.length > 1 ? ["change"] : [])
          .concat(seasons.length > 1 ? ["seasons"] : []),
      };
      this.state = { what: "time", care: cares[0], season: seasons[0], compare: "one" };
    },
    _every: function (name) {
      return Array.from(new Set(this._plan.surfaces.map((surface) => surface[name])));
    },
    // One or two of {what, care, season}: what is on the left, and what on the right.
    sides: function () {
      const { what, care, season, compare } = this.state;
      const at = (changed) => Object.assign({ what: what, care: care, season: season }, changed);
      if (compare === "change") {
        return [at({ care: this.choices.care.includes("today") ? "today" : "facility" }), at({ care: "plan" })];
      }
      return compare === "seasons" ? [at({ season: "dry" }), at({ season: "wet" })] : [at({})];
    },
    // Which choices count: a comparison makes its own.
    counts: function (name) {
      const own = { change: "care", seasons: "season" };
      return this.choices[name].length > 1 && own[this.state.compare] !== name;
    },
    word: (choice) => words[choice](),
    name: function (side) {
      const parts = [words[side.care]()];
      if (this.choices.season.length > 1) {
        parts.push(words[side.season]());
      }
      return parts.join(", ");
    },
    // What sets a side apart from the other one.
    difference: function (side) {
      return words[this.state.compare === "seasons" ? side.season : side.care]();
    },
    choose: function (changed) {
      Object.assign(this.state, changed);
      this._shown.forEach((layer) => layer.remove());
      this._shown = this.sides().map((side, i) => this._layer(side, i ? "after" : "before").addTo(this._map));
      this.fire("change");
    },
    picture: function (side) {
      const at = this._plan.surfaces.findIndex((each) => each.care === side.care && each.season === side.season);
      return this._pictures[at];
    },
    share: function (side, area) {
      return this._plan.shares[side.season][side.care][area];
    },
    _layer: function (side, pane) {
      const key = [side.what, side.care, side.season, pane].join(" ");
      this._made[key] = this._made[key] || (side.what === "time" ? this._time(side, pane) : this._coverage(side, pane));
      return this._made[key];
    },
    _time: function (side, pane) {
      const picture = this.picture(side);
      const layer = L.imageOverlay(picture._url, picture.getBounds(), { pane: pane, opacity: OPACITY });
      return layer.on("add", () => (layer.getElement().alt = words.time() + ": " + this.name(side)));
    },
    _coverage: function (side, pane) {
      const renderer = L.canvas({ pane: pane });
      const classes = this._plan.legend.find((section) => section.of === "area").entries;
      return L.layerGroup(
        this._areas.map((feature, i) => {
          const share = this.share(side, i);
          const found = share === null ? null : classes.find((each) => share >= each.from);
          return L.polygon(planner.rings(feature), {
            renderer: renderer,
            interactive: false,
            stroke: false,
            fillColor: found ? found.colour : "#9a9a9a",
            fillOpacity: OPACITY,
          });
        })
      );
    },
  });

  // Buttons for each choice, in a box.
  planner.groundButtons = function (ground) {
    const box = planner.make("div", "", "ground", { id: "surfaces" });
    const titles = {
      what: () => planner.say("Map shows"),
      care: () => planner.say("Care"),
      season: () => planner.say("Season"),
      compare: () => planner.say("Compare"),
    };
    function fill() {
      const held = box.contains(document.activeElement) ? document.activeElement.dataset.choice : "";
      box.replaceChildren();
      for (const name of Object.keys(titles).filter((each) => ground.counts(each))) {
        const group = planner.make("div", "", "choice", { role: "group", "aria-label": titles[name](), "data-name": name });
        for (const choice of ground.choices[name]) {
          const chosen = ground.state[name] === choice;
          const button = planner.button(ground.word(choice), () => ground.choose({ [name]: choice }), "", {
            "aria-pressed": chosen,
            "data-choice": choice,
          });
          group.append(button);
        }
        box.append(planner.make("p", titles[name](), "", { "aria-hidden": "true" }), group);
      }
      const again = held && box.querySelector(`[data-choice="${held}"]`);
      if (again) {
        again.focus();
      }
    }
    ground.on("change", fill);
    planner.inEveryLanguage(fill);
    return box;
  };
})();
