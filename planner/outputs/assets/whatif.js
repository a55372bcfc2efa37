// CHWs moved, added and taken away: who is then within reach, counted as planner/outputs/headline.py does.
(function () {
  "use strict";

  const [INSIDE, HARD, FACILITY, BASE] = [1, 2, 4, 8]; // of a cell: in an area; its people are hard to reach; within
  // reach of a facility; within reach of a CHW of the plan
  const SLICE = 40; // milliseconds of work before the page may answer again

  planner.WhatIf = class {
    // Read the grids and search from all places of the plan; `tell` is called with how much is done, 0 to 1.
    static async ready(grids, frame, tell) {
      const ours = new planner.WhatIf(grids.head, frame);
      await ours._read(grids);
      await ours._search(tell);
      return ours;
    }

    constructor(head, frame) {
      this.head = head;
      this.frame = frame;
      this.limit = Math.fround(head.limit);
      const today = head.posts.filter((post) => !post.new).length;
      this.plan = head.posts.map((post, key) => Object.assign({ key: key, rank: key - today + 1 }, post));
      this._next = this.plan.length;
      this.posts = this.plan;
      this._past = [];
    }

    async _read(grids) {
      this.land = await planner.Land.read(grids);
      this._rides = await planner.Rides.read(grids, this.land);
      const cells = await grids.cells();
      const [area, facility, hard] = await Promise.all(["area", "facility", "hard"].map((name) => grids.grid(name)));
      const { people, underFives } = await grids.people();
      const near = this.head.minutes.indexOf(this.head.limit);
      this._flags = new Uint8Array(this.land.size);
      this._people = new Float32Array(this.land.size);
      this._share = underFives.share;
      this._underFives = underFives.share === undefined ? new Float32Array(this.land.size) : null;
      for (let i = 0; i < cells.length; i++) {
        const at = this.land.inside(cells[i]);
        this._people[at] = people[i];
        if (this._underFives) {
          this._underFives[at] = underFives[i];
        }
        this._flags[at] = (area[i] ? INSIDE : 0) | (hard[i] ? HARD : 0) | (facility[i] <= near ? FACILITY : 0);
      }
    }

    async _search(tell) {
      const times = (rides) => new planner.Times(this.land, this.limit, rides);
      this.toFacility = times(this._rides);
      this.toChw = times(this._rides);
      this.onFoot = this._rides ? times(null) : this.toChw; // who is newly covered walks to a CHW
      this._toChws = this._rides ? [this.toChw, this.onFoot] : [this.toChw];
      const searches = [this.toFacility, ...this._toChws];
      const homes = this.plan.filter((post) => post.cell >= 0);
      this.head.facilities.forEach((cell, k) => this.toFacility.add(cell, k));
      this._toChws.forEach((each) => homes.forEach((post) => each.add(post.cell, post.key)));
      for (const [part, times] of searches.entries()) {
        times.noting = false;
        while (!times.run(performance.now() + SLICE)) {
          tell((part + Math.min(times.done(), 1)) / searches.length);
          await new Promise((done) => setTimeout(done));
        }
        times.forget(); // the sources themselves
        times.noting = true;
      }
      for (let at = 0; at < this.land.size; at++) {
        if (this.toChw.minutes[at] <= this.limit) {
          this._flags[at] |= BASE;
        }
      }
      this._change = this._nobody();
    }

    // Since the plan: gained and lost, of everybody and of those who are hard to reach.
    _nobody() {
      const none = () => ({ people: 0, underFives: 0 });
      return { gained: none(), lost: none(), newly: none() };
    }

    childrenOf(at) {
      return this._underFives ? this._underFives[at] : this._share * this._people[at];
    }

    // Have exactly these CHWs: those that are not there any more are taken away, the others added.
    _set(posts) {
      const lived = new Map(this.posts.map((post) => [post.key, post]));
      const lives = new Map(posts.map((post) => [post.key, post]));
      const moved = (post, others) => !others.has(post.key) || others.get(post.key).cell !== post.cell;
      const left = this.posts.filter((post) => post.cell >= 0 && moved(post, lives));
      const come = posts.filter((post) => post.cell >= 0 && moved(post, lived));
      const emptied = new Set(left.map((post) => post.cell));
      for (const times of this._toChws) {
        left.forEach((post) => times.remove(post.cell, post.key));
        times.run();
        come.forEach((post) => times.add(post.cell, post.key));
        posts.filter((post) => emptied.has(post.cell)).forEach((post) => times.add(post.cell, post.key));
        times.run();
      }
      this.posts = posts;
      this._count();
    }

    // What the cells touched since the last count add and take away.
    _count() {
      const { lost, gained, newly } = this._change;
      this._crossed(this.toChw, (at, flags, sign) => {
        if (flags & INSIDE && !(flags & FACILITY)) {
          // A cell of the plan's that is lost and comes back is lost no more; another one is gained.
          this._add(flags & BASE ? lost : gained, at, flags & BASE ? -sign : sign);
        }
      });
      this._crossed(this.onFoot, (at, flags, sign) => {
        if (flags & HARD) {
          this._add(newly, at, sign);
        }
      });
      this._toChws.forEach((times) => times.forget());
    }

    // Do something for the cells that came within the limit (sign 1) or left it (-1).
    _crossed({ touched, before, minutes }, act) {
      for (let i = 0; i < touched.length; i++) {
        const at = touched[i];
        const was = before[i] <= this.limit;
        const is = minutes[at] <= this.limit;
        if (was !== is) {
          act(at, this._flags[at], is ? 1 : -1);
        }
      }
    }

    _add(sum, at, sign) {
      sum.people += sign * this._people[at];
      sum.underFives += sign * this.childrenOf(at);
    }

    // Numbers of the plan, and with the changes.
    figures() {
      const plan = this.head.figures;
      const { gained, lost, newly } = this._change;
      const of = (who, key) => ({
        all: plan[key],
        plan: plan["plan_" + key],
        now: plan["plan_" + key] + gained[who] - lost[who],
        gained: gained[who],
        lost: lost[who],
        newlyPlan: plan["new_" + key],
        newly: plan["new_" + key] + newly[who],
      });
      const count = (posts) => posts.reduce((sum, post) => sum + post.chws, 0);
      return {
        people: of("people", "people"),
        underFives: of("underFives", "under_fives"),
        chws: { plan: count(this.plan), now: count(this.posts) },
      };
    }

    // People and under-fives within some minutes of a facility or CHW, up to the limit of the search.
    within(minutes) {
      const [to, sum] = [Math.fround(minutes), { people: 0, underFives: 0 }];
      for (let at = 0; at < this.land.size; at++) {
        if (this._flags[at] & INSIDE && (this.toChw.minutes[at] <= to || this.toFacility.minutes[at] <= to)) {
          sum.people += this._people[at];
          sum.underFives += this.childrenOf(at);
        }
      }
      return sum;
    }

    // Whom a CHW serves: where she is the nearest care, within the limit (planner/pipeline: `_catchment`).
    catchment(post) {
      const cells = post.cell < 0 ? [] : this.toChw.cellsOf(post.cell, post.key).filter((at) => this.serves(at));
      const people = cells.reduce((sum, at) => sum + this._people[at], 0);
      return { cells: cells, people: people, underFives: cells.reduce((sum, at) => sum + this.childrenOf(at), 0) };
    }

    serves(at) {
      const minutes = this.toChw.minutes[at];
      return minutes <= this.limit && minutes < this.toFacility.minutes[at];
    }

    isInside(at) {
      return (this._flags[at] & INSIDE) > 0;
    }

    // What a cell is to be shown as, "" = nothing; outside the areas only whom the CHW serves that is chosen.
    state(at, chosen) {
      const flags = this._flags[at];
      const near = this.toChw.minutes[at] <= this.limit;
      const own = this.toChw.owner[at] === chosen && this.serves(at);
      if (!(flags & INSIDE)) {
        return own ? "chosen" : "";
      }
      if (!(flags & FACILITY) && near !== (flags & BASE) > 0) {
        return near ? "gained" : "lost";
      }
      return own ? "chosen" : flags & FACILITY ? "facility" : near ? "served" : "beyond";
    }

    // The cell that a CHW at a place is reached at, -1 = no open ground near.
    cellAt(lat, lon) {
      return this.frame.reached(lat, lon, (cell) => this.land.isOpen(cell), this.head.snap);
    }

    // A step that can be undone begins; what follows, as a CHW is dragged, is part of it.
    begin() {
      this._past.push(this.posts);
    }

    // Have a CHW live at another cell, and in another village where its name is given.
    put(key, cell, name) {
      const there = { cell: cell, at: this.frame.centre(cell), moved: true };
      if (name !== undefined) {
        there.name = name;
      }
      this._set(this.posts.map((post) => (post.key === key ? Object.assign({}, post, there) : post)));
    }

    add(cell, name) {
      this.begin();
      const taken = new Set([...this.posts, ...this.plan].map((post) => post.id));
      let number = 1;
      while (taken.has("ADDED" + String(number).padStart(3, "0"))) {
        number++;
      }
      const id = "ADDED" + String(number).padStart(3, "0");
      const post = { key: this._next++, id: id, name: name, cell: cell, chws: 1, new: true, added: true, at: this.frame.centre(cell) };
      this._set([...this.posts, post]);
      return post;
    }

    remove(key) {
      this.begin();
      this._set(this.posts.filter((post) => post.key !== key));
    }

    undo() {
      if (this._past.length) {
        this._set(this._past.pop());
      }
    }

    reset() {
      if (this.posts !== this.plan) {
        this.begin();
        this._set(this.plan);
      }
    }

    get edited() {
      return this.posts !== this.plan;
    }

    get undoable() {
      return this._past.length > 0;
    }

    // The CHWs as a list that `planner run` reads: one row a CHW, at the middle of the cell where she is reached.
    csv() {
      const rows = [["id", "village", "lat", "lon", "what"]];
      for (const post of this.posts) {
        const [lat, lon] = post.cell < 0 ? post.at : this.frame.centre(post.cell);
        const what = post.added ? "added" : post.moved ? "moved" : post.new ? "proposed" : "today";
        for (let k = 1; k <= post.chws; k++) {
          const id = post.chws > 1 ? post.id + "-" + k : post.id;
          rows.push([plain(id), plain(post.name), lat.toFixed(6), lon.toFixed(6), what]);
        }
      }
      return rows.map((row) => row.map(quoted).join(",") + "\r\n").join("");
    }
  };

  // As planner/outputs/single.py writes text: a spreadsheet takes none of it for a formula.
  function plain(text) {
    const formula = /^\s*[=+\-@＝＋－＠]/.test(text) && !Number.isFinite(Number(text.trim()));
    return formula ? "'" + text : text;
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
})();
