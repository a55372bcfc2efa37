// The land that people walk on, in the page: its open cells, and the steps between them (planner/types/land.py).
(function () {
  "use strict";

  const f = Math.fround;
  const BRIDGE = 2;
  const MARGIN = 3; // the longest step: closed cells around the land, so that no step has to ask for its edge

  // A land with a margin, and its steps. `cells` are the open cells; `pace`, `way`, `height` hold a value for each.
  planner.Land = class {
    // From the grids of the page.
    static async read(grids) {
      const names = ["pace", "way", "height", "metres"];
      const cells = await grids.cells();
      const [pace, way, height, metres] = await Promise.all(names.map((name) => grids.grid(name)));
      return new planner.Land(grids.head, cells, pace, way, height, metres);
    }

    constructor(head, cells, pace, way, height, metres) {
      const walk = head.walk;
      this.ny = head.ny;
      this.nx = head.nx;
      this.width = head.nx + 2 * MARGIN;
      this.size = this.width * (head.ny + 2 * MARGIN);
      this.slope = height ? walk.slope : "none";
      this.pace = new Float32Array(this.size).fill(Infinity); // of cells that are no bridge
      this.height = height ? new Float32Array(this.size).fill(NaN) : null;
      this.way = new Uint8Array(this.size);
      const bridges = [];
      for (let i = 0; i < cells.length; i++) {
        const at = this.inside(cells[i]);
        this.pace[at] = pace[i];
        this.way[at] = way[i];
        if (height) {
          this.height[at] = height[i];
        }
        if (way[i] === BRIDGE) {
          bridges.push([at, pace[i]]);
        }
      }
      this._moves(walk, metres);
      this._bridges(bridges);
    }

    // Where a flat cell, or a row and column, lies between the margins.
    inside(cell) {
      return this.at(Math.floor(cell / this.nx), cell % this.nx);
    }

    at(row, col) {
      return (row + MARGIN) * this.width + col + MARGIN;
    }

    rowOf(at) {
      return this.rows === 1 ? 0 : Math.floor(at / this.width) - MARGIN;
    }

    isOpen(cell) {
      const at = this.inside(cell);
      return this.pace[at] < Infinity || this.way[at] === BRIDGE;
    }

    _moves(walk, metres) {
      const metresOf = walk.metresOf;
      const rows = metres.length / (Math.max(...metresOf) + 1); // 1 where all rows are alike
      const flat = (pair) => pair[0] * this.width + pair[1];
      this.rows = rows;
      this.open = walk.open;
      this.moves = walk.moves.map((move, q) => ({
        to: flat(move),
        kind: walk.kinds[q],
        between: walk.crossed[q].map(flat),
        beside: walk.corner[q].map(flat),
        shares: walk.shares[q],
        back: walk.moves.findIndex((other) => other[0] === -move[0] && other[1] === -move[1]),
        metres: metres.subarray(metresOf[q] * rows, metresOf[q] * rows + rows),
      }));
      // The same as flat tables, which the search reads faster: by move, and by move and row.
      const table = (Kind, size, values) => Kind.from(this.moves.flatMap((move) => Array.from({ length: size }, (_, k) => values(move, k))));
      this.to = table(Int32Array, 1, (move) => move.to);
      this.kind = table(Uint8Array, 1, (move) => move.kind);
      this.between = table(Int32Array, 4, (move, k) => move.between[k] || 0);
      this.beside = table(Int32Array, 2, (move, k) => move.beside[k] || 0);
      this.cornered = table(Uint8Array, 1, (move) => !walk.open && move.beside.length);
      this.share = table(Float32Array, rows, (move, row) => f(move.metres[row]) * f(move.shares[0]));
      this.inverse = table(Float32Array, rows, (move, row) => -1 / f(move.metres[row]));
    }

    // Bridges are closed to the quick steps; cells from which a step may touch one are marked.
    _bridges(bridges) {
      this.nearBridge = new Uint8Array(this.size);
      this.bridgePace = new Map(bridges);
      for (const [at] of bridges) {
        this.pace[at] = Infinity;
        for (let i = -MARGIN; i <= MARGIN; i++) {
          this.nearBridge.fill(1, at + i * this.width - MARGIN, at + i * this.width + MARGIN + 1);
        }
      }
    }
  };
})();
