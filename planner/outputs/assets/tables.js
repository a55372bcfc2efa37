// The panel's tabs: the table of areas, and the list of hard-to-reach villages; each row flies to its place.
(function () {
  "use strict";

  const MOST = 100; // villages that are listed at once
  const HARD = ["waiting", "served-new", "served"]; // styles of hard-to-reach villages

  // On a phone the tabs begin closed, and one that is pressed again closes: the map needs the room.
  planner.tabs = function () {
    const tabs = Array.from(document.querySelectorAll("#tabs [role=tab]"));
    function open(chosen) {
      for (const tab of tabs) {
        tab.setAttribute("aria-selected", String(tab === chosen));
        tab.tabIndex = tab === (chosen || tabs[0]) ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
      }
    }
    tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => open(planner.phone() && tab.ariaSelected === "true" ? null : tab));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: tabs.length - 1 }[event.key];
        if (step) {
          const next = tabs[(i + step) % tabs.length];
          next.focus();
          open(next);
        }
      });
    });
    open(planner.phone() ? null : tabs[0]);
    planner.closeTab = () => planner.phone() && open(null);
  };

  planner.tables = function (context) {
    const items = (key) => context.drawn.filter((item) => item.layer.key === key);
    byArea(document.getElementById("area-table"), items("areas"), context);
    hardVillages(document.getElementById("hard-list"), items("villages").filter((item) => HARD.includes(item.feature.s)), context);
  };

  // A column of the table: what heads it, the position of the value in a popup, its form, and the care that it is of.
  const COLUMNS = [
    { title: () => planner.say("Area") },
    { title: () => planner.say("Under-5s"), at: 1, form: "people" },
    { title: () => planner.say("Hard to reach"), at: 5, form: "people" },
    { title: () => planner.say("Facility"), care: "facility", at: 2, form: "share" },
    { title: () => planner.say("Today"), care: "today", at: 3, form: "share" },
    { title: () => planner.say("With the plan"), care: "plan", at: 4, form: "share" },
  ];

  function byArea(box, areas, { plan, ground, show }) {
    const columns = COLUMNS.filter((column) => !column.care || ground.choices.care.includes(column.care));
    const order = { column: 0, down: false };
    const value = (item, column) => (column.form ? item.feature.v[column.at] : item.feature.t);

    // Unknown values come last, whichever way the others are sorted.
    function sorted() {
      const column = columns[order.column];
      const sign = order.down ? -1 : 1;
      const compare = (a, b) =>
        column.form ? a - b : a.localeCompare(b, planner.language(), { sensitivity: "base", numeric: true });
      return areas.slice().sort((one, other) => {
        const [a, b] = [value(one, column), value(other, column)];
        return a === null || b === null ? (a === null) - (b === null) : sign * compare(a, b);
      });
    }

    function fill() {
      if (!areas.length) {
        box.replaceChildren(planner.make("p", planner.say("The plan has no areas."), "note"));
        return;
      }
      const held = box.contains(document.activeElement) ? document.activeElement.dataset.column : undefined;
      const table = planner.make("table", "", "by-area");
      table.append(planner.make("caption", planner.say(plan.legend.find((section) => section.of === "area").title)));
      const head = table.createTHead().insertRow();
      columns.forEach((column, i) => {
        const sort = planner.button(column.title(), () => turn(i), "", { "data-column": i });
        const state = order.column !== i ? "none" : order.down ? "descending" : "ascending";
        const cell = planner.make("th", "", "", { scope: "col", "aria-sort": state });
        cell.append(sort);
        head.append(cell);
      });
      const body = table.createTBody();
      for (const item of sorted()) {
        const row = body.insertRow();
        const name = planner.make("th", "", "", { scope: "row" });
        name.append(planner.button(item.feature.t, () => show(item), "go"));
        row.append(name);
        for (const column of columns.slice(1)) {
          row.append(planner.make("td", planner.form(column.form, value(item, column))));
        }
      }
      box.replaceChildren(table);
      if (held !== undefined) {
        box.querySelector(`[data-column="${held}"]`).focus();
      }
    }

    // Numbers begin with the largest, names with the first letter.
    function turn(column) {
      order.down = order.column === column ? !order.down : columns[column].form !== undefined;
      order.column = column;
      fill();
    }
    planner.inEveryLanguage(fill);
  }

  function hardVillages(box, villages, { plan, show }) {
    const inOrder = villages.slice().sort((a, b) => b.feature.v[1] - a.feature.v[1]);
    const area = (item) => planner.tell(item.feature.v[8]);
    const wanted = { area: "", style: "" };
    let listed = MOST;

    function choice(name, label, options) {
      const select = planner.make("select", "", "", { "aria-label": label });
      for (const [value, text] of options) {
        const option = planner.make("option", text);
        option.value = value;
        option.selected = value === wanted[name];
        select.append(option);
      }
      select.addEventListener("change", () => {
        wanted[name] = select.value;
        listed = MOST;
        list();
      });
      return select;
    }

    const filters = planner.make("div", "", "filters");
    const told = planner.make("p", "", "note", { "aria-live": "polite" });
    const rows = planner.make("ol", "", "villages");
    const more = planner.button("", () => {
      listed += 10 * MOST;
      list();
    });
    box.append(filters, told, rows, more);

    function fill() {
      const areas = Array.from(new Set(villages.map(area))).sort((a, b) => a.localeCompare(b, planner.language()));
      const styles = HARD.filter((style) => villages.some((item) => item.feature.s === style));
      const all = [["", planner.say("All areas")], ...areas.map((name) => [name, name])];
      const any = [["", planner.say("With and without a CHW")], ...styles.map((style) => [style, planner.say(plan.kinds[style])])];
      wanted.area = areas.includes(wanted.area) ? wanted.area : "";
      filters.replaceChildren(choice("area", planner.say("Area"), all), choice("style", planner.say("Served by CHW"), any));
      list();
    }

    function list() {
      const found = inOrder.filter(
        (item) => (!wanted.area || area(item) === wanted.area) && (!wanted.style || item.feature.s === wanted.style)
      );
      const children = found.reduce((sum, item) => sum + (item.feature.v[1] || 0), 0);
      const said = { villages: found.length, children: Math.round(children) };
      told.textContent =
        found.length === 1
          ? planner.say("1 hard-to-reach village, {children} under-fives", said)
          : planner.say("{villages} hard-to-reach villages, {children} under-fives, most first", said);
      rows.replaceChildren(...found.slice(0, listed).map(row));
      more.hidden = found.length <= listed;
      more.textContent = planner.say("Show more");
    }

    function row(item) {
      const [, children, , minutes] = item.feature.v;
      const line = document.createElement("li");
      const button = planner.button("", () => show(item), "go");
      const far = planner.form("people", children) + " · " + planner.form("minutes", minutes);
      const icon = planner.icon(plan.styles[item.feature.s]);
      icon.setAttribute("role", "img");
      icon.setAttribute("aria-label", planner.say(plan.kinds[item.feature.s]));
      button.append(icon, planner.make("span", item.feature.t, "name"), planner.make("span", far, "far"));
      line.append(button);
      return line;
    }
    planner.inEveryLanguage(fill);
  }
})();
