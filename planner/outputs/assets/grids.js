// Reads the grids that the page carries (planner/outputs/whatif.py), each when it is first asked for.
(function () {
  "use strict";

  const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, u8: BigUint64Array };
  const FLOATS = { f4: Float32Array, f8: Float64Array };

  async function inflate(text) {
    const signs = atob(text);
    const bytes = new Uint8Array(signs.length);
    for (let i = 0; i < signs.length; i++) {
      bytes[i] = signs.charCodeAt(i);
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // Planes of bytes, as they are or as steps from one value to the next, back to numbers.
  async function unpack(packed) {
    const planes = await inflate(packed.text);
    const size = Number(packed.kind[1]);
    const n = packed.count;
    const bytes = new Uint8Array(size * n);
    for (let k = 0; k < size; k++) {
      for (let i = 0, at = k; i < n; i++, at += size) {
        bytes[at] = planes[k * n + i];
      }
    }
    const whole = new KINDS["u" + size](bytes.buffer);
    if (packed.steps) {
      for (let i = 1; i < n; i++) {
        whole[i] += whole[i - 1];
      }
    }
    const values = packed.kind in FLOATS ? new FLOATS[packed.kind](bytes.buffer) : whole;
    return packed.values ? pick(await unpack(packed.values), values) : values;
  }

  function pick(values, number) {
    const out = new values.constructor(number.length);
    for (let i = 0; i < out.length; i++) {
      out[i] = values[number[i]];
    }
    return out;
  }

  function bits(bytes, count) {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      out[i] = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
    }
    return out;
  }

  // The page's own data, read once; `grid(name)` is null for a grid that it does not carry.
  planner.Grids = class {
    constructor(data) {
      this.head = data;
      this._read = {};
    }

    has(name) {
      return Boolean(this.head.grids && name in this.head.grids);
    }

    grid(name) {
      if (!(name in this._read)) {
        const packed = this.has(name) ? this.head.grids[name] : null;
        this._read[name] = !packed
          ? Promise.resolve(null)
          : unpack(packed).then((values) => (packed.bits ? bits(values, packed.bits) : values));
      }
      return this._read[name];
    }

    // Flat cells of the open ones, in the order of all other grids.
    async cells() {
      if (!this._cells) {
        const open = await this.grid("open");
        const cells = [];
        for (let i = 0; i < open.length; i++) {
          if (open[i]) {
            cells.push(i);
          }
        }
        this._cells = Int32Array.from(cells);
      }
      return this._cells;
    }

    // People and under-fives of the open cells.
    async people() {
      const people = await this.grid("people");
      const share = this.head.grids.share;
      const children = share === undefined ? await this.grid("underFives") : null;
      return { people: people, underFives: children || { share: share } };
    }
  };
})();
