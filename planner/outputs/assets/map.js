// Draws the plan on the map that folium made: layers, popups, names; and hands them to the other scripts.
(function () {
  "use strict";

  const POINTS_ON_TOP = ["villages", "facilities", "chws", "proposed"];

  planner.start = function (map, control, pictures, groups) {
    const plan = JSON.parse(document.getElementById("plan-data").textContent);
    planner.words(plan);
    pictures.forEach((picture) => picture.remove());
    map.setMaxZoom(17);
    map.createPane("ground").style.zIndex = 300;
    map.createPane("labels").style.zIndex = 450;
    map.getPane("ground").style.pointerEvents = "none";
    map.getPane("labels").style.pointerEvents = "none";
    map.getContainer().tabIndex = 0;

    const drawn = drawAll(map, plan, groups);
    const context = {
      map: map,
      plan: plan,
      control: control,
      groups: groups,
      drawn: drawn,
      ground: new planner.Ground(map, plan, pictures),
      labels: new planner.Labels(names(drawn), pins(drawn)).addTo(map),
      show: (item) => show(map, item),
      tool: tools(map),
    };
    planner.search(byId("search"), byId("found"), entries(context));
    planner.tabs();
    planner.tables(context);
    planner.key(context);
    planner.swipe(context);
    planner.readout(context);
    home(context);
    planner.measure(context);
    planner.print(context);
    context.ground.choose({});
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomright" }).addTo(map);
    fit(map, plan.view);
    planner.parts.forEach((part) => part(context));
    forScreenReaders(map);
  };

  // Leaflet's own words, and a popup that opens is read out.
  function forScreenReaders(map) {
    const live = planner.make("p", "", "unseen", { "aria-live": "polite" });
    document.body.append(live);
    function name(element, words) {
      element.title = words;
      element.setAttribute("aria-label", words);
    }
    planner.inEveryLanguage(() => {
      map.getContainer().setAttribute("aria-label", planner.say("Map"));
      name(map.getContainer().querySelector(".leaflet-control-zoom-in"), planner.say("Zoom in"));
      name(map.getContainer().querySelector(".leaflet-control-zoom-out"), planner.say("Zoom out"));
    });
    map.on("popupopen", ({ popup }) => {
      const box = popup.getElement();
      const close = box.querySelector(".leaflet-popup-close-button");
      if (close) {
        name(close, planner.say("Close"));
      }
      live.textContent = Array.from(box.querySelectorAll("h3, .kind, tr"), (part) => part.textContent).join(". ");
    });
  }

  function byId(id) {
    return document.getElementById(id);
  }

  function drawAll(map, plan, groups) {
    const drawn = [];
    const ground = L.canvas({ pane: "ground" });
    const named = plan.layers.flatMap((layer) => layer.features).filter((feature) => feature.T);
    planner.inEveryLanguage(() => named.forEach((feature) => (feature.t = planner.tell(feature.T))));
    for (const layer of plan.layers) {
      const flat = layer.key === "water" || layer.key === "roads";
      for (const feature of layer.features) {
        const shapes = draw(feature, plan.styles, flat ? ground : undefined);
        shapes.forEach((shape) => shape.addTo(groups[layer.key]));
        if (feature.t !== undefined) {
          const shape = shapes[shapes.length - 1];
          shape.bindPopup((at) => {
            at.getPopup().options.maxHeight = Math.max(140, 0.65 * map.getSize().y);
            return popup(feature, layer, plan.kinds);
          }, popupOptions(layer.key));
          if (POINTS_ON_TOP.includes(layer.key)) {
            shape.bindTooltip(() => planner.make("span", feature.t), { direction: "top", offset: [0, -6] });
          }
          drawn.push({ feature: feature, layer: layer, shape: shape, group: groups[layer.key] });
        }
      }
    }
    planner.inEveryLanguage(() => drawn.forEach(({ shape }) => shape.isPopupOpen() && shape.getPopup().update()));
    return drawn;
  }

  // A bar of buttons above the zoom's: called with the lines of a drawing, words and what to do.
  function tools(map) {
    const bar = planner.make("div", "", "leaflet-bar tools");
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => bar;
    control.addTo(map);
    L.DomEvent.disableClickPropagation(bar);
    return function (lines, words, press) {
      const button = planner.button("", press);
      button.append(planner.drawing(lines));
      bar.append(button);
      planner.inEveryLanguage(() => {
        button.title = words();
        button.setAttribute("aria-label", words());
      });
      return button;
    };
  }

  function home({ map, plan, tool }) {
    tool(["M4 11L12 4l8 7", "M6 10v10h12V10"], () => planner.say("Show the whole plan"), () => map.fitBounds(plan.view, room(map)));
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

  // The polygons of a feature, each as its rings of [latitude, longitude].
  planner.rings = (feature) => feature.a.map((rings) => rings.map(path));

  function draw(feature, styles, renderer) {
    const style = styles[feature.s];
    if (feature.p) {
      const at = [feature.p[0] / 1e5, feature.p[1] / 1e5];
      const before = { "chw-new": null, "served-new": styles.waiting }[feature.s]; // before there is the plan
      return [planner.symbol(at, { style: style, before: before, radius: feature.r || style.r, text: feature.n, stroke: true })];
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
      return [L.polygon(planner.rings(feature), options)];
    }
    const lines = feature.l.map(path);
    const casing = style.casing
      ? [L.polyline(lines, Object.assign({}, options, { color: style.casing, weight: style.width + 2 }))]
      : [];
    return [...casing, L.polyline(lines, options)];
  }

  // A popup stays clear of the layer control, and leaves something of a small map to be seen.
  function popupOptions(key) {
    const narrow = planner.narrow();
    return {
      minWidth: 200,
      maxWidth: planner.phone() ? 250 : 320,
      offset: [0, key === "proposed" ? -16 : 2],
      autoPanPaddingTopLeft: [12, 12],
      autoPanPaddingBottomRight: [narrow ? 60 : 290, 12],
    };
  }

  function popup(feature, layer, kinds) {
    const box = document.createElement("div");
    const kind = feature.k ? planner.tell(feature.k) : planner.say(kinds[feature.s]);
    box.append(planner.make("h3", feature.t), planner.make("p", kind, "kind"));
    const table = document.createElement("table");
    layer.labels.forEach((label, i) => {
      if (feature.v[i] !== "") {
        const row = table.insertRow();
        row.append(planner.make("th", planner.say(label), "", { scope: "row" }));
        const [said, way] = planner.form(layer.forms[i], feature.v[i]).split("\n"); // a second line is the way in words
        row.append(planner.make("td", said));
        if (way) {
          const below = planner.make("td", way, "way");
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
        return Object.assign({ at: middle, feature: item.feature, layer: item.shape }, rules[item.layer.key]);
      })
      .sort((a, b) => a.rank - b.rank);
  }

  function pins(drawn) {
    return drawn.filter((item) => item.layer.key === "proposed").map((item) => item.shape);
  }

  function entries({ drawn, plan, show }) {
    const order = ["villages", "facilities", "proposed", "chws", "areas"];
    return drawn
      .filter((item) => order.includes(item.layer.key))
      .sort((a, b) => order.indexOf(a.layer.key) - order.indexOf(b.layer.key))
      .map((item) => ({
        get title() {
          return item.feature.t;
        },
        get kind() {
          return item.feature.k ? planner.tell(item.feature.k) : kindOf(item, plan);
        },
        show: () => show(item),
      }));
  }

  function kindOf(item, plan) {
    const area = item.layer.key === "villages" ? planner.tell(item.feature.v[8]) : "";
    return area ? planner.say("Village, {area}", { area: area }) : planner.say(plan.kinds[item.feature.s]);
  }

  function show(map, item) {
    planner.closeTab();
    const moving = { animate: !planner.still(), duration: 0.8 };
    item.group.addTo(map);
    map.once("moveend", () => item.shape.openPopup());
    if (item.shape.getLatLng) {
      map.flyTo(item.shape.getLatLng(), Math.max(map.getZoom(), 13), moving);
    } else {
      map.flyToBounds(item.shape.getBounds(), Object.assign(moving, room(map)));
    }
  }

  // What the legend leaves of the map.
  function room(map) {
    const key = map.getContainer().querySelector(".leaflet-control-layers");
    return { paddingTopLeft: [16, 16], paddingBottomRight: [16 + (planner.narrow() ? 0 : key.offsetWidth), 16] };
  }

  function fit(map, view) {
    map.fitBounds(view, Object.assign({ animate: false }, room(map)));
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(L.latLngBounds(view).pad(0.6));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  }
})();
