// What the ground says under the cursor, or where the map was touched.
(function () {
  "use strict";

  planner.readout = function ({ map, plan, ground }) {
    const box = planner.make("div", "", "readout", { hidden: "" });
    const control = L.control({ position: "topleft" });
    control.onAdd = () => box;
    control.addTo(map);
    const areas = (plan.layers.find((layer) => layer.key === "areas") || { features: [] }).features;
    const shapes = areas.map((feature) => {
      const polygons = planner.rings(feature);
      return { name: feature.t, polygons: polygons, bounds: L.polygon(polygons).getBounds() };
    });
    const classes = plan.legend.find((section) => section.of === "time").entries;
    const pixels = {};
    let at = null;

    function tell() {
      const area = at ? shapes.findIndex((shape) => shape.bounds.contains(at) && within(shape.polygons, at)) : -1;
      const told = at ? ground.sides().map((side) => value(side, area)) : [];
      box.hidden = !told.some((each) => each);
      if (!box.hidden) {
        const values = told.map((each) => each || "–").join(" → ");
        box.replaceChildren(planner.make("strong", values), area < 0 ? "" : " " + shapes[area].name);
      }
    }

    function value(side, area) {
      if (side.what === "area") {
        return area < 0 ? "" : planner.form("share", ground.share(side, area));
      }
      if (planner.minutesAt) {
        const minutes = planner.minutesAt(at, side);
        return minutes === undefined ? classAt(side) : minutes === "" ? "" : planner.form("minutes", minutes);
      }
      return classAt(side);
    }

    // The class of the colour there, read from the picture.
    function classAt(side) {
      const picture = ground.picture(side);
      const bounds = picture.getBounds();
      const canvas = drawn(picture);
      if (!canvas || !bounds.contains(at)) {
        return "";
      }
      const project = (latlng) => L.CRS.EPSG3857.project(L.latLng(latlng));
      const [low, high, here] = [bounds.getSouthWest(), bounds.getNorthEast(), at].map(project);
      const x = Math.floor(((here.x - low.x) / (high.x - low.x)) * canvas.width);
      const y = Math.floor(((high.y - here.y) / (high.y - low.y)) * canvas.height);
      const [red, green, blue, alpha] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
      const colour = "#" + [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
      const found = alpha && classes.find((each) => each.colour === colour);
      return found ? planner.say(found.label) : "";
    }

    // The picture as pixels; none until the browser has read it, and only those of what is shown are kept.
    function drawn(picture) {
      const url = picture._url;
      if (!pixels[url]) {
        const image = new Image();
        const made = { canvas: null };
        pixels[url] = made;
        image.addEventListener("load", () => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          canvas.getContext("2d", { willReadFrequently: true }).drawImage(image, 0, 0);
          made.canvas = canvas;
          tell();
        });
        image.src = url;
      }
      return pixels[url].canvas;
    }

    // Not the map's own event: it leaves out some of the movements over symbols.
    const container = map.getContainer();
    for (const kind of ["mousemove", "click"]) {
      container.addEventListener(kind, (event) => {
        at = event.target.closest(".leaflet-control, .leaflet-popup") ? null : map.mouseEventToLatLng(event);
        tell();
      });
    }
    container.addEventListener("mouseleave", () => {
      at = null;
      tell();
    });
    ground.on("change", () => {
      Object.keys(pixels).forEach((url) => delete pixels[url]);
      tell();
    });
    planner.inEveryLanguage(tell);
  };

  // Whether a point is in one of the polygons and in none of its holes.
  function within(polygons, at) {
    return polygons.some((rings) => rings.reduce((odd, ring) => odd !== crosses(ring, at), false));
  }

  function crosses(ring, at) {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i], ring[j]];
      if (a[0] > at.lat !== b[0] > at.lat && at.lng < ((b[1] - a[1]) * (at.lat - a[0])) / (b[0] - a[0]) + a[1]) {
        odd = !odd;
      }
    }
    return odd;
  }
})();
