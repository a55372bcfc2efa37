// Layers in groups, each with its legend: folium's layer control, with what the ground shows above it.
(function () {
  "use strict";

  planner.key = function ({ map, plan, control, groups, labels, ground }) {
    const layers = {};
    for (const layer of plan.layers) {
      layers[L.stamp(groups[layer.key])] = layer;
    }
    layers[L.stamp(labels)] = { key: "names", name: "Names", heading: "Base map" };

    control.remove();
    control.options.collapsed = planner.narrow();
    control.addOverlay(labels, planner.say("Names"));
    const update = control._update;
    control._update = function () {
      for (const each of this._layers) {
        each.name = planner.say(layers[L.stamp(each.layer)].name);
      }
      update.call(this);
      let last = "";
      for (const input of this._layerControlInputs) {
        const layer = layers[input.layerId];
        const label = input.closest("label");
        if (layer.heading !== last) {
          label.before(planner.make("h3", planner.say(layer.heading)));
          last = layer.heading;
        }
        explain(label, layer);
      }
      hide();
      return this;
    };

    // One symbol stands beside the name of its layer, several below it.
    function explain(label, layer) {
      const section = plan.legend.find((each) => each.of === layer.key);
      if (!section) {
        return;
      }
      if (section.entries.length === 1) {
        label.querySelector("span").append(planner.icon(plan.styles[section.entries[0].style]));
      } else {
        label.after(planner.legend(section.entries, plan.styles));
      }
    }

    // The legend of a layer that is not shown is not needed.
    function hide() {
      for (const input of control._layerControlInputs) {
        const list = input.closest("label").nextElementSibling;
        if (list && list.localName === "ul") {
          list.hidden = !input.checked;
        }
      }
    }

    control.addTo(map);
    const legend = planner.make("div", "", "ground-legend");
    control._section.prepend(planner.groundButtons(ground), legend);
    control._section.tabIndex = 0;
    map.on("overlayadd overlayremove", hide);

    function ofGround() {
      const section = plan.legend.find((each) => each.of === ground.state.what);
      const title = planner.make("h3", planner.say(section.title));
      legend.replaceChildren(title, planner.legend(section.entries, plan.styles));
    }
    // Where the legend is folded away: the colours and their limits.
    const strip = planner.make("div", "", "strip");
    const small = L.control({ position: "bottomright" });
    small.onAdd = () => strip;
    small.addTo(map);
    function inShort() {
      const { entries } = plan.legend.find((each) => each.of === ground.state.what);
      const list = document.createElement("ul");
      for (const entry of entries) {
        const item = document.createElement("li");
        const colour = document.createElement("i");
        colour.style.backgroundColor = entry.colour;
        item.append(colour, entry.short);
        list.append(item);
      }
      strip.replaceChildren(list, ground.state.what === "time" ? planner.say("minutes to care") : planner.say("% of under-fives in reach"));
    }
    ground.on("change", inShort);
    planner.inEveryLanguage(inShort);

    ground.on("change", ofGround);
    planner.inEveryLanguage(() => {
      ofGround();
      control._update();
      control._section.setAttribute("aria-label", planner.say("Layers and legend"));
      control._layersLink.title = planner.say("Layers and legend");
    });
    // The scale stands below, and the colours where there is little room.
    const room = () => (control._section.style.maxHeight = map.getSize().y - (planner.narrow() ? 100 : 62) + "px");
    map.on("resize", room);
    room();
  };
})();
