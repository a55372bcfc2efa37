// Names on the map: the most important first, and none where it would lie on another.
(function () {
  "use strict";

  const MOST = 70;
  const MARGIN = 1;
  const HEIGHT = 14;
  const FONTS = { "area-name": "600 13px system-ui, sans-serif", "place-name": "500 11px system-ui, sans-serif" };

  // candidates: {at, feature, layer, minZoom, className, shifts}, the most important first; shifts are pixels downwards to
  // try in turn. avoid: symbols that no name may lie on.
  planner.Labels = L.Layer.extend({
    initialize: function (candidates, avoid) {
      this._candidates = candidates;
      this._avoid = avoid;
      this._measure = document.createElement("canvas").getContext("2d");
      planner.inEveryLanguage(() => {
        candidates.forEach((name) => delete name.width);
        this.place();
      });
    },
    getEvents: function () {
      return { moveend: this._place, zoomstart: this._clear, resize: this._place };
    },
    onAdd: function (map) {
      this._box = L.DomUtil.create("div", "place-names", map.getPane("labels"));
      this._place();
    },
    onRemove: function () {
      this._box.remove();
    },
    _clear: function () {
      this._box.replaceChildren();
    },
    place: function () {
      if (this._map) {
        this._place();
      }
    },
    _place: function () {
      this._clear();
      const view = this._map.getBounds();
      const zoom = this._map.getZoom();
      const shown = this._avoid.filter((symbol) => symbol._map && symbol.styleNow()).map((symbol) => this._boxOf(symbol));
      const taken = shown.concat(this._boxesOfControls());
      let written = 0;
      for (const name of this._candidates) {
        if (written >= MOST) {
          break;
        }
        const hidden = name.layer.styleNow && name.layer._point && !name.layer.styleNow();
        if (zoom >= name.minZoom && view.contains(name.at) && name.layer._map && !hidden) {
          written += this._try(name, taken);
        }
      }
    },
    // Write the name where it first fits: 1 if it does, else 0.
    _try: function (name, taken) {
      const spot = this._map.latLngToLayerPoint(name.at);
      const width = this._width(name);
      const [first, last] = this._sides();
      const left = Math.max(first, Math.min(spot.x - width / 2, last - width));
      for (const shift of name.layer.getBounds ? this._shiftsOfArea(name) : name.shifts) {
        const top = spot.y + shift;
        const box = [left - MARGIN, top - MARGIN, left + width + MARGIN, top + HEIGHT + MARGIN];
        if (!taken.some((other) => overlap(box, other))) {
          taken.push(box);
          this._write(name, left, top);
          return 1;
        }
      }
      return 0;
    },
    // The left and right side of the view: no name is cut there.
    _sides: function () {
      const first = this._map.containerPointToLayerPoint([0, 0]).x;
      return [first + MARGIN, first + this._map.getSize().x - MARGIN];
    },
    _boxesOfControls: function () {
      const container = this._map.getContainer();
      const corner = container.getBoundingClientRect();
      return Array.from(container.querySelectorAll(".leaflet-control"), (control) => {
        const { left, top, width, height } = control.getBoundingClientRect();
        const at = this._map.containerPointToLayerPoint([left - corner.left, top - corner.top]);
        return [at.x, at.y, at.x + width, at.y + height];
      });
    },
    // The name of an area stays near its middle, or just above or below it where no other area is, as with islands.
    _shiftsOfArea: function (name) {
      const bounds = name.layer.getBounds();
      const north = this._map.latLngToLayerPoint(bounds.getNorthWest()).y;
      const half = (this._map.latLngToLayerPoint(bounds.getSouthWest()).y - north) / 2;
      const near = name.shifts.filter((shift) => Math.abs(shift) <= Math.max(HEIGHT, 0.6 * half));
      const beside = [-half - HEIGHT - 4, half + 4].filter((shift) => this._free(name, shift));
      return near.concat(beside);
    },
    _free: function (name, shift) {
      const spot = this._map.latLngToLayerPoint(name.at).add([0, shift + HEIGHT / 2]);
      const at = this._map.layerPointToLatLng(spot);
      return !this._candidates.some((other) => other.layer.getBounds && other.layer.getBounds().contains(at));
    },
    _boxOf: function (symbol) {
      const spot = this._map.latLngToLayerPoint(symbol.getLatLng());
      const r = symbol.getRadius();
      return [spot.x - r, spot.y - symbol.headUp - r, spot.x + r, spot.y];
    },
    _width: function (name) {
      if (name.width === undefined) {
        this._measure.font = FONTS[name.className];
        name.width = this._measure.measureText(name.feature.t).width;
      }
      return name.width;
    },
    _write: function (name, left, top) {
      const label = L.DomUtil.create("div", name.className, this._box);
      label.textContent = name.feature.t;
      L.DomUtil.setPosition(label, L.point(left, top).round());
    },
  });

  function overlap(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }
})();
