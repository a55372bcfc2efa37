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

  // The cells of the plan: `head` is read already, `read()` gives the packed grids when the first is asked for.
  planner.Grids = class {
    constructor(head, read) {
      this.head = head;
      this._read = read;
      this._grids = {};
    }

    has(name) {
      return this.head.names.includes(name);
    }

    // Values of the open cells; null for a grid that the page does not carry.
    grid(name) {
      if (!(name in this._grids)) {
        this._grids[name] = this.has(name) ? this._unpack(name) : Promise.resolve(null);
      }
      return this._grids[name];
    }

    async _unpack(name) {
      this._packed = this._packed || this._read();
      const packed = this._packed[name];
      const values = await unpack(packed);
      if (packed.lessThan) {
        const base = await this.grid(packed.lessThan);
        for (let i = 0; i < values.length; i++) {
          values[i] = base[i] - values[i];
        }
      }
      return packed.bits === undefined ? values : bits(values, packed.bits);
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
      const share = this.head.share;
      const children = share === undefined ? await this.grid("underFives") : null;
      return { people: people, underFives: children || { share: share } };
    }
  };
})();
