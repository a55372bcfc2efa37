// Small helpers to build the page's own controls.
(function () {
  "use strict";

  // An element with properties and children; `dataset` and `aria-…` as attributes.
  planner.element = function (tag, given, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given || {})) {
      if (name.includes("-") || name === "role" || name === "for" || name === "scope") {
        made.setAttribute(name, value);
      } else {
        made[name] = value;
      }
    }
    made.append(...children);
    return made;
  };

  // A text that is said anew whenever the language changes; `value` may name an attribute instead of the content.
  planner.saying = function (element, tell, attribute) {
    planner.inEveryLanguage(() => {
      if (attribute) {
        element.setAttribute(attribute, tell());
      } else {
        element.textContent = tell();
      }
    });
    return element;
  };

  // A colour and what it stands for.
  planner.swatch = function (colour, words) {
    const box = planner.element("i");
    box.style.backgroundColor = colour;
    return planner.element("li", {}, box, planner.saying(planner.element("span"), words));
  };
})();
