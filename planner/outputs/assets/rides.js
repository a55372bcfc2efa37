// Roads that are ridden, in the page: places on them as nodes beyond the cells of the land (planner/types/network.py).
//
// Times are searched from where people go to: a ride is found from its end, getting off before boarding.
(function () {
  "use strict";

  planner.Rides = class {
    // From the grids of the page; null where everybody walks.
    static async read(grids, land) {
      if (!grids.has("stops")) {
        return null;
      }
      const names = ["stops", "board", "alight", "rides", "ends", "rideMinutes"];
      return new planner.Rides(land, ...(await Promise.all(names.map((name) => grids.grid(name)))));
    }

    // `stops` are flat cells, ascending; `rides` how many leave each stop; `ends` the stop where each of them ends.
    constructor(land, stops, board, alight, rides, ends, minutes) {
      this.length = stops.length;
      this._size = land.size;
      this._cell = Int32Array.from(stops, (cell) => land.inside(cell));
      this._board = board;
      this._alight = alight;
      this._first = new Map(); // by cell
      this._here = new Uint8Array(land.size); // 1 = a stop lies in the cell
      for (let stop = this.length - 1; stop >= 0; stop--) {
        this._first.set(this._cell[stop], stop);
        this._here[this._cell[stop]] = 1;
      }
      this._ends = ends;
      this._starts = offsets(rides);
      this._turn(minutes);
    }

    // The same rides by the stop where they end.
    _turn(minutes) {
      const count = new Uint32Array(this.length);
      for (const end of this._ends) {
        count[end]++;
      }
      this._into = offsets(count);
      this._from = new Int32Array(this._ends.length);
      this._minutes = new Float32Array(this._ends.length);
      const next = this._into.slice();
      for (let stop = 0; stop < this.length; stop++) {
        for (let k = this._starts[stop]; k < this._starts[stop + 1]; k++) {
          const at = next[this._ends[k]]++;
          this._from[at] = stop;
          this._minutes[at] = minutes[k];
        }
      }
    }

    // Do something for every node from which a node is reached by boarding, riding or getting off, with its minutes.
    behind(node, act) {
      if (node < this._size) {
        this._stopsIn(node, (stop) => act(this._size + stop, this._alight[stop]));
        return;
      }
      const stop = node - this._size;
      for (let k = this._into[stop]; k < this._into[stop + 1]; k++) {
        act(this._size + this._from[k], this._minutes[k]);
      }
      act(this._cell[stop], this._board[stop]);
    }

    // Do something for every node that is reached from a node in the same ways.
    ahead(node, act) {
      if (node < this._size) {
        this._stopsIn(node, (stop) => act(this._size + stop));
        return;
      }
      const stop = node - this._size;
      for (let k = this._starts[stop]; k < this._starts[stop + 1]; k++) {
        act(this._size + this._ends[k]);
      }
      act(this._cell[stop]);
    }

    _stopsIn(cell, act) {
      if (this._here[cell]) {
        for (let stop = this._first.get(cell); this._cell[stop] === cell; stop++) {
          act(stop);
        }
      }
    }
  };

  function offsets(counts) {
    const out = new Uint32Array(counts.length + 1);
    for (let k = 0; k < counts.length; k++) {
      out[k + 1] = out[k] + counts[k];
    }
    return out;
  }
})();
