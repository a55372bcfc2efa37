// Words and numbers in the reader's language: the same forms as planner/outputs/language.py and palette.py.
(function () {
  "use strict";

  const told = { language: "en", words: {}, marks: {} };
  const listeners = [];

  // The text in the language, with its {values}: numbers in their form, phrases said in turn.
  planner.say = function (text, values) {
    const words = told.words[told.language];
    const said = words && Object.hasOwn(words, text) ? words[text] : text;
    return values ? said.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? value(values[name]) : all)) : said;
  };

  // A phrase is a text with its values; anything else is a name, which has no translation.
  planner.tell = function (phrase) {
    return Array.isArray(phrase) ? planner.say(phrase[0], phrase[1]) : String(phrase);
  };

  function value(given) {
    return typeof given === "number" ? planner.number(given, decimals(given)) : planner.tell(given);
  }

  function decimals(amount) {
    return (String(amount).split(".")[1] || "").length;
  }

  planner.number = function (amount, digits) {
    const [thousands, decimal] = told.marks[told.language];
    const [whole, part] = Math.abs(amount).toFixed(digits || 0).split(".");
    const sign = amount < 0 && Number(amount.toFixed(digits || 0)) !== 0 ? "-" : "";
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (part ? decimal + part : "");
  };

  // What is known only as null is unknown; -1 minutes or km are no way.
  const forms = {
    text: (given) => planner.tell(given),
    people: (count) => (count > 0 && count < 0.5 ? planner.say("under 1") : planner.number(even(count))),
    share: (share) => {
      if (share > 0 && share < 0.005) {
        return planner.say("under 1 %");
      }
      return share >= 0.995 && share < 1 ? planner.say("over 99 %") : planner.number(even(100 * share)) + " %";
    },
    minutes: (minutes) => {
      const whole = even(minutes);
      return whole < 120 ? whole + " min" : Math.floor(whole / 60) + " h " + String(whole % 60).padStart(2, "0") + " min";
    },
    km: (km) => planner.number(km, 1) + " km",
    steps: (steps) => steps.map(planner.tell).join("; "),
    // A facility, how far it is, and on a line of its own the way there.
    way: ([facility, minutes, km, steps]) =>
      [facility + ", " + planner.form("minutes", minutes) + ", " + planner.form("km", km), forms.steps(steps)].join("\n").trim(),
  };

  // Halves to the even number, as Python rounds.
  function even(amount) {
    const low = Math.floor(amount);
    return amount - low === 0.5 ? low + (low % 2) : Math.round(amount);
  }

  planner.form = function (how, given) {
    if (given === null) {
      return how === "share" ? "–" : planner.say("unknown");
    }
    return (how === "minutes" || how === "km" || how === "way") && given === -1 ? planner.say("no way") : forms[how](given);
  };

  planner.language = () => told.language;

  // Do it now, and again whenever the language changes.
  planner.inEveryLanguage = function (render) {
    listeners.push(render);
    render();
  };

  planner.speak = function (language) {
    told.language = language;
    document.documentElement.lang = language;
    listeners.forEach((render) => render());
  };

  // Texts of the page as it was written are English.
  function page() {
    for (const element of document.querySelectorAll("[data-say]")) {
      element.dataset.say = element.dataset.say || element.textContent;
      element.textContent = planner.say(element.dataset.say).replace(/ %/g, "\u00a0%"); // no line begins with a "%"
    }
    for (const element of document.querySelectorAll("[data-say-label]")) {
      for (const name of ["aria-label", "placeholder", "title"]) {
        if (element.hasAttribute(name)) {
          const kept = "english-" + name;
          element.setAttribute("data-" + kept, element.getAttribute("data-" + kept) || element.getAttribute(name));
          element.setAttribute(name, planner.say(element.getAttribute("data-" + kept)));
        }
      }
    }
  }

  // The language of the address (#lang=fr), else the plan's; a button for each.
  planner.words = function (plan) {
    told.words = plan.words;
    told.marks = plan.marks;
    const asked = () => (/(?:^#|&)lang=(\w+)/.exec(window.location.hash) || [])[1];
    const known = (language) => Object.hasOwn(plan.marks, language);
    told.language = [asked(), plan.language].find(known);
    document.documentElement.lang = told.language;
    window.addEventListener("hashchange", () => known(asked()) && planner.speak(asked()));
    const buttons = Array.from(document.querySelectorAll("#languages button"));
    buttons.forEach((button) => button.addEventListener("click", () => planner.speak(button.lang)));
    planner.inEveryLanguage(page);
    planner.inEveryLanguage(() =>
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.lang === told.language)))
    );
  };
})();
