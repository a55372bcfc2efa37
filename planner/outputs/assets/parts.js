// Small pieces of the page that several scripts make.
(function () {
  "use strict";

  planner.phone = () => window.matchMedia("(max-width: 760px)").matches;
  planner.narrow = () => window.matchMedia("(max-width: 1100px)").matches; // the legend is folded away
  planner.still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // An element with a text, a class and attributes: never HTML.
  planner.make = function (tag, text, className, attributes) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) {
      element.className = className;
    }
    for (const [name, value] of Object.entries(attributes || {})) {
      element.setAttribute(name, value);
    }
    return element;
  };

  planner.button = function (text, press, className, attributes) {
    const button = planner.make("button", text, className, Object.assign({ type: "button" }, attributes));
    button.addEventListener("click", press);
    return button;
  };

  // A picture of lines on a button: paths of a 24 x 24 square.
  planner.drawing = function (paths) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const path of paths) {
      const line = document.createElementNS(space, "path");
      line.setAttribute("d", path);
      svg.append(line);
    }
    return svg;
  };

  // Entries of the legend as a list.
  planner.legend = function (entries, styles) {
    const list = document.createElement("ul");
    for (const entry of entries) {
      const item = document.createElement("li");
      if (entry.colour) {
        const swatch = document.createElement("i");
        swatch.style.backgroundColor = entry.colour;
        item.append(swatch);
      } else {
        item.append(planner.icon(styles[entry.style], entry.r));
      }
      item.append(planner.make("span", planner.say(entry.label)));
      list.append(item);
    }
    return list;
  };
})();
