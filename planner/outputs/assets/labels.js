// Names on the map: the most important first, and none where it would lie on another.
(function () {
  "use strict";

  const MOST = 70;
  const MARGIN = 3;

  // candidates: {at: LatLng, text, rank, minZoom, className, shift}, the most important first.
  planner.Labels = L.Layer.extend({
    initialize: function (candidates) {
      this._candidates = candidates;
      this._measure = document.createElement("canvas").getContext("2d");
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
    _place: function () {
      this._clear();
      const taken = [];
      const view = this._map.getBounds();
      const zoom = this._map.getZoom();
      for (const name of this._candidates) {
        if (taken.length >= MOST) {
          break;
        }
        if (zoom < name.minZoom || !view.contains(name.at) || !name.layer._map) {
          continue;
        }
        const spot = this._map.latLngToLayerPoint(name.at);
        const width = this._width(name);
        const left = spot.x - width / 2;
        const top = spot.y + name.shift;
        const box = [left - MARGIN, top - MARGIN, left + width + MARGIN, top + 14 + MARGIN];
        if (!taken.some((other) => overlap(box, other))) {
          taken.push(box);
          this._write(name, left, top);
        }
      }
    },
    _width: function (name) {
      if (name.width === undefined) {
        this._measure.font = name.className === "area-name" ? "600 13px system-ui, sans-serif" : "500 11px system-ui, sans-serif";
        name.width = this._measure.measureText(name.text).width;
      }
      return name.width;
    },
    _write: function (name, left, top) {
      const label = L.DomUtil.create("div", name.className, this._box);
      label.textContent = name.text;
      L.DomUtil.setPosition(label, L.point(left, top).round());
    },
  });

  function overlap(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }
})();
