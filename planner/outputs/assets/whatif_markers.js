// The CHWs of what-if on the map: dragged with mouse or finger, moved with the arrow keys, chosen by a click.
(function () {
  "use strict";

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  // `act` is told what people do: choose(key), grab(key), drag(at), drop(at), step(key, rows, cols), remove(key);
  // title(name) gives a name in the reader's language.
  planner.ChwMarkers = class {
    constructor(map, frame, styles, act) {
      Object.assign(this, { map: map, frame: frame, styles: styles, act: act });
      this._markers = new Map();
      this._posts = new Map(); // as they are shown
      planner.inEveryLanguage(() => this._posts.forEach((post, key) => this._name(this._markers.get(key), post)));
    }

    // A marker for each post; the one that is dragged stays under the hand.
    show(posts, chosen, dragged) {
      const lives = new Set(posts.map((post) => post.key));
      Array.from(this._markers.keys()).filter((key) => !lives.has(key)).forEach((key) => this._remove(key));
      for (const post of posts) {
        if (!this._markers.has(post.key)) {
          this._markers.set(post.key, this._marker(post));
        }
        const marker = this._markers.get(post.key);
        if (this._posts.get(post.key) !== post) {
          this._posts.set(post.key, post);
          this._name(marker, post);
        }
        if (post.key !== dragged) {
          marker.setLatLng(this._place(post));
        }
        marker.getElement().classList.toggle("chosen", post.key === chosen);
      }
    }

    clear() {
      Array.from(this._markers.keys()).forEach((key) => this._remove(key));
    }

    at(key) {
      return this._markers.get(key).getLatLng();
    }

    _remove(key) {
      this._markers.get(key).remove();
      this._markers.delete(key);
      this._posts.delete(key);
    }

    _place(post) {
      return post.cell < 0 ? post.at : this.frame.centre(post.cell);
    }

    _name(marker, post) {
      const told = { name: this.act.title(post.name), id: post.id };
      const words = planner.say("CHW, {name} ({id}): drag, or move with the arrow keys", told);
      marker.getElement().setAttribute("aria-label", words);
    }

    _marker(post) {
      const marker = L.marker(this._place(post), { icon: this._icon(post), draggable: true, autoPan: true, riseOnHover: true });
      const name = () => planner.make("span", this.act.title(this._posts.get(post.key).name));
      marker.bindTooltip(name, { direction: "top", offset: [0, post.new ? -24 : -8] });
      marker.on("click", () => this.act.choose(post.key));
      marker.on("dragstart", () => {
        marker.closeTooltip();
        this.act.grab(post.key);
      });
      marker.on("drag", () => this._dragged(marker));
      marker.on("dragend", () => {
        this._held = null;
        this.act.drop(marker.getLatLng());
      });
      marker.addTo(this.map);
      marker.getElement().addEventListener("keydown", (event) => this._key(event, post.key));
      return marker;
    }

    _icon(post) {
      const rank = post.new && !post.added ? String(post.rank) : "";
      const picture = planner.icon(this.styles[post.new ? "chw-new" : "chw"], undefined, rank);
      const [width, height] = [parseFloat(picture.style.width), parseFloat(picture.style.height)];
      const anchor = [width / 2, post.new ? height - 3 : height / 2];
      return L.divIcon({ html: picture, className: "whatif-chw", iconSize: [width, height], iconAnchor: anchor });
    }

    // Once a frame at most: the browser may tell of more moves than it can draw.
    _dragged(marker) {
      const waits = this._held;
      this._held = marker;
      if (!waits) {
        requestAnimationFrame(() => {
          const held = this._held;
          this._held = null;
          if (held) {
            this.act.drag(held.getLatLng());
          }
        });
      }
    }

    _key(event, key) {
      if (event.key === "Delete") {
        this.act.remove(key);
      } else if (event.key in ARROWS) {
        event.preventDefault();
        event.stopPropagation(); // the map would pan
        this.act.step(key, ...ARROWS[event.key]);
      }
    }
  };
})();
