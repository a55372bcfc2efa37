// Symbols drawn on the map's canvas and, with the same lines of code, in the legend.
(function () {
  "use strict";

  const shapes = {
    circle(ctx) {
      ctx.arc(0, 0, 1, 0, 2 * Math.PI);
    },
    clinic(ctx) {
      ctx.arc(0, 0, 1, 0, 2 * Math.PI);
    },
    hospital(ctx) {
      ctx.rect(-1, -1, 2, 2);
    },
    // Head and shoulders.
    person(ctx) {
      ctx.arc(0, -0.55, 0.5, 0, 2 * Math.PI);
      ctx.moveTo(-0.95, 1);
      ctx.bezierCurveTo(-0.95, -0.15, 0.95, -0.15, 0.95, 1);
      ctx.closePath();
    },
    // A drop whose tip stands on the point: its head is PIN radii above.
    pin(ctx) {
      ctx.arc(0, -PIN, 1, 0.82 * Math.PI, 2.18 * Math.PI);
      ctx.quadraticCurveTo(0.45, -0.75, 0, 0);
      ctx.quadraticCurveTo(-0.45, -0.75, -0.82, -PIN + 0.57);
      ctx.closePath();
    },
  };
  const PIN = 1.75;
  const READABLE = 6; // radius in pixels from which a number in a pin can be read
  const CROSS = { clinic: 0.55, hospital: 0.6 };
  const HALO = 1.6; // white round a symbol, in pixels at most: it stands off any ground

  // Draw a symbol at x, y with radius r; text stands in the head of a pin.
  function draw(ctx, style, x, y, r, text) {
    ctx.save();
    ctx.translate(x, y);
    ctx.beginPath();
    ctx.save();
    ctx.scale(r, r);
    shapes[style.shape](ctx);
    ctx.restore();
    ctx.setLineDash([]); // Leaflet leaves the dashes of the line before
    ctx.lineJoin = "round";
    if (style.shape !== "circle") {
      ctx.lineWidth = 2 * Math.min(HALO, r / 4) + style.width;
      ctx.strokeStyle = "#ffffff";
      ctx.stroke();
    }
    ctx.fillStyle = style.fill;
    ctx.fill();
    ctx.lineWidth = style.width;
    ctx.strokeStyle = style.edge;
    ctx.stroke();
    if (style.shape in CROSS) {
      cross(ctx, r * CROSS[style.shape]);
    }
    if (text && r >= READABLE) {
      ctx.fillStyle = style.edge;
      ctx.font = "bold " + r * (text.length > 2 ? 0.85 : 1.15) + "px system-ui, sans-serif";
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(text, 0, -PIN * r + 0.5);
    }
    ctx.restore();
  }

  function cross(ctx, arm) {
    ctx.beginPath();
    ctx.moveTo(-arm, 0);
    ctx.lineTo(arm, 0);
    ctx.moveTo(0, -arm);
    ctx.lineTo(0, arm);
    ctx.lineWidth = Math.max(2, arm * 0.55);
    ctx.lineCap = "butt";
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
  }

  function line(ctx, style, width, height) {
    if (style.fill) {
      ctx.globalAlpha = 0.35;
      ctx.fillStyle = style.fill;
      ctx.fillRect(1, 2, width - 2, height - 4);
      ctx.globalAlpha = 1;
    }
    ctx.beginPath();
    if (style.fill) {
      ctx.rect(1, 2, width - 2, height - 4);
    } else {
      ctx.moveTo(1, height / 2);
      ctx.lineTo(width - 1, height / 2);
    }
    if (style.casing) {
      ctx.lineWidth = style.width + 2;
      ctx.strokeStyle = style.casing;
      ctx.stroke();
    }
    ctx.setLineDash(style.dash || []);
    ctx.lineWidth = style.width;
    ctx.strokeStyle = style.colour;
    ctx.stroke();
  }

  // A small canvas with the symbol, for the legend; text stands in the head of a pin.
  function icon(style, radius, text) {
    const width = 28;
    const r = radius || style.r || 6;
    const height = style.shape === "pin" ? 3.4 * r : Math.max(16, 2 * r + 6);
    const canvas = document.createElement("canvas");
    const scale = Math.max(2, window.devicePixelRatio || 1);
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    const ctx = canvas.getContext("2d");
    ctx.scale(scale, scale);
    if (style.shape === "line") {
      line(ctx, style, width, height);
    } else {
      draw(ctx, style, width / 2, style.shape === "pin" ? height - 3 : height / 2, r, text);
    }
    return canvas;
  }

  const Symbol = L.CircleMarker.extend({
    // Symbols shrink on the way out to a whole country, so that they hide less of it.
    _project: function () {
      const scale = Math.min(1.15, Math.max(0.5, 1 + (this._map.getZoom() - 11.5) * 0.15));
      this._radius = this.options.radius * scale;
      this.headUp = this.options.style.shape === "pin" ? PIN * this._radius : 0; // pixels from the point to the symbol
      L.CircleMarker.prototype._project.call(this);
    },
    _updateBounds: function () {
      const reach = this.headUp + this._radius + HALO + this._clickTolerance();
      this._pxBounds = L.bounds(this._point.subtract([reach, reach]), this._point.add([reach, reach]));
    },
    // The style in which it is drawn now; null where it is not: what comes with the plan is not there before it.
    styleNow: function () {
      const before = planner.cut !== null && this._point.x < planner.cut;
      return before && this.options.before !== undefined ? this.options.before : this.options.style;
    },
    _updatePath: function () {
      const style = this.styleNow();
      if (style && this._renderer._drawing && !this._empty()) {
        draw(this._renderer._ctx, style, this._point.x, this._point.y, this._radius, this.options.text);
      }
    },
    _containsPoint: function (point) {
      if (!this.styleNow()) {
        return false;
      }
      const head = this._point.subtract([0, this.headUp]);
      return point.distanceTo(head) <= this._radius + HALO + this._clickTolerance();
    },
  });

  // parts: called with what the map is made of, once it stands (map.js); cut: where the map of the plan begins beside
  // that of today, in pixels of the map's layers (swipe.js)
  window.planner = { parts: [], cut: null, symbol: (at, options) => new Symbol(at, options), icon: icon };
})();
