// Draws the plan on the map that folium made: layers, popups, names, legend, search.
(function () {
  "use strict";

  const PHONE = "(max-width: 760px)";
  const POINTS_ON_TOP = ["villages", "facilities", "chws", "proposed"];

  planner.start = function (map, control, surfaces, groups) {
    const plan = JSON.parse(document.getElementById("plan-data").textContent);
    map.setMaxZoom(17);
    map.createPane("ground").style.zIndex = 300;
    map.createPane("labels").style.zIndex = 450;
    map.getPane("ground").style.pointerEvents = "none";
    map.getPane("labels").style.pointerEvents = "none";
    const ground = L.canvas({ pane: "ground" });

    const drawn = [];
    for (const layer of plan.layers) {
      const flat = layer.key === "water" || layer.key === "roads";
      for (const feature of layer.features) {
        const shapes = draw(feature, plan.styles[feature.s], flat ? ground : undefined);
        shapes.forEach((shape) => shape.addTo(groups[layer.key]));
        if (feature.t !== undefined) {
          const shape = shapes[shapes.length - 1];
          shape.bindPopup(() => popup(feature, layer, plan.kinds), popupOptions(map, layer.key));
          if (POINTS_ON_TOP.includes(layer.key)) {
            shape.bindTooltip(() => text("span", feature.t), { direction: "top", offset: [0, -6] });
          }
          drawn.push({ feature: feature, layer: layer, shape: shape, group: groups[layer.key] });
        }
      }
    }

    new planner.Labels(names(drawn), pins(drawn)).addTo(map);
    planner.search(byId("search"), byId("found"), entries(map, drawn, plan.kinds));
    legend(plan);
    chooseSurface(map, surfaces);
    groupControl(map, control, plan.headings);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomright" }).addTo(map);
    fit(map, plan.view);
  };

  function byId(id) {
    return document.getElementById(id);
  }

  function text(tag, words, className) {
    const element = document.createElement(tag);
    element.textContent = words;
    if (className) {
      element.className = className;
    }
    return element;
  }

  // Steps of 1e-5 degrees to latitudes and longitudes.
  function path(steps) {
    const points = [];
    let lat = 0;
    let lon = 0;
    for (let i = 0; i < steps.length; i += 2) {
      lat += steps[i];
      lon += steps[i + 1];
      points.push([lat / 1e5, lon / 1e5]);
    }
    return points;
  }

  function draw(feature, style, renderer) {
    if (feature.p) {
      const at = [feature.p[0] / 1e5, feature.p[1] / 1e5];
      return [planner.symbol(at, { style: style, radius: feature.r || style.r, text: feature.n, stroke: true })];
    }
    const options = {
      color: style.colour,
      weight: style.width,
      dashArray: style.dash ? style.dash.join(" ") : null,
      interactive: feature.t !== undefined,
      smoothFactor: 1,
      opacity: 1,
    };
    if (renderer) {
      options.renderer = renderer;
    }
    if (feature.a) {
      options.fill = !style.hollow;
      options.fillColor = style.fill;
      options.fillOpacity = feature.t === undefined ? 1 : 0.15;
      return [L.polygon(feature.a.map((rings) => rings.map(path)), options)];
    }
    const lines = feature.l.map(path);
    const casing = style.casing
      ? [L.polyline(lines, Object.assign({}, options, { color: style.casing, weight: style.width + 2 }))]
      : [];
    return [...casing, L.polyline(lines, options)];
  }

  // A popup stays clear of the layer control, and leaves something of a small map to be seen.
  function popupOptions(map, key) {
    const phone = window.matchMedia(PHONE).matches;
    return {
      minWidth: 200,
      maxWidth: phone ? 250 : 320,
      maxHeight: Math.max(180, 0.65 * map.getSize().y),
      offset: [0, key === "proposed" ? -16 : 2],
      autoPanPaddingTopLeft: [12, 12],
      autoPanPaddingBottomRight: [phone ? 60 : 230, 12],
    };
  }

  function popup(feature, layer, kinds) {
    const box = document.createElement("div");
    box.append(text("h3", feature.t), text("p", feature.k || kinds[feature.s], "kind"));
    const table = document.createElement("table");
    layer.labels.forEach((label, i) => {
      if (feature.v[i] !== "") {
        const row = table.insertRow();
        row.append(text("th", label));
        const [said, way] = feature.v[i].split("\n"); // a second line is the way in words
        row.append(text("td", said));
        if (way) {
          const below = text("td", way, "way");
          below.colSpan = 2;
          table.insertRow().append(below);
        }
      }
    });
    box.append(table);
    return box;
  }

  function names(drawn) {
    const rules = {
      areas: { rank: 0, minZoom: 0, className: "area-name", shifts: [-7, -24, 10, -41, 27, -58, 44, -75, 61] },
      facilities: { rank: 1, minZoom: 10, className: "place-name", shifts: [9] },
      proposed: { rank: 2, minZoom: 10.5, className: "place-name", shifts: [4] },
      chws: { rank: 3, minZoom: 12, className: "place-name", shifts: [8] },
      villages: { rank: 4, minZoom: 12, className: "place-name", shifts: [7] },
    };
    return drawn
      .filter((item) => rules[item.layer.key])
      .map((item) => {
        const middle = item.shape.getLatLng ? item.shape.getLatLng() : item.shape.getBounds().getCenter();
        return Object.assign({ at: middle, text: item.feature.t, layer: item.shape }, rules[item.layer.key]);
      })
      .sort((a, b) => a.rank - b.rank);
  }

  function pins(drawn) {
    return drawn.filter((item) => item.layer.key === "proposed").map((item) => item.shape);
  }

  function entries(map, drawn, kinds) {
    const order = ["villages", "facilities", "proposed", "chws", "areas"];
    return drawn
      .filter((item) => order.includes(item.layer.key))
      .sort((a, b) => order.indexOf(a.layer.key) - order.indexOf(b.layer.key))
      .map((item) => ({
        title: item.feature.t,
        kind: item.layer.key === "villages" ? "Village" : item.feature.k || kinds[item.feature.s],
        show: () => show(map, item),
      }));
  }

  function show(map, item) {
    const still = { animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 0.8 };
    item.group.addTo(map);
    map.once("moveend", () => item.shape.openPopup());
    if (item.shape.getLatLng) {
      map.flyTo(item.shape.getLatLng(), Math.max(map.getZoom(), 13), still);
    } else {
      map.flyToBounds(item.shape.getBounds(), still);
    }
  }

  function legend(plan) {
    const box = byId("legend");
    for (const section of plan.legend) {
      const part = document.createElement("section");
      part.append(text("h2", section.title));
      const list = document.createElement("ul");
      for (const entry of section.entries) {
        const item = document.createElement("li");
        if (entry.colour) {
          const swatch = document.createElement("i");
          swatch.style.backgroundColor = entry.colour;
          item.append(swatch);
        } else {
          item.append(planner.icon(plan.styles[entry.style], entry.r));
        }
        item.append(text("span", entry.label));
        list.append(item);
      }
      part.append(list);
      box.append(part);
    }
    byId("more").open = !window.matchMedia(PHONE).matches;
  }

  // The buttons above the legend and the layer control show the same choice.
  function chooseSurface(map, surfaces) {
    const buttons = Array.from(document.querySelectorAll("#surfaces button"));
    function mark() {
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(map.hasLayer(surfaces[i]))));
    }
    buttons.forEach((button, i) => {
      button.addEventListener("click", () => {
        surfaces.forEach((surface, j) => (j === i ? surface.addTo(map) : surface.remove()));
        mark();
      });
    });
    map.on("baselayerchange", mark);
    mark();
  }

  function groupControl(map, control, headings) {
    control.remove();
    control.options.collapsed = window.matchMedia(PHONE).matches;
    const update = control._update;
    control._update = function () {
      update.call(this);
      const labels = this._container.querySelectorAll("label");
      let last = "";
      labels.forEach((label) => {
        const heading = headings[label.textContent.trim()];
        if (heading && heading !== last) {
          label.before(text("h4", heading));
          last = heading;
        }
      });
      return this;
    };
    control.addTo(map);
  }

  function fit(map, view) {
    const control = window.matchMedia(PHONE).matches ? 0 : map.getContainer().querySelector(".leaflet-control-layers").offsetWidth;
    map.fitBounds(view, { paddingTopLeft: [16, 16], paddingBottomRight: [16 + control, 16], animate: false });
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(L.latLngBounds(view).pad(0.6));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  }
})();
