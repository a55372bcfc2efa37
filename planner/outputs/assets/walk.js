// Least travel times to places, in the page: the steps of planner/travel/engine.py, with the same float32 sums.
//
// The least times do not depend on the order of the search, so they are those of the planner to the last bit, as long
// as each step is reckoned in the same way: flat ground as planner/kernels/tiles.py, bridges as planner/travel/bridges.py.
(function () {
  "use strict";

  const f = Math.fround;
  const GROUND = 0;
  const BRIDGE = 2;
  const SHORTEST = 1e-3; // minutes that cells of one bucket differ by, at least

  // Tobler 1993; Irmischer and Clarke 2018, doi:10.1080/15230406.2017.1292150: both scaled to 1 on the flat.
  const TOBLER_POWER = f(3.5 * Math.LOG2E);
  const TOBLER_BEST = f(0.05);
  const TOBLER_LEAST = f(1 - f(TOBLER_POWER * TOBLER_BEST));
  const IRMISCHER_POWER = f(Math.LOG2E / 1800);
  const IRMISCHER_BASE = f(0.11);
  const IRMISCHER_FLAT = f(0.11 + Math.exp(-25 / 1800));
  const STEEPEST = f(60);
  const [P1, P2, P3, P4, P5] = [0.0018943794, 0.0089415526, 0.0558765084, 0.2401397973, 0.6931475747].map(f);

  const [LEVEL, TOBLER, IRMISCHER] = [0, 1, 2];
  const SLOPES = { none: LEVEL, tobler: TOBLER, tobler_off_path: TOBLER, irmischer_clarke: IRMISCHER };
  const FASTEST = [0.999, 0.838, 0.986]; // no slope is walked in a smaller part of the time on the flat

  const word = new Int32Array(1);
  const float = new Float32Array(word.buffer);

  // 2 ** (power - below) for power >= 0: the whole part by the bits of a float, the rest by a polynomial.
  function powerOfTwo(power, below) {
    const whole = Math.trunc(power);
    const rest = f(power - whole);
    let p = f(f(P1 * rest) + P2);
    p = f(f(p * rest) + P3);
    p = f(f(p * rest) + P4);
    p = f(f(p * rest) + P5);
    p = f(f(p * rest) + 1);
    word[0] = (whole + 127 - below) << 23;
    return f(p * float[0]);
  }

  function tobler(rise) {
    return powerOfTwo(f(Math.min(f(Math.abs(f(rise + TOBLER_BEST)) * TOBLER_POWER), STEEPEST) + TOBLER_LEAST), 1);
  }

  function irmischer(rise) {
    const along = f(f(100 * rise) + 5);
    const speed = powerOfTwo(f(STEEPEST - Math.min(f(f(along * along) * IRMISCHER_POWER), STEEPEST)), 60);
    return f(IRMISCHER_FLAT / f(IRMISCHER_BASE + speed));
  }

  // How many times slower a rise over run is walked, in full precision.
  function slower(slope, rise) {
    if (slope === "none" || rise !== rise) {
      return 1;
    }
    return slope === "irmischer_clarke"
      ? (0.11 + Math.exp(-25 / 1800)) / (0.11 + Math.exp(-Math.pow(100 * rise + 5, 2) / 1800))
      : Math.exp(3.5 * (Math.abs(rise + 0.05) - 0.05));
  }

  // Times to sources added and taken away, up to `limit` minutes; `owner` is the number of the source that a node's
  // way leads to, -1 = none. Nodes are the cells, then the places on roads that are ridden where there are `rides`.
  // What a change touches of the cells is kept in `touched`, with the minutes of before in `before`.
  planner.Times = class {
    constructor(land, limit, rides = null) {
      this.land = land;
      this.limit = limit;
      this.rides = rides;
      const nodes = land.size + (rides ? rides.length : 0);
      this.minutes = new Float32Array(nodes).fill(Infinity);
      this.owner = new Int32Array(nodes).fill(-1);
      this._waits = new Uint8Array(nodes);
      this._known = new Uint8Array(land.size); // 1 = in `touched`
      this._seen = new Uint8Array(nodes);
      this._buckets = [];
      this._first = 0;
      this._perMinute = this._bucketsAMinute();
      this.touched = [];
      this.before = [];
      this.noting = true; // whether what is touched is kept: not of a first search, which touches everything
    }

    // About the cheapest step that is common: a side step at the pace of the fastest tenth of cells.
    _bucketsAMinute() {
      const paces = [];
      const every = Math.max(1, Math.floor(this.land.size / 20000));
      for (let i = 0; i < this.land.size; i += every) {
        if (this.land.pace[i] < Infinity) {
          paces.push(this.land.pace[i]);
        }
      }
      paces.sort((a, b) => a - b);
      const side = this.land.moves[0].metres[0];
      return paces.length ? 1 / Math.max(side * paces[Math.floor(paces.length / 10)], SHORTEST) : 1;
    }

    add(cell, owner) {
      const at = this.land.inside(cell);
      if (this.minutes[at] > 0) {
        this._set(at, 0, owner);
      }
    }

    // Take away all that leads to a source; the sources around take over when the search runs.
    remove(cell, owner) {
      const gone = this._leadingTo(cell, owner);
      for (const at of gone) {
        this._touch(at);
        this.minutes[at] = Infinity;
        this.owner[at] = -1;
      }
      const takeOver = (from) => {
        if (this.minutes[from] < Infinity && !this._waits[from]) {
          this._wait(from);
        }
      };
      for (const at of gone) {
        this._around(at, takeOver);
        if (this.rides) {
          this.rides.ahead(at, takeOver);
        }
      }
    }

    // Cells whose way leads to a source that stands in `cell`.
    cellsOf(cell, owner) {
      const found = this._leadingTo(cell, owner);
      return this.rides ? found.filter((at) => at < this.land.size) : found;
    }

    // The same of all nodes: one leads to the next, from the source on.
    _leadingTo(cell, owner) {
      const start = this.land.inside(cell);
      const found = [];
      if (this.owner[start] !== owner) {
        return found;
      }
      const seen = this._seen;
      const look = (at) => {
        if (this.owner[at] === owner && !seen[at]) {
          seen[at] = 1;
          found.push(at);
        }
      };
      look(start);
      for (let k = 0; k < found.length; k++) {
        this._around(found[k], look);
        if (this.rides) {
          this.rides.behind(found[k], look);
        }
      }
      for (const at of found) {
        seen[at] = 0;
      }
      return found;
    }

    // Do something for every cell that is one step away from a cell.
    _around(at, act) {
      if (at < this.land.size) {
        for (const move of this.land.moves) {
          act(at + move.to);
        }
      }
    }

    forget() {
      for (const at of this.touched) {
        this._known[at] = 0;
      }
      this.touched = [];
      this.before = [];
    }

    _touch(at) {
      if (this.noting && at < this.land.size && !this._known[at]) {
        this._known[at] = 1;
        this.touched.push(at);
        this.before.push(this.minutes[at]);
      }
    }

    _set(at, minutes, owner) {
      this._touch(at);
      this.minutes[at] = minutes;
      this.owner[at] = owner;
      this._wait(at);
    }

    _wait(at) {
      const bucket = Math.floor(this.minutes[at] * this._perMinute);
      this._waits[at] = 1;
      (this._buckets[bucket] = this._buckets[bucket] || []).push(at);
      this._first = Math.min(this._first, bucket);
    }

    // How far the search has come, as a part of the limit.
    done() {
      return this._first / (this.limit * this._perMinute);
    }

    // Search on; false where the time was up before the end.
    run(until = Infinity) {
      const buckets = this._buckets;
      for (let k = this._first; k < buckets.length; k++) {
        this._first = k;
        const bucket = buckets[k];
        for (let i = 0; bucket && i < bucket.length; i++) {
          const at = bucket[i];
          if (this._waits[at]) {
            this._waits[at] = 0;
            this._spreadFrom(at);
          }
        }
        buckets[k] = undefined;
        if (performance.now() > until && k + 1 < buckets.length) {
          this._first = k + 1;
          return false;
        }
      }
      this._buckets = [];
      this._first = 0;
      return true;
    }

    _spreadFrom(at) {
      if (at < this.land.size) {
        this._spread(at);
        if (this.land.nearBridge[at]) {
          this._spreadOverBridges(at);
        }
      }
      if (this.rides) {
        this.rides.behind(at, (to, minutes) => {
          const arrival = f(this.minutes[at] + minutes);
          if (arrival < this.minutes[to] && arrival <= this.limit) {
            this._set(to, arrival, this.owner[at]);
          }
        });
      }
    }

    _spread(at) {
      const { pace, height, to, kind, between, beside, cornered, share, inverse, rows } = this.land;
      const { minutes, limit } = this;
      const slope = SLOPES[this.land.slope];
      const fastest = FASTEST[slope];
      const now = minutes[at];
      const own = pace[at];
      if (own === Infinity) {
        return;
      }
      const row = this.land.rowOf(at);
      for (let q = 0; q < to.length; q++) {
        const end = at + to[q];
        let beyond = pace[end];
        const known = minutes[end];
        if (beyond === Infinity || known <= now) {
          continue;
        }
        const b = 4 * q;
        if (kind[q] === 2) {
          beyond = f(beyond + f(pace[at + between[b]] + pace[at + between[b + 1]]));
        } else if (kind[q] === 3) {
          beyond = f(beyond + f(2 * f(pace[at + between[b]] + pace[at + between[b + 1]])));
        } else if (kind[q] === 4) {
          const outer = f(0.5 * f(pace[at + between[b]] + pace[at + between[b + 3]]));
          beyond = f(beyond + f(outer + f(1.5 * f(pace[at + between[b + 1]] + pace[at + between[b + 2]]))));
        }
        let part = share[q * rows + row];
        const pair = f(own + beyond);
        const soonest = now + pair * part * fastest;
        if (soonest >= known || soonest > limit) {
          continue; // also where a cell between is closed
        }
        if (cornered[q] && pace[at + beside[2 * q]] === Infinity && pace[at + beside[2 * q + 1]] === Infinity) {
          continue;
        }
        if (slope !== LEVEL) {
          let rise = f(f(height[end] - height[at]) * inverse[q * rows + row]);
          rise = rise === rise ? rise : 0; // a void at either end counts as flat
          part = f((slope === TOBLER ? tobler(rise) : irmischer(rise)) * part);
        }
        const arrival = f(now + f(pair * part));
        if (arrival < known && arrival <= limit) {
          this._set(end, arrival, this.owner[at]);
        }
      }
    }

    // Steps that touch a bridge: it is entered and left along roads only, and they are summed in full precision.
    _spreadOverBridges(at) {
      const land = this.land;
      for (const move of land.moves) {
        const to = at + move.to;
        const entered = [to, at, ...move.between.map((each) => at + each)];
        const ways = entered.map((each) => land.way[each]);
        if (!ways.includes(BRIDGE) || ways.includes(GROUND)) {
          continue;
        }
        const shut = (each) => land.pace[each] === Infinity;
        if (!land.open && move.beside.length && move.beside.every((each) => shut(at + each))) {
          continue;
        }
        // People walk the other way: from `to` to `at`, by the opposite move, from their own row.
        const back = land.moves[move.back];
        const metres = back.metres[land.rowOf(to)];
        const rise = land.height ? (land.height[at] - land.height[to]) / metres : 0;
        const factor = slower(land.slope, rise);
        const crossed = [to, at, ...back.between.map((each) => to + each)];
        const shares = [back.shares[0], ...back.shares];
        const pace = crossed.reduce((sum, each, i) => sum + f(f(shares[i]) * this._paceOf(each)) * factor, 0);
        const arrival = f(this.minutes[at] + f(metres * pace));
        if (arrival < this.minutes[to] && arrival <= this.limit) {
          this._set(to, arrival, this.owner[at]);
        }
      }
    }

    _paceOf(at) {
      return this.land.way[at] === BRIDGE ? this.land.bridgePace.get(at) : this.land.pace[at];
    }
  };
})();
