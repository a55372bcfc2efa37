// The tab of the map that answers "who is within reach" and "what if": it reads what the page carries for that.
(function () {
  "use strict";

  const { element, saying } = planner;

  // The threshold, and what-if where the page carries what it needs.
  planner.parts.push(function ({ map, plan, groups }) {
    const room = document.getElementById("cells");
    const head = JSON.parse(document.getElementById("plan-cells").textContent || "{}");
    if (!head.names) {
      return;
    }
    const grids = new planner.Grids(head, () => JSON.parse(document.getElementById("plan-grids").textContent));
    const frame = new planner.Frame(head);
    // One at a time is open: each draws its own picture.
    room.addEventListener("toggle", ({ target }) => {
      if (target.open && target.parentElement === room) {
        Array.from(room.children).filter((each) => each !== target && each.open).forEach((each) => (each.open = false));
      }
    }, true);
    let panel = null;
    const refresh = planner.threshold(room, map, grids, frame, () => panel && panel.model);
    if (!grids.has("pace")) {
      room.append(saying(element("p", { className: "note" }), () => WITHOUT[head.without]()));
      return;
    }
    const listed = plan.layers.find((layer) => layer.key === "villages");
    const villages = (listed ? listed.features : []).map((each) => ({
      name: english(each), // as lists have it; on the map it is told in the reader's language
      at: [each.p[0] / 1e5, each.p[1] / 1e5],
      get title() {
        return each.t;
      },
    }));
    const { chws, proposed, catchments } = groups;
    const instead = [chws, proposed, catchments].filter(Boolean);
    panel = new planner.WhatIfPanel(room, {
      map: map, grids: grids, frame: frame, villages: villages, styles: plan.styles, groups: instead, changed: refresh,
    });
  });

  function english({ t, T }) {
    return T ? T[0].replace(/\{(\w+)\}/g, (all, key) => T[1][key]) : t;
  }

  const WITHOUT = {
    driven: () => planner.say("What if CHWs lived elsewhere? That cannot be tried here where vehicles are driven over cells."),
    room: () => planner.say("What if CHWs lived elsewhere? The map would be too large with what that needs."),
  };
})();
