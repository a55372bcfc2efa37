// Where the cells of the grid lie on the map, and a layer that paints them.
(function () {
  "use strict";

  const EVERY = 16; // pixels between places that are looked up one by one; between them rows and columns are even

  // Places on the grid by row and column, from corner 0, 0 in the north-west; between the points of the page's lattice
  // they are even.
  planner.Frame = class {
    constructor(head) {
      this.ny = head.ny;
      this.nx = head.nx;
      this._parts = head.lattice.parts;
      this._lat = head.lattice.lat;
      this._lon = head.lattice.lon;
    }

    // Latitude and longitude, and how they change by row and by column.
    _look(row, col) {
      const parts = this._parts;
      const v = (row / this.ny) * parts;
      const u = (col / this.nx) * parts;
      const i = Math.min(Math.max(Math.floor(v), 0), parts - 1);
      const j = Math.min(Math.max(Math.floor(u), 0), parts - 1);
      const k = i * (parts + 1) + j;
      return [this._lat, this._lon].map((grid) => {
        const [a, b, c, d] = [grid[k], grid[k + 1], grid[k + parts + 1], grid[k + parts + 2]];
        const byRow = c - a + (u - j) * (d - c - b + a);
        const byCol = b - a + (v - i) * (d - c - b + a);
        return [a + (v - i) * (c - a) + (u - j) * byCol, (byRow * parts) / this.ny, (byCol * parts) / this.nx];
      });
    }

    at(row, col) {
      return this._look(row, col).map((axis) => axis[0]);
    }

    centre(cell) {
      return this.at(Math.floor(cell / this.nx) + 0.5, (cell % this.nx) + 0.5);
    }

    // Row and column, with parts of cells, of a place: Newton's method; exact at once where the grid is in degrees.
    place(lat, lon) {
      let row = this.ny / 2;
      let col = this.nx / 2;
      for (let k = 0; k < 8; k++) {
        const [[y, yRow, yCol], [x, xRow, xCol]] = this._look(row, col);
        const det = yRow * xCol - yCol * xRow;
        const stepRow = ((lat - y) * xCol - (lon - x) * yCol) / det;
        const stepCol = ((lon - x) * yRow - (lat - y) * xRow) / det;
        row += stepRow;
        col += stepCol;
        if (Math.abs(stepRow) + Math.abs(stepCol) < 1e-6) {
          break;
        }
      }
      return [row, col];
    }

    // Flat cell under a place, -1 = off the grid.
    cell(lat, lon) {
      const [row, col] = this.place(lat, lon).map(Math.floor);
      return row >= 0 && row < this.ny && col >= 0 && col < this.nx ? row * this.nx + col : -1;
    }

    // Metres between two places, on a sphere: to choose the nearest of near cells.
    static metres(a, b) {
      const radians = Math.PI / 180;
      const x = (b[1] - a[1]) * radians * Math.cos(((a[0] + b[0]) / 2) * radians);
      return 6371008.8 * Math.hypot(x, (b[0] - a[0]) * radians);
    }

    // The cell that a place is reached at: its own where it is open, else the nearest open one within so many metres
    // (planner/grid/reached.py); -1 = there is none.
    reached(lat, lon, isOpen, most) {
      const own = this.cell(lat, lon);
      if (own >= 0 && isOpen(own)) {
        return own;
      }
      const [row, col] = this.place(lat, lon);
      const tall = Math.ceil(most / planner.Frame.metres(this.at(row, col), this.at(row + 1, col))) + 1;
      const wide = Math.ceil(most / planner.Frame.metres(this.at(row, col), this.at(row, col + 1))) + 1;
      let best = -1;
      let least = most;
      for (let i = Math.max(Math.floor(row) - tall, 0); i <= Math.min(Math.floor(row) + tall, this.ny - 1); i++) {
        for (let j = Math.max(Math.floor(col) - wide, 0); j <= Math.min(Math.floor(col) + wide, this.nx - 1); j++) {
          const metres = planner.Frame.metres([lat, lon], this.at(i + 0.5, j + 0.5));
          if (metres <= least && isOpen(i * this.nx + j)) {
            best = i * this.nx + j;
            least = metres;
          }
        }
      }
      return best;
    }
  };

  // A picture of the part of the grid that the map shows: `paint(row, col)` gives a colour, 0 = nothing.
  planner.CellLayer = L.Layer.extend({
    initialize: function (frame, paint) {
      this._frame = frame;
      this._paint = paint;
    },

    onAdd: function (map) {
      const pane = map.getPane("cells") || map.createPane("cells");
      pane.style.zIndex = 250; // above travel time, below roads and water
      pane.style.pointerEvents = "none";
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
      this._canvas.setAttribute("aria-hidden", "true");
      this.redraw();
    },

    onRemove: function () {
      this._canvas.remove();
      this._canvas = null;
    },

    getEvents: function () {
      return {
        moveend: this.redraw,
        resize: this.redraw,
        zoom: () => this._transform(this._map.getCenter(), this._map.getZoom()),
        zoomanim: (event) => this._transform(event.center, event.zoom),
      };
    },

    _transform: function (center, zoom) {
      const at = this._map._latLngToNewLayerPoint(this._corner, zoom, center);
      L.DomUtil.setTransform(this._canvas, at, this._map.getZoomScale(zoom, this._zoom));
    },

    redraw: function () {
      const map = this._map;
      if (!map || !this._canvas) {
        return;
      }
      const size = map.getSize();
      this._corner = map.containerPointToLatLng([0, 0]);
      this._zoom = map.getZoom();
      L.DomUtil.setTransform(this._canvas, map.containerPointToLayerPoint([0, 0]), 1);
      this._canvas.width = size.x;
      this._canvas.height = size.y;
      if (!size.x || !size.y) {
        return;
      }
      const context = this._canvas.getContext("2d");
      const image = context.createImageData(size.x, size.y);
      this._fill(new Uint32Array(image.data.buffer), size);
      context.putImageData(image, 0, 0);
    },

    _fill: function (pixels, size) {
      const across = Math.ceil(size.x / EVERY) + 1;
      const places = [];
      for (let y = 0; y <= Math.ceil(size.y / EVERY); y++) {
        for (let x = 0; x < across; x++) {
          const at = this._map.containerPointToLatLng([x * EVERY, y * EVERY]);
          places.push(this._frame.place(at.lat, at.lng));
        }
      }
      for (let y = 0; y < size.y; y += EVERY) {
        for (let x = 0; x < size.x; x += EVERY) {
          const k = (y / EVERY) * across + x / EVERY;
          this._fillPatch(pixels, size, x, y, [places[k], places[k + 1], places[k + across], places[k + across + 1]]);
        }
      }
    },

    _fillPatch: function (pixels, size, left, top, [a, b, c, d]) {
      const { ny, nx } = this._frame;
      const paint = this._paint;
      const rows = Math.min(EVERY, size.y - top);
      const cols = Math.min(EVERY, size.x - left);
      for (let i = 0; i < rows; i++) {
        const v = (i + 0.5) / EVERY;
        const row = a[0] + v * (c[0] - a[0]);
        const col = a[1] + v * (c[1] - a[1]);
        const byRow = (b[0] + v * (d[0] - b[0]) - row) / EVERY;
        const byCol = (b[1] + v * (d[1] - b[1]) - col) / EVERY;
        for (let j = 0; j < cols; j++) {
          const r = Math.floor(row + (j + 0.5) * byRow);
          const q = Math.floor(col + (j + 0.5) * byCol);
          if (r >= 0 && r < ny && q >= 0 && q < nx) {
            pixels[(top + i) * size.x + left + j] = paint(r, q);
          }
        }
      }
    },
  });

  // A colour as the pixels of a canvas hold it: "#rrggbb" and how opaque, 0 to 1.
  planner.pixel = function (colour, opacity) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return ((Math.round(255 * opacity) << 24) | (b << 16) | (g << 8) | r) >>> 0;
  };
})();
