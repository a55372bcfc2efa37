// "What if": CHWs are dragged, added and taken away on the map or from a list, and the numbers follow at once.
(function () {
  "use strict";

  // Blue is care, yellow is far from it, as on all maps of the planner; what changes stands out in green and purple.
  const COLOURS = { facility: "#c3d3e3", served: "#8fc9e8", chosen: "#1f9fd8", beyond: "#f2d59b", gained: "#00845f", lost: "#a3246d" };
  const OPACITY = { inside: 0.85, outside: 0.35 };
  const { element, saying } = planner;

  // `page`: map, grids, frame, villages {name, at}, styles, and groups of the map that the panel stands in for.
  planner.WhatIfPanel = class {
    constructor(room, page) {
      Object.assign(this, page);
      this.markers = new planner.ChwMarkers(this.map, this.frame, this.styles, {
        title: (name) => this.title(name),
        choose: (key) => this.choose(key, false),
        grab: (key) => this._grab(key),
        drag: (at) => this._follow(at),
        drop: (at) => this._drop(at),
        step: (key, rows, cols) => this._step(key, rows, cols),
        remove: (key) => this.remove(key),
      });
      this.chosen = null; // key of a CHW
      this.told = () => planner.say("Drag a CHW to another place, or choose one here.");
      this._build(room);
      planner.inEveryLanguage(() => this.refresh());
    }

    // A village's name in the reader's language.
    title(name) {
      this._named = this._named || new Map(this.villages.map((village) => [village.name, village]));
      return this._named.has(name) ? this._named.get(name).title : name;
    }

    _build(room) {
      const button = (words, act) => {
        const made = saying(element("button", { type: "button" }), words);
        made.addEventListener("click", act);
        return made;
      };
      this.wait = element("p", { role: "status" });
      this.message = element("p", { className: "changes", role: "status", hidden: true });
      document.getElementById("message").after(this.message);
      this.figures = element("table", { className: "figures" });
      this.said = element("p", { className: "said", role: "status" });
      this.list = element("select", { id: "whatif-chw" });
      this.list.addEventListener("change", () => this.choose(this.list.value === "" ? null : Number(this.list.value), true));
      this.removal = button(() => planner.say("Remove"), () => this.remove(this.chosen));
      this.place = element("input", { type: "search", id: "whatif-village", autocomplete: "off", role: "combobox" });
      saying(this.place, () => planner.say("Village to go to"), "placeholder");
      saying(this.place, () => planner.say("Village to go to"), "aria-label");
      this.place.setAttribute("aria-expanded", "false");
      this.place.setAttribute("aria-controls", "whatif-found");
      this.place.addEventListener("input", () => (this.village = null));
      const found = element("ul", { id: "whatif-found", className: "found", role: "listbox", hidden: true });
      this.here = button(() => planner.say("Move the CHW there"), () => this.toVillage(false));
      this.another = button(() => planner.say("Add a CHW there"), () => this.toVillage(true));
      this.click = button(() => planner.say("Add by a click on the map"), () => this.await(!this.awaiting));
      this.undo = button(() => planner.say("Undo"), () => this.do(() => this.model.undo(), () => planner.say("The last change is undone.")));
      this.reset = button(() => planner.say("Back to the plan"), () => this.do(() => this.model.reset(), () => planner.say("These are the CHWs of the plan.")));
      this.save = button(() => planner.say("Save the list (CSV)"), () => this.download());
      const legend = element("ul", { className: "swatches" });
      legend.append(
        planner.swatch(COLOURS.facility, () => planner.say("within reach of a facility")),
        planner.swatch(COLOURS.served, () => planner.say("of a CHW only")),
        planner.swatch(COLOURS.chosen, () => planner.say("served by the CHW that is chosen")),
        planner.swatch(COLOURS.beyond, () => planner.say("beyond")),
        planner.swatch(COLOURS.gained, () => planner.say("newly within reach")),
        planner.swatch(COLOURS.lost, () => planner.say("no longer within reach")),
      );
      const label = saying(element("label", { htmlFor: "whatif-chw" }), () => planner.say("CHW"));
      this.body = element(
        "div", { hidden: true }, this.figures, this.said,
        element("div", { className: "buttons" }, this.undo, this.reset, this.save), legend,
        element("div", { className: "line" }, label, this.list, this.removal),
        element("div", { className: "finder" }, this.place, found),
        element("div", { className: "buttons" }, this.here, this.another, this.click),
        saying(element("p", { className: "note", hidden: this.grids.head.exact }), () =>
          planner.say("To keep this map small, heights and people are rounded in it: a run may count a few people more or less.")
        ),
        saying(element("p", { className: "note" }), () =>
          planner.say("Newly covered: hard to reach, within {minutes} min on foot of a CHW, and of none today. planner run takes the saved list as [chws].", { minutes: this.grids.head.limit })
        ),
      );
      this.box = element("details", { id: "whatif" }, saying(element("summary"), () => planner.say("What if CHWs lived elsewhere?")), this.wait, this.body);
      this.box.addEventListener("toggle", () => (this.box.open ? this.open() : this.close()));
      room.append(this.box);
      planner.search(this.place, found, this.villages.map((village) => ({
        get title() {
          return village.title;
        },
        kind: "",
        show: () => {
          this.village = village;
          this.place.value = village.title;
          this.here.focus();
        },
      })));
    }

    async open() {
      if (!this.model) {
        const tell = (part) => (this.wait.textContent = planner.say("Getting ready: {share}", { share: planner.form("share", part) }));
        tell(0);
        await new Promise((done) => setTimeout(done, 20));
        this.model = await planner.WhatIf.ready(this.grids, this.frame, tell);
        this.wait.hidden = true;
        this.body.hidden = false;
        this._paint();
        this.map.getContainer().addEventListener("click", (event) => this._clicked(event), true);
      }
      if (!this.shown && this.box.open) {
        this.shown = true;
        this.map.getContainer().classList.add("whatif");
        this.layer.addTo(this.map);
        this.instead = this.groups.filter((group) => this.map.hasLayer(group));
        this.instead.forEach((group) => group.remove());
        this.refresh();
      }
    }

    // The changes stay on the map while there are any.
    close() {
      this.await(false);
      if (this.shown && !this.model.edited) {
        this.shown = false;
        this.map.getContainer().classList.remove("whatif");
        this.layer.remove();
        this.markers.clear();
        this.instead.forEach((group) => group.addTo(this.map));
      }
    }

    _paint() {
      const pixels = (opacity) => Object.fromEntries(Object.entries(COLOURS).map(([key, colour]) => [key, planner.pixel(colour, opacity)]));
      const [inside, outside] = [pixels(OPACITY.inside), pixels(OPACITY.outside)];
      this.layer = new planner.CellLayer(this.frame, (row, col) => {
        const at = this.model.land.at(row, col);
        const state = this.model.state(at, this.chosen);
        return !state ? 0 : this.model.isInside(at) ? inside[state] : outside[state];
      });
    }

    // Do a change, tell of it, and show what came of it.
    do(change, told) {
      change();
      this.told = told;
      if (!this.model.posts.some((post) => post.key === this.chosen)) {
        this.chosen = null;
      }
      this.refresh();
    }

    refresh() {
      if (!this.model) {
        return;
      }
      if (this.shown) {
        this.markers.show(this.model.posts, this.chosen, this.dragged);
        this.layer.redraw();
      }
      this._list();
      this._tell();
      this.changed();
    }

    _tell() {
      const model = this.model;
      const { people, underFives, chws } = model.figures();
      const within = { minutes: model.head.limit };
      const rows = [
        [planner.say("Under-fives within {minutes} min", within), underFives.plan, underFives.now, underFives.all],
        [planner.say("People within {minutes} min", within), people.plan, people.now, people.all],
        [planner.say("Newly covered under-fives"), underFives.newlyPlan, underFives.newly],
        [planner.say("Newly covered people"), people.newlyPlan, people.newly],
        [planner.say("CHWs"), chws.plan, chws.now],
      ];
      const heads = ["", planner.say("Plan"), planner.say("Changed"), planner.say("Difference")];
      const top = element("tr", {}, ...heads.map((text) => element("th", { scope: "col", textContent: text })));
      const body = rows.map(([name, plan, now, all]) => this._row(name, plan, now, all));
      this.figures.replaceChildren(element("thead", {}, top), element("tbody", {}, ...body));
      this.said.textContent = [this.told(), this._of(this.chosen), this._changes(people, underFives)].filter(Boolean).join(" ");
      this._message(underFives.all > 0 ? underFives : people, underFives.all > 0);
      this.undo.disabled = !model.undoable;
      this.reset.disabled = !model.edited;
      this.removal.disabled = this.here.disabled = this.chosen === null;
    }

    _row(name, plan, now, all) {
      const said = (count) => (all > 0 ? [planner.form("people", count), element("small", { textContent: planner.form("share", count / all) })] : [planner.form("people", count)]);
      const difference = Math.round(now) - Math.round(plan);
      const sign = difference > 0 ? "+" : "";
      return element("tr", {}, element("th", { scope: "row", textContent: name }), element("td", {}, ...said(plan)),
        element("td", {}, ...said(now)), element("td", { textContent: sign + planner.number(difference) }));
    }

    _of(key) {
      const post = this.model.posts.find((each) => each.key === key);
      if (!post) {
        return "";
      }
      const { people, underFives } = this.model.catchment(post);
      const counted = { name: this.title(post.name), id: post.id, people: planner.form("people", people), underFives: planner.form("people", underFives) };
      return planner.say("{name} ({id}): the nearest care for {people} people, {underFives} of them under five.", counted);
    }

    _changes(people, underFives) {
      if (!this.model.edited) {
        return "";
      }
      const counted = {
        gained: planner.form("people", people.gained), gainedUnderFives: planner.form("people", underFives.gained),
        lost: planner.form("people", people.lost), lostUnderFives: planner.form("people", underFives.lost),
      };
      return planner.say("Since the plan, {gained} people ({gainedUnderFives} under five) come within reach and {lost} ({lostUnderFives}) are lost.", counted);
    }

    // The one message above everything is that of the changes, while there are any.
    _message(who, children) {
      const edited = this.model.edited;
      document.getElementById("message").hidden = edited;
      this.message.hidden = !edited;
      if (edited) {
        const counted = { now: planner.form("share", who.now / who.all), plan: planner.form("share", who.plan / who.all), minutes: this.model.head.limit };
        this.message.textContent = children
          ? planner.say("With your changes {now} of under-fives live within {minutes} min of care; with the plan {plan}.", counted)
          : planner.say("With your changes {now} of people live within {minutes} min of care; with the plan {plan}.", counted);
      }
    }

    _list() {
      const listed = [planner.language(), ...this.model.posts.map((post) => post.id + post.name)].join("\n");
      if (listed === this._listed) {
        this.list.value = this.chosen === null ? "" : this.chosen;
        return;
      }
      this._listed = listed;
      const none = element("option", { value: "", textContent: planner.say("choose one of {count}", { count: this.model.posts.length }) });
      const options = this.model.posts.map((post) => element("option", { value: post.key, textContent: this.title(post.name) + " · " + post.id }));
      this.list.replaceChildren(none, ...options);
      this.list.value = this.chosen === null ? "" : this.chosen;
    }

    _post(key) {
      return this.model.posts.find((post) => post.key === key);
    }

    _grab(key) {
      this.dragged = this.chosen = key;
      this.model.begin();
    }

    _follow(at) {
      const cell = this.model.cellAt(at.lat, at.lng);
      const key = this.dragged;
      if (cell >= 0 && cell !== this._post(key).cell) {
        this.do(() => this.model.put(key, cell), () => "");
      }
      return cell;
    }

    _drop(at) {
      const key = this.dragged;
      const cell = this._follow(at);
      this.dragged = undefined;
      if (cell < 0) {
        this.do(() => this.model.undo(), () => this._refusal());
      } else {
        this.do(() => this.model.put(key, cell, this._nearest(cell)), this._snapped(at, cell));
      }
    }

    _refusal() {
      return planner.say("There is no open ground within {metres} m of that place: no CHW can live there.", { metres: this.model.head.snap });
    }

    _snapped(at, cell) {
      const own = this.frame.cell(at.lat, at.lng) === cell;
      return () => (own ? "" : planner.say("That place is closed ground; the CHW is put on the nearest open ground."));
    }

    // The village whose middle is nearest to a cell.
    _nearest(cell) {
      const at = this.frame.centre(cell);
      let [least, name] = [Infinity, ""];
      for (const village of this.villages) {
        const metres = planner.Frame.metres(at, village.at);
        if (metres < least) {
          [least, name] = [metres, village.name];
        }
      }
      return name;
    }

    // One cell on, by an arrow key.
    _step(key, rows, cols) {
      const { cell } = this._post(key);
      const { ny, nx } = this.frame;
      const [row, col] = [Math.floor(cell / nx) + rows, (cell % nx) + cols];
      const to = cell >= 0 && row >= 0 && row < ny && col >= 0 && col < nx ? row * nx + col : -1;
      this.chosen = key;
      if (to < 0 || !this.model.land.isOpen(to)) {
        this.do(() => {}, () => planner.say("That way is closed ground."));
      } else {
        this.model.begin();
        this.do(() => this.model.put(key, to, this._nearest(to)), () => "");
      }
    }

    choose(key, show) {
      this.chosen = key;
      this.do(() => {}, () => "");
      if (show && key !== null) {
        this.map.setView(this.markers.at(key), Math.max(this.map.getZoom(), 12), { animate: false });
      }
    }

    remove(key) {
      const { name, id } = this._post(key);
      this.do(() => this.model.remove(key), () => planner.say("{name} ({id}) is taken away.", { name: this.title(name), id: id }));
    }

    toVillage(add) {
      const village = this.village || this.villages.find((each) => each.title === this.place.value);
      const cell = village ? this.model.cellAt(...village.at) : -1;
      if (!village) {
        this.do(() => {}, () => planner.say("Choose a village of the list first."));
        this.place.focus();
      } else if (cell < 0) {
        this.do(() => {}, () => this._refusal());
      } else if (add) {
        this.do(() => (this.chosen = this.model.add(cell, village.name).key), () => "");
      } else {
        this.model.begin();
        this.do(() => this.model.put(this.chosen, cell, village.name), () => "");
      }
      if (cell >= 0) {
        this.map.panInside(village.at, { padding: [60, 60], animate: false });
      }
    }

    await(on) {
      this.awaiting = on;
      this.click.setAttribute("aria-pressed", String(on));
      this.map.getContainer().classList.toggle("adding", on);
    }

    // Before the map's shapes hear of it: they would open their popups.
    _clicked(event) {
      if (this.awaiting && !this.map.dragging.moved() && !event.target.closest(".leaflet-control")) {
        event.stopPropagation();
        this.addAt(this.map.mouseEventToLatLng(event));
      }
    }

    addAt(at) {
      const cell = this.model.cellAt(at.lat, at.lng);
      this.await(false);
      if (cell < 0) {
        this.do(() => {}, () => this._refusal());
      } else {
        this.do(() => (this.chosen = this.model.add(cell, this._nearest(cell)).key), this._snapped(at, cell));
      }
    }

    download() {
      const link = element("a", { download: "chws.csv", href: URL.createObjectURL(new Blob(["\ufeff", this.model.csv()], { type: "text/csv" })) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      this.told = () => planner.say("Saved as chws.csv.");
      this._tell();
    }
  };
})();
