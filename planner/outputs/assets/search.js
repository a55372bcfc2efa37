// Search over everything with a name: accents, apostrophes, hyphens and case do not matter.
(function () {
  "use strict";

  const MOST = 8;

  // Letters that are written apart and read alike, beside those that differ by a mark: Latin, Arabic, Ethiopic.
  const ALIKE = Object.fromEntries(
    ["oœø", "aæ", "dđð", "lł", "iı", "hħ", "nŋ", "bɓ", "dɗ", "kƙ", "sß", "يىی", "كک", "هةہ", "ሀሐኀኸ", "ሁሑኁ", "ሂሒኂ", "ሃሓኃ", "ሄሔኄ", "ህሕኅ", "ሆሖኆ", "ሰሠ", "ሱሡ", "ሲሢ", "ሳሣ", "ሴሤ", "ስሥ", "ሶሦ", "አዐኣዓ", "ኡዑ", "ኢዒ", "ኤዔ", "እዕ", "ኦዖ", "ጸፀ", "ጹፁ", "ጺፂ", "ጻፃ", "ጼፄ", "ጽፅ", "ጾፆ"].flatMap(
      (letters) => Array.from(letters.slice(1), (letter) => [letter, letters[0]])
    )
  );
  const APART = /[\s\-‐–_.,;:/()[\]]+/gu;
  const NOTHING = /[\p{M}\u0640'’‘ʼʻ`´"]/gu; // marks, the Arabic line that only stretches, apostrophes

  function plain(text) {
    const bare = text.normalize("NFKD").replace(NOTHING, "").toLowerCase().replace(APART, " ").trim();
    return Array.from(bare, (letter) => (Object.hasOwn(ALIKE, letter) ? ALIKE[letter] : letter)).join("");
  }

  // entries: {title, kind, show()}. The lower the rank, the better the match.
  planner.search = function (input, list, entries) {
    let words = [];
    let language = "";
    let found = [];
    let active = -1;

    function rank(word, asked) {
      const at = word.indexOf(asked);
      if (at <= 0) {
        return at === 0 ? (word.length === asked.length ? 0 : 1) : Infinity;
      }
      return word[at - 1] === " " ? 2 : 3;
    }

    function find() {
      const asked = plain(input.value);
      found = [];
      if (language !== planner.language()) {
        language = planner.language();
        words = entries.map((entry) => plain(entry.title));
      }
      if (asked) {
        const ranked = words.map((word, i) => [rank(word, asked), i]).filter((pair) => pair[0] < Infinity);
        ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        found = ranked.slice(0, MOST).map((pair) => entries[pair[1]]);
      }
      active = found.length ? 0 : -1;
      render(asked);
    }

    function render(asked) {
      list.replaceChildren();
      found.forEach((entry, i) => {
        const option = row("li", entry.title, entry.kind);
        option.id = list.id + "-" + i;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", String(i === active));
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(entry);
        });
        list.append(option);
      });
      if (asked && !found.length) {
        list.append(row("li", planner.say("Nothing of that name"), ""));
      }
      list.hidden = !asked;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.setAttribute("aria-activedescendant", active < 0 ? "" : list.id + "-" + active);
    }

    function row(tag, title, kind) {
      const item = document.createElement(tag);
      const strong = document.createElement("strong");
      const small = document.createElement("small");
      strong.textContent = title;
      small.textContent = kind;
      item.append(strong, " ", small);
      return item;
    }

    function choose(entry) {
      input.value = entry.title;
      close();
      input.blur();
      entry.show();
    }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
    }

    input.addEventListener("input", find);
    input.addEventListener("focus", find);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        input.value = "";
        close();
      } else if (event.key === "Enter" && found[active]) {
        choose(found[active]);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        render(plain(input.value));
      }
    });
  };
})();
